"""Everything that reads invoices; rows leave here as frozen dataclasses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.accounts.models import Company
from gifting.billing.models import Invoice, Payment
from gifting.core.invoice_lifecycle import InvoiceState, PaymentStatus, payment_status
from gifting.core.order_lifecycle import OrderState
from gifting.core.papers import PaperInvoiceLine
from gifting.core.vat import VatBreakdown, VatClass, VatRow
from gifting.documents.models import StoredDocument
from gifting.orders import queries as orders
from gifting.orders.models import Order
from gifting.orders.queries import Event, list_events
from gifting.platform.db import db
from gifting.platform.finding import Page, each_way, find

PAGE = 30
Rows = sa.Select[*tuple[Any, ...]]
DOCUMENT_KIND = "invoice"


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What a list of invoices is narrowed to; empty fields narrow nothing."""

    text: str = ""
    year: int | None = None
    payments: tuple[PaymentStatus, ...] = ()


OWED = (PaymentStatus.OVERDUE, PaymentStatus.PARTLY_PAID, PaymentStatus.UNPAID)
"""Of an invoice that is not paid in full."""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A line of a list of invoices. `document_id` is None while the PDF is being made.

    `residual` is what is still to be paid; negative when too much was.
    """

    id: int
    reference: str
    order_reference: str
    title: str
    company_name: str
    purchase_order_number: str
    issued_on: date
    due_on: date
    net_total: Decimal
    vat_total: Decimal
    gross_total: Decimal
    paid: Decimal
    residual: Decimal
    state: InvoiceState
    payment: PaymentStatus
    document_id: int | None


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """The figures above a list: what is late, what is to come, what came this year."""

    overdue: Decimal
    overdue_count: int
    to_pay: Decimal
    to_pay_count: int
    next_due_on: date | None
    paid_this_year: Decimal


@dataclass(frozen=True, slots=True)
class OrderToInvoice:
    id: int
    reference: str
    title: str
    company_name: str
    gross_total: Decimal
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRow:
    received_on: date
    amount: Decimal
    method: str
    note: str


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """What the page of an invoice shows."""

    row: InvoiceRow
    seller: dict[str, Any]
    buyer: dict[str, Any]
    lines: tuple[PaperInvoiceLine, ...]
    breakdown: VatBreakdown
    payments: tuple[PaymentRow, ...]
    events: tuple[Event, ...]

    @property
    def iban(self) -> str:
        return str(self.seller["iban"])

    @property
    def payment_reference(self) -> str:
        return f"Fattura {self.row.reference}, {self.row.order_reference}"


def _rows() -> Rows:
    return (
        sa.select(
            Invoice.id,
            Invoice.reference,
            Invoice.order_reference,
            Order.title,
            Company.name.label("company_name"),
            Invoice.purchase_order_number,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.net_total,
            Invoice.vat_total,
            Invoice.gross_total,
            (Invoice.gross_total - Invoice.owed_total).label("paid"),
            Invoice.owed_total.label("residual"),
            Invoice.state,
            StoredDocument.id.label("document_id"),
        )
        .join(Order, Order.id == Invoice.order_id)
        .join(Company, Company.id == Invoice.company_id)
        .outerjoin(
            StoredDocument,
            sa.and_(
                StoredDocument.subject == sa.func.concat("invoice:", Invoice.id),
                StoredDocument.kind == DOCUMENT_KIND,
            ),
        )
        .where(Invoice.number.is_not(None))
    )


def _row(values: Any, today: date) -> InvoiceRow:
    facts = dict(values)
    status = payment_status(facts["gross_total"], facts["paid"], facts["due_on"], today)
    return InvoiceRow(**facts, payment=status)


def list_invoices(
    wanted: InvoiceFilter,
    *,
    company_id: int | None,
    today: date,
    after: tuple[date, int] | None = None,
    limit: int = PAGE,
) -> list[InvoiceRow]:
    """Return a page of issued invoices, latest date first; one more says that there are more.

    A company sees its own; `company_id` None means the staff. `after` is the last row seen. Words
    are looked for in as many invoices as `platform.finding` reads.
    """
    page = (
        sa.select(Invoice.id)
        .where(Invoice.number.is_not(None), *_narrow(wanted, company_id, today))
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        page = page.where(sa.tuple_(Invoice.issued_on, Invoice.id) < sa.tuple_(*after))
    text = wanted.text.strip()
    ways = _mentions(text, page) if text else [sa.true()]
    rows = db.session.execute(
        _rows()
        .where(Invoice.id.in_(each_way(page, ways)))
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(limit + 1)
    )
    return [_row(row, today) for row in rows.mappings()]


def _narrow(
    wanted: InvoiceFilter, company_id: int | None, today: date
) -> Iterator[sa.ColumnElement[bool]]:
    """Say whose invoices, of which year and in which states."""
    if company_id is not None:
        yield Invoice.company_id == company_id
    if wanted.year:
        yield _is_of(wanted.year)
    if wanted.payments:
        yield sa.or_(*(_has_status(status, today) for status in wanted.payments))


def _mentions(text: str, page: Page) -> list[sa.ColumnElement[bool]]:
    """Say where a text may be; a whole number is found however old the invoice is."""
    columns = (
        Invoice.reference,
        Invoice.order_reference,
        Invoice.purchase_order_number,
        Order.title,
        Company.name,
    )
    joined = page.join(Company, Company.id == Invoice.company_id)
    joined = joined.join(Order, Order.id == Invoice.order_id)
    number = text.upper()
    return [
        Invoice.id.in_(find(joined, text, columns)),
        Invoice.reference == number,
        Invoice.order_id.in_(sa.select(Order.id).where(Order.reference == number)),
    ]


def _is_of(year: int) -> sa.ColumnElement[bool]:
    """Narrow to a year by the dates, in whose order the list is; an address may name any number."""
    if not date.min.year <= year <= date.max.year:
        return sa.false()
    return Invoice.issued_on.between(date(year, 1, 1), date(year, 12, 31))


def _has_status(status: PaymentStatus, today: date) -> sa.ColumnElement[bool]:
    """Say in SQL what `core.invoice_lifecycle.payment_status` says of one invoice."""
    owed, is_late = Invoice.owed_total, Invoice.due_on < today
    is_untouched = owed == Invoice.gross_total
    return {
        PaymentStatus.OVERPAID: owed < 0,
        PaymentStatus.PAID: owed == 0,
        PaymentStatus.OVERDUE: sa.and_(owed > 0, is_late),
        PaymentStatus.PARTLY_PAID: sa.and_(owed > 0, sa.not_(is_late), sa.not_(is_untouched)),
        PaymentStatus.UNPAID: sa.and_(owed > 0, sa.not_(is_late), is_untouched),
    }[status]


def get_totals(*, company_id: int | None, today: date) -> InvoiceTotals:
    """Add up what is late, what is to come and what came this year."""
    owner = [] if company_id is None else [Invoice.company_id == company_id]
    came = sa.select(sa.func.coalesce(sa.func.sum(Payment.amount), 0)).where(
        Payment.received_on >= date(today.year, 1, 1)
    )
    if company_id is not None:  # asked of each payment: a join might read all invoices there are
        payer = sa.select(Invoice.company_id).where(Invoice.id == Payment.invoice_id)
        came = came.where(payer.correlate(Payment).scalar_subquery() == company_id)
    owed = sa.func.sum(Invoice.owed_total)
    is_late = Invoice.due_on < today
    is_to_come = sa.not_(is_late)
    row = db.session.execute(
        sa.select(
            sa.func.coalesce(owed.filter(is_late), 0),
            sa.func.count().filter(is_late),
            sa.func.coalesce(owed.filter(is_to_come), 0),
            sa.func.count().filter(is_to_come),
            sa.func.min(Invoice.due_on).filter(is_to_come),
            came.scalar_subquery(),
        ).where(Invoice.number.is_not(None), Invoice.owed_total > 0, *owner)
    ).one()
    return InvoiceTotals(*row)


_TO_INVOICE = (*orders.OPEN, OrderState.FULFILLED)
"""Where an order may lack its invoice: one is closed only with it, a cancelled one needs none."""


def list_to_invoice() -> list[OrderToInvoice]:
    """Return the orders without an invoice, oldest first.

    It is looked for order by order: a join might read all invoices there are.
    """
    invoice_id = sa.select(Invoice.id).where(Invoice.order_id == Order.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(
            Order.id,
            Order.reference,
            Order.title,
            Company.name,
            Order.gross_total,
            Order.placed_at,
        )
        .join(Company, Company.id == Order.company_id)
        .where(invoice_id.is_(None), Order.state.in_(_TO_INVOICE))
        .order_by(Order.id)
        .limit(200)
    )
    return [OrderToInvoice(*row) for row in rows]


def list_years(*, company_id: int | None) -> list[int]:
    """Return the years in which invoices were issued, the latest first.

    One look into the index for each year: DISTINCT would read every invoice there is.
    """
    own = [] if company_id is None else [Invoice.company_id == company_id]
    latest = sa.select(sa.func.max(Invoice.issued_on).label("day")).where(*own).cte(recursive=True)
    before = (
        sa.select(sa.func.max(Invoice.issued_on))
        .where(*own, Invoice.issued_on < sa.cast(sa.func.date_trunc("year", latest.c.day), sa.Date))
        .correlate(latest)
        .scalar_subquery()
    )
    days = latest.union_all(sa.select(before).where(latest.c.day.is_not(None)))
    found = db.session.scalars(sa.select(days.c.day).where(days.c.day.is_not(None)))
    return [day.year for day in found]


def get_invoice_to_pay(reference: str) -> Invoice:
    """Return the invoice locked, so that a payment sent twice at once is registered once.

    :raises NoResultFound: if there is none
    """
    return db.session.scalars(
        sa.select(Invoice).where(Invoice.reference == reference).with_for_update()
    ).one()


def get_invoice(reference: str, *, company_id: int | None) -> Invoice:
    """Return an issued invoice with its lines and VAT rows.

    :raises NoResultFound: if there is none for this company
    """
    query = (
        sa.select(Invoice)
        .where(Invoice.reference == reference)
        .options(selectinload(Invoice.lines), selectinload(Invoice.vat_rows))
    )
    if company_id is not None:
        query = query.where(Invoice.company_id == company_id)
    return db.session.scalars(query).one()


def get_page(reference: str, *, company_id: int | None, today: date) -> InvoicePage:
    """Return the page of an invoice.

    :raises NoResultFound: if there is none for this company
    """
    invoice = get_invoice(reference, company_id=company_id)
    row = db.session.execute(_rows().where(Invoice.id == invoice.id)).mappings().one()
    payments = db.session.execute(
        sa.select(Payment.received_on, Payment.amount, Payment.method, Payment.note)
        .where(Payment.invoice_id == invoice.id)
        .order_by(Payment.received_on, Payment.id)
    )
    return InvoicePage(
        row=_row(row, today),
        seller=invoice.seller,
        buyer=invoice.buyer,
        lines=lines_of(invoice),
        breakdown=breakdown_of(invoice),
        payments=tuple(PaymentRow(*payment) for payment in payments),
        events=list_events(invoice.subject),
    )


def lines_of(invoice: Invoice) -> tuple[PaperInvoiceLine, ...]:
    """Return the lines that the invoice was issued with."""
    return tuple(
        PaperInvoiceLine(
            description=line.description,
            quantity=line.quantity,
            unit_net=line.unit_net,
            net=line.net,
            vat=VatClass(line.vat_rate, line.vat_nature),
            is_accessory=line.is_accessory,
        )
        for line in invoice.lines
    )


def breakdown_of(invoice: Invoice) -> VatBreakdown:
    """Return the VAT summary that the invoice was issued with."""
    rows = sorted(invoice.vat_rows, key=lambda row: VatClass(row.vat_rate, row.vat_nature))
    return VatBreakdown(
        rows=tuple(
            VatRow(VatClass(row.vat_rate, row.vat_nature), row.net, row.tax) for row in rows
        ),
        net=invoice.net_total,
        tax=invoice.vat_total,
        gross=invoice.gross_total,
    )
