"""From an order's rows to what its page and its confirmation show."""

from collections import Counter
from dataclasses import fields

from gifting.catalogue.queries import ProductFacts
from gifting.core.calendar import rome_date
from gifting.core.papers import (
    HampersPaper,
    ImpactPaper,
    OrderConfirmationPaper,
    PaperAcceptance,
    WorkshopHours,
)
from gifting.core.work import share_hours
from gifting.orders import queries
from gifting.orders.queries import OrderHead, OrderPage
from gifting.quotes import queries as quotes
from gifting.quotes.documents import hours_of, offer_paper, priced_document
from gifting.quotes.documents.content import hamper_views, pictured
from gifting.quotes.documents.paper import seller_of_documents
from gifting.quotes.models import QuoteRevision


def get_page(reference: str, *, company_id: int | None, locale: str) -> OrderPage:
    """Return the page of an order.

    :raises NoResultFound: if there is none for this company
    """
    head = queries.get_head(reference, company_id=company_id)
    revision = quotes.get_revision(head.revision_id)
    document = priced_document(revision, locale=locale)
    pictures = pictured([revision], on=rome_date(head.placed_at))
    return OrderPage(
        head=head,
        document=document,
        hampers=hamper_views(revision, document, pictures, locale=locale),
        events=queries.list_events(head.subject),
        reservations=queries.list_reservations(head.id),
    )


def confirmation(head: OrderHead, *, locale: str, link: str) -> OrderConfirmationPaper:
    """Return the view-model of the order's confirmation: the offer, and the acceptance of it."""
    revision = quotes.get_revision(head.revision_id)
    quote = quotes.get_quote(head.quote_reference, company_id=head.company_id)
    offer = offer_paper(quote, revision, locale=locale, link=link)
    shared = {field.name: getattr(offer, field.name) for field in fields(HampersPaper)}
    accepted = {
        "reference": head.reference,
        "title": head.title,
        "delivery_on": head.wanted_on,
        "purchase_order_number": head.purchase_order_number,
    }
    return OrderConfirmationPaper(
        **shared | accepted,
        quote_reference=head.quote_reference,
        placed_on=rome_date(head.placed_at),
        acceptance=PaperAcceptance(
            name=head.signed_name,
            role=head.signed_role,
            accepted_at=head.accepted_at,
            pdf_sha256=head.pdf_sha256,
        ),
    )


def impact(head: OrderHead, *, method_link: str) -> ImpactPaper | None:
    """Return the view-model of the order's certificate; None if there is no whole hour to tell of.

    The hours are those the offer named; the catalogue of the order's day says how many of them
    each workshop worked.
    """
    revision = quotes.get_revision(head.revision_id)
    hours = hours_of(revision)
    known = pictured([revision], on=rome_date(head.placed_at)).products
    made = [(known[sku], count) for sku, count in _pieces(revision).items() if sku in known]
    workshops = _workshops(hours, made)
    if not hours or not workshops:
        return None
    return ImpactPaper(
        order_reference=head.reference,
        title=head.title,
        seller=seller_of_documents(),
        buyer_name=head.company_name,
        issued_on=rome_date(head.placed_at),
        hampers_count=sum(hamper.quantity for hamper in revision.hampers),
        hours=hours,
        workshops=workshops,
        method_link=method_link,
    )


def _pieces(revision: QuoteRevision) -> Counter[str]:
    """Count the pieces of each SKU in all hampers."""
    pieces: Counter[str] = Counter()
    for hamper in revision.hampers:
        for component in hamper.components:
            pieces[component.sku] += component.quantity * hamper.quantity
    return pieces


def _workshops(hours: int, made: list[tuple[ProductFacts, int]]) -> tuple[WorkshopHours, ...]:
    """Share the hours among who made the pieces, most first; nobody if no minutes are known."""
    minutes: Counter[str] = Counter()
    main: dict[str, ProductFacts] = {}
    for facts, pieces in sorted(made, key=lambda one: -one[0].work_minutes * one[1]):
        main.setdefault(facts.producer_slug, facts)
        minutes[facts.producer_slug] += facts.work_minutes * pieces
    if not minutes.total():
        return ()
    ranked = [main[slug] for slug, _ in minutes.most_common()]
    shares = share_hours(hours, [minutes[facts.producer_slug] for facts in ranked])
    return tuple(
        WorkshopHours(facts.producer_name, facts.city, share, facts.shape())
        for facts, share in zip(ranked, shares, strict=True)
    )
