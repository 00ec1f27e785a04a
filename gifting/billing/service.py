"""Everything that changes an invoice: issuing it once, and recording what was paid."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from gifting.accounts.models import Company
from gifting.billing.models import Invoice, InvoiceLine, InvoiceVat, Payment
from gifting.core.calendar import due_date, rome_date
from gifting.core.invoice_lifecycle import INVOICE_LIFECYCLE, InvoiceAction, InvoiceState
from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.order_lifecycle import OrderState
from gifting.core.pricing import ComponentKind, DocumentLine, LineKind, document_lines
from gifting.core.references import invoice_number
from gifting.orders.models import Order
from gifting.platform import settings, transitions
from gifting.platform.db import db
from gifting.platform.numbering import allot
from gifting.quotes import queries as quotes
from gifting.quotes.documents import party_of, priced_document
from gifting.quotes.models import QuoteHamper, QuoteRevision

SERIES = ""
"""The ordinary series has no letters in front of its numbers."""
COUNTER = "FT"
DESCRIPTION_LENGTH = 1000
"""`Descrizione` of a line of the electronic invoice takes as many characters."""


class FutureDate(ValueError):
    """An invoice cannot bear a date that has not come yet."""


class BeforeOrder(ValueError):
    """An invoice cannot bear a date on which there was nothing to invoice yet."""


class NotAnInvoice(ValueError):
    """Money is registered for issued invoices only."""


class PaymentMethod(StrEnum):
    """Traceable means alone: gifts paid in cash are not deductible (L. 207/2024 art. 1 c. 81)."""

    TRANSFER = "transfer"
    CARD = "card"
    RIBA = "riba"
    SDD = "sdd"


def issue_invoice(order: Order, *, issued_on: date, actor_id: int, now: datetime) -> Invoice:
    """Issue the order's invoice; if it is issued already, return it unchanged.

    The caller has locked the order. All that the invoice shows is copied into it; its number
    is taken last, so that a rollback leaves no gap and others wait as briefly as may be.

    :raises FutureDate: if `issued_on` is after today in Italy
    :raises BeforeOrder: if `issued_on` is before the day of the order
    :raises TransitionNotAllowed: if the order was cancelled or lapsed
    :raises NumberSeriesClosed: if an invoice of a later date is already issued
    """
    if issued_on > rome_date(now):
        raise FutureDate(issued_on)
    existing = db.session.scalars(
        sa.select(Invoice).where(Invoice.order_id == order.id)
    ).one_or_none()
    if existing is not None:
        return existing
    expect_going(order.state)
    if issued_on < rome_date(order.placed_at):
        raise BeforeOrder(issued_on)
    revision = quotes.get_revision(order.revision_id)
    invoice = _draft(order, revision, issued_on=issued_on, actor_id=actor_id)
    transitions.create(invoice, INVOICE_LIFECYCLE, InvoiceAction.DRAFT, actor_id=actor_id, now=now)
    invoice.number = allot(COUNTER, on=issued_on)
    invoice.reference = invoice_number(SERIES, issued_on.year, invoice.number)
    invoice.issued_on = issued_on
    invoice.issued_at = now
    transitions.apply(invoice, INVOICE_LIFECYCLE, InvoiceAction.ISSUE, actor_id=actor_id, now=now)
    transitions.log(
        order.subject,
        "invoiced",
        actor_id=actor_id,
        now=now,
        data={"number": invoice.reference},
    )
    return invoice


def expect_going(state: OrderState) -> None:
    """Refuse to invoice an order that will not be made.

    :raises TransitionNotAllowed: if it was cancelled or lapsed
    """
    if state in (OrderState.CANCELLED, OrderState.LAPSED):
        raise TransitionNotAllowed(state, InvoiceAction.DRAFT)


def _draft(order: Order, revision: QuoteRevision, *, issued_on: date, actor_id: int) -> Invoice:
    document = priced_document(revision)
    return Invoice(
        order_id=order.id,
        company_id=order.company_id,
        series=SERIES,
        year=issued_on.year,
        issued_by_id=actor_id,
        due_on=due_date(issued_on, revision.payment_terms_days),
        payment_terms_days=revision.payment_terms_days,
        purchase_order_number=order.purchase_order_number,
        order_reference=order.reference,
        seller=asdict(settings.current().seller),
        buyer=asdict(party_of(db.session.get_one(Company, order.company_id))),
        hampers=[_contents(hamper) for hamper in revision.hampers],
        net_total=document.net,
        vat_total=document.vat,
        gross_total=document.gross,
        lines=[_line(position, line) for position, line in enumerate(document_lines(document), 1)],
        vat_rows=[
            InvoiceVat(vat_rate=row.vat.rate, vat_nature=row.vat.nature, net=row.net, tax=row.tax)
            for row in document.breakdown.rows
        ],
    )


def _contents(hamper: QuoteHamper) -> dict[str, Any]:
    """Copy what is in a hamper and who made it, in the shape of `core.papers.HamperContents`."""
    return {
        "name": hamper.name,
        "quantity": hamper.quantity,
        "products": [
            {"name": component.name_it, "maker": component.maker, "quantity": component.quantity}
            for component in hamper.components
            if component.kind is ComponentKind.PRODUCT
        ],
    }


def _line(position: int, line: DocumentLine) -> InvoiceLine:
    return InvoiceLine(
        position=position,
        description=describe(line),
        quantity=line.quantity,
        unit_net=line.unit_net,
        net=line.net,
        vat_rate=line.vat.rate,
        vat_nature=line.vat.nature,
        is_accessory=line.is_accessory,
    )


def describe(line: DocumentLine) -> str:
    """Name nature, quality and quantity of what a line charges (art. 21 c. 2 lett. g DPR 633/72).

    Invoices are in Italian whatever language the buyer reads.
    """
    if line.kind is LineKind.SETUP:
        text = f"{line.description}, impianti: {', '.join(line.components)}"
    elif line.kind is LineKind.HAMPER:
        text = f"{line.description}, beni {line.vat.rate.normalize():f}%: "
        text += ", ".join(line.components)
        if line.accessories:
            text += f"; con quota di {', '.join(line.accessories)}"
    else:
        text = line.description
    return text if len(text) <= DESCRIPTION_LENGTH else f"{text[: DESCRIPTION_LENGTH - 1]}…"


def register_payment(
    invoice: Invoice,
    *,
    amount: Decimal,
    received_on: date,
    method: PaymentMethod,
    note: str,
    submission_key: str,
    actor_id: int,
    now: datetime,
) -> Payment:
    """Record money received for an invoice; the same submission again returns the same payment.

    :raises NotAnInvoice: if the invoice is still a draft
    :raises FutureDate: if the money is said to come after today
    """
    if invoice.state is InvoiceState.DRAFT:
        raise NotAnInvoice(invoice.id)
    if received_on > rome_date(now):
        raise FutureDate(received_on)
    existing = db.session.scalars(
        sa.select(Payment).where(
            Payment.submission_key == submission_key, Payment.invoice_id == invoice.id
        )
    ).one_or_none()
    if existing is not None:
        return existing
    payment = Payment(
        invoice_id=invoice.id,
        amount=amount,
        received_on=received_on,
        method=method,
        note=note,
        submission_key=submission_key,
        registered_by_id=actor_id,
        registered_at=now,
    )
    db.session.add(payment)
    db.session.flush()
    transitions.log(
        invoice.subject,
        "paid",
        actor_id=actor_id,
        now=now,
        data={"amount": str(amount), "received_on": received_on.isoformat()},
    )
    return payment
