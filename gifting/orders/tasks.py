"""Jobs of the orders slice. Run through the outbox, never called directly."""

from datetime import datetime
from typing import Any

from gifting.accounts.queries.people import get_reader
from gifting.core.calendar import rome_date
from gifting.documents import service as documents
from gifting.orders import queries, service
from gifting.orders.documents import confirmation, impact
from gifting.orders.models import Order
from gifting.orders.queries import OrderHead
from gifting.platform import links, mail, outbox, pdf, pictures
from gifting.platform.db import db
from gifting.quotes import queries as quotes
from gifting.quotes.documents import first_drawing

CONFIRMATION = "order_confirmation"
CERTIFICATE = "impact_certificate"
_CERTIFICATE_NAMES = {"it": "Attestato", "en": "Certificate"}


@outbox.handles("orders.mail_confirmation", queue=outbox.Queue.MAIL)
def mail_confirmation(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Render the confirmation, keep it, and send it to who asked, or who stands in for them."""
    reference = queries.get_reference(record_id)
    head = queries.get_head(reference, company_id=None)
    link = links.to("orders.detail", reference=reference)
    content = _keep_confirmation(head, link=link, now=now)
    filename = f"{reference}.pdf"
    revision = quotes.get_revision(head.revision_id)
    drawing = first_drawing(revision, on=rome_date(head.placed_at))
    reader = get_reader(head.buyer_id, company_id=head.company_id)
    mail.send(
        "orders_confirmation",
        to=reader.email,
        locale=reader.locale,
        key=f"orders.mail_confirmation:{record_id}",
        now=now,
        attachments=(mail.Attachment(filename, content),),
        pictures={"box": pictures.filled_box(drawing)} if drawing else {},
        order=head,
        revision=revision,
        reader=reader,
        link=link,
    )


def _keep_confirmation(head: OrderHead, *, link: str, now: datetime) -> bytes:
    """Return the confirmation's PDF, rendered and kept the first time."""
    locale = head.buyer_locale
    return documents.keep_once(
        subject=head.subject,
        kind=CONFIRMATION,
        company_id=head.company_id,
        filename=f"{head.reference}.pdf",
        render=lambda: pdf.render(
            CONFIRMATION, confirmation(head, locale=locale, link=link), locale=locale
        ),
        now=now,
    )


@outbox.handles("orders.keep_certificate", queue=outbox.Queue.DOCUMENTS)
def keep_certificate(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Render the order's impact certificate and keep it, in the language of who asked."""
    head = queries.get_head(queries.get_reference(record_id), company_id=None)
    locale = head.buyer_locale
    paper = impact(head, method_link=links.to("catalogue.impact_method"))
    if paper is None:
        return  # not one whole hour: there is nothing to certify
    documents.keep_once(
        subject=head.subject,
        kind=CERTIFICATE,
        company_id=head.company_id,
        filename=f"{_CERTIFICATE_NAMES[locale]}-{head.reference}.pdf",
        render=lambda: pdf.render(CERTIFICATE, paper, locale=locale),
        now=now,
    )


@outbox.handles("orders.reserve_stock")
def reserve_stock(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Set aside what the order needs."""
    service.reserve_stock(db.session.get_one(Order, record_id, with_for_update=True), now=now)


@outbox.handles("orders.release_stock")
def release_stock(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Give back what was set aside."""
    service.release_stock(db.session.get_one(Order, record_id, with_for_update=True), now=now)
