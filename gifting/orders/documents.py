"""From an order's rows to what its page and its confirmation show."""

from dataclasses import fields

from gifting.core.calendar import rome_date
from gifting.core.papers import HampersPaper, OrderConfirmationPaper, PaperAcceptance
from gifting.orders import queries
from gifting.orders.queries import OrderHead, OrderPage
from gifting.quotes import queries as quotes
from gifting.quotes.documents import offer_paper, priced_document
from gifting.quotes.documents.content import hamper_views, pictured


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
