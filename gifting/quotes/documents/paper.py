"""A revision as the offer's PDF shows it: the same totals as the page, by construction."""

from dataclasses import fields
from datetime import date

from gifting.accounts.models import Company
from gifting.core.calendar import rome_date
from gifting.core.papers import (
    BoxDrawing,
    Contents,
    Delivery,
    OfferPaper,
    PaperHamper,
    Party,
    Seller,
)
from gifting.core.pricing import ComponentKind
from gifting.platform import settings
from gifting.quotes import queries
from gifting.quotes.documents.content import (
    Pictured,
    hours_of,
    name_of,
    pictured,
    priced_document,
)
from gifting.quotes.models import Quote, QuoteHamper, QuoteRevision


def offer_filename(quote: Quote, revision: QuoteRevision, *, locale: str) -> str:
    """Name the file as the buyer will find it in their downloads."""
    word = "Offer" if locale == "en" else "Offerta"
    return f"{word}-{quote.reference}-rev{revision.number}.pdf"


def offer_paper(quote: Quote, revision: QuoteRevision, *, locale: str, link: str) -> OfferPaper:
    """Write a revision out as an offer.

    The day of issue is the day on which sending was asked for, so that a job that runs
    again after a crash makes the same bytes.
    """
    asked_at = revision.send_requested_at
    if asked_at is None or revision.valid_until is None:
        raise ValueError(f"{quote.reference} rev. {revision.number} is not ready to be sent")
    issued_on = rome_date(asked_at)
    buyer = queries.get_reader(quote)
    company = queries.get_company(quote.company_id)
    owner = queries.get_correspondent(quote.owner_id) if quote.owner_id else None
    return OfferPaper(
        reference=quote.reference,
        revision=revision.number,
        title=quote.title,
        issued_on=issued_on,
        valid_until=revision.valid_until,
        seller=seller_of_documents(),
        buyer=party_of(company, email=buyer.email, phone=buyer.phone),
        contact_name=buyer.name,
        contents=paper_contents(revision, locale=locale, on=issued_on),
        delivery=Delivery(quote.delivery_mode),
        payment_terms_days=revision.payment_terms_days,
        hours_estimate=hours_of(revision),
        delivery_on=revision.delivery_on,
        delivery_note=quote.delivery_note,
        purchase_order_number=quote.purchase_order_number,
        message=revision.message,
        salesperson=owner.name if owner else "",
        link=link,
    )


def paper_contents(revision: QuoteRevision, *, locale: str, on: date) -> Contents:
    """Return the hampers, charges and VAT summary of a revision for a printed document."""
    document = priced_document(revision, locale=locale)
    pictures = pictured([revision], on=on)
    return Contents(
        hampers=tuple(
            PaperHamper.of(
                priced,
                box_name=_box_name(hamper, locale),
                makers={c.sku: c.maker for c in hamper.components},
                extra_kinds=pictures.extra_kinds,
                work_minutes=hamper.work_minutes,
                drawing=_drawing(hamper, pictures),
            )
            for hamper, priced in zip(revision.hampers, document.hampers, strict=True)
        ),
        charges=document.charges,
        totals=document.breakdown,
    )


def first_drawing(revision: QuoteRevision, *, on: date) -> BoxDrawing | None:
    """Return what the picture of a revision's first hamper is drawn from."""
    return _drawing(revision.hampers[0], pictured([revision], on=on))


def party_of(company: Company, *, email: str = "", phone: str = "") -> Party:
    """Name a company as documents do."""
    return Party(
        name=company.name,
        street=company.street,
        cap=company.cap,
        city=company.city,
        province=company.province,
        country=company.country,
        vat_number=company.vat_number or "",
        tax_code=company.tax_code,
        sdi_code=company.sdi_code,
        pec=company.pec,
        email=email,
        phone=phone,
    )


def seller_of_documents() -> Seller:
    """Name the consortium as documents do."""
    seller = settings.current().seller
    known = {field.name for field in fields(Seller)}
    return Seller(**{f.name: getattr(seller, f.name) for f in fields(seller) if f.name in known})


def _box_name(hamper: QuoteHamper, locale: str) -> str:
    for component in hamper.components:
        if component.kind is ComponentKind.BOX:
            return name_of(component, locale)
    return ""


def _drawing(hamper: QuoteHamper, pictures: Pictured) -> BoxDrawing | None:
    """Draw the hamper if the catalogue still knows its box; what it no longer knows is left out."""
    box = pictures.boxes.get(hamper.box_sku)
    if box is None:
        return None
    return BoxDrawing(
        box.shape,
        tuple(
            pictures.products[c.sku].shape(c.quantity)
            for c in hamper.components
            if c.sku in pictures.products
        ),
    )
