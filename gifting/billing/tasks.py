"""Jobs of the billing slice. Run through the outbox, never called directly."""

from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.accounts.models import User
from gifting.accounts.queries.people import get_reader
from gifting.billing.documents import invoice_paper
from gifting.billing.models import Invoice
from gifting.billing.queries import DOCUMENT_KIND
from gifting.core.roles import Role
from gifting.documents import service as documents
from gifting.orders.models import Order
from gifting.platform import links, mail, outbox, pdf
from gifting.platform.db import db
from gifting.quotes.models import Quote


@outbox.handles("billing.render_invoice", queue=outbox.Queue.DOCUMENTS)
def render_invoice(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Render the invoice and keep it."""
    keep_pdf(_get(record_id), now=now)


@outbox.handles("billing.mail_invoice", queue=outbox.Queue.MAIL)
def mail_invoice(*, record_id: int, now: datetime, **_newer: Any) -> None:
    """Send the invoice to who asked, or who stands in, and to the company's finance people."""
    invoice = _get(record_id)
    content = keep_pdf(invoice, now=now)
    link = links.to("billing.detail", reference=invoice.reference)
    mail.send_each(
        partial(
            mail.send,
            "billing_invoice",
            to=email,
            locale=locale,
            key=f"billing.mail_invoice:{invoice.id}:{user_id}",
            now=now,
            attachments=(mail.Attachment(filename(invoice), content),),
            invoice=invoice,
            link=link,
        )
        for user_id, email, locale in _readers(invoice)
    )


def keep_pdf(invoice: Invoice, *, now: datetime) -> bytes:
    """Return the invoice's PDF, rendered and kept the first time; a tax document is in Italian."""
    return documents.keep_once(
        subject=invoice.subject,
        kind=DOCUMENT_KIND,
        company_id=invoice.company_id,
        filename=filename(invoice),
        render=lambda: pdf.render(DOCUMENT_KIND, invoice_paper(invoice), locale="it"),
        now=now,
    )


def filename(invoice: Invoice) -> str:
    """Return the name a reader's folder shows: «Fattura-2026-0012.pdf»."""
    return f"Fattura-{(invoice.reference or '').replace('/', '-').replace(' ', '-')}.pdf"


def _get(invoice_id: int) -> Invoice:
    return db.session.scalars(
        sa.select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(selectinload(Invoice.lines), selectinload(Invoice.vat_rows))
    ).one()


def _readers(invoice: Invoice) -> list[tuple[int, str, str]]:
    asked_by = db.session.scalars(
        sa.select(Quote.requested_by_id)
        .join(Order, Order.quote_id == Quote.id)
        .where(Order.id == invoice.order_id)
    ).one()
    first = get_reader(asked_by, company_id=invoice.company_id)
    rows = db.session.execute(
        sa.select(User.id, User.email, User.locale)
        .where(
            User.company_id == invoice.company_id,
            User.is_active,
            sa.or_(User.id == first.id, User.role == Role.FINANCE),
        )
        .order_by(User.id)
    )
    return [(user_id, email, locale) for user_id, email, locale in rows]
