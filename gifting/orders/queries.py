"""Everything that reads orders; rows leave here as frozen dataclasses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gifting.accounts.models import Company, User
from gifting.catalogue.models import Product
from gifting.core.order_lifecycle import OrderState
from gifting.core.pricing import PricedDocument
from gifting.orders.models import Order, Reservation
from gifting.platform.db import db
from gifting.platform.finding import Page, each_way, find
from gifting.platform.models import EventLogEntry
from gifting.quotes.documents import HamperView
from gifting.quotes.models import Acceptance, Quote, QuoteHamper, QuoteRevision

PAGE = 30
OPEN = (
    OrderState.AWAITING_DEPOSIT,
    OrderState.CONFIRMED,
    OrderState.SOURCING,
    OrderState.IN_PRODUCTION,
    OrderState.PACKING,
    OrderState.SHIPPING,
    OrderState.ON_HOLD,
)
"""Orders on which there is still something to do."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line of a list of orders."""

    id: int
    reference: str
    title: str
    company_name: str
    state: OrderState
    hampers: int
    wanted_on: date | None
    placed_at: datetime
    gross_total: Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """A line of an order's history; `actor` is empty when the product itself acted."""

    happened_at: datetime
    action: str
    actor: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReservedProduct:
    """What an order needs of a product, and how much of it is set aside."""

    sku: str
    name_it: str
    name_en: str
    needed: int
    reserved: int

    @property
    def missing(self) -> int:
        return self.needed - self.reserved


@dataclass(frozen=True, slots=True)
class OrderHead:
    """An order with the people and dates around it, without its contents."""

    id: int
    reference: str
    title: str
    state: OrderState
    company_id: int
    company_name: str
    quote_reference: str
    revision_id: int
    revision_number: int
    purchase_order_number: str
    wanted_on: date | None
    placed_at: datetime
    net_total: Decimal
    vat_total: Decimal
    gross_total: Decimal
    payment_terms_days: int
    signed_name: str
    signed_role: str
    accepted_at: datetime
    pdf_sha256: str
    buyer_name: str
    buyer_email: str
    buyer_locale: str
    buyer_id: int

    @property
    def subject(self) -> str:
        return f"order:{self.id}"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """What the page of an order shows."""

    head: OrderHead
    document: PricedDocument
    hampers: tuple[HamperView, ...]
    events: tuple[Event, ...]
    reservations: tuple[ReservedProduct, ...]

    @property
    def invoiced(self) -> str | None:
        """The legal number of the order's invoice, once it is issued."""
        return next(
            (event.data["number"] for event in self.events if event.action == "invoiced"), None
        )


def get_order_to_invoice(reference: str) -> Order:
    """Return the order locked, so that of two who invoice it the second waits.

    :raises NoResultFound: if there is none
    """
    return db.session.scalars(
        sa.select(Order).where(Order.reference == reference).with_for_update()
    ).one()


def get_head(reference: str, *, company_id: int | None) -> OrderHead:
    """Return what is around an order.

    :raises NoResultFound: if there is none for this company
    """
    query = (
        sa.select(
            Order.id,
            Order.reference,
            Order.title,
            Order.state,
            Order.company_id,
            Company.name,
            Quote.reference,
            Order.revision_id,
            QuoteRevision.number,
            Order.purchase_order_number,
            Order.wanted_on,
            Order.placed_at,
            Order.net_total,
            Order.vat_total,
            Order.gross_total,
            QuoteRevision.payment_terms_days,
            Acceptance.signed_name,
            Acceptance.signed_role,
            Acceptance.accepted_at,
            Acceptance.pdf_sha256,
            User.name,
            User.email,
            User.locale,
            User.id,
        )
        .join(Company, Company.id == Order.company_id)
        .join(Quote, Quote.id == Order.quote_id)
        .join(QuoteRevision, QuoteRevision.id == Order.revision_id)
        .join(Acceptance, Acceptance.quote_id == Order.quote_id)
        .join(User, User.id == Quote.requested_by_id)
        .where(Order.reference == reference, *_tenant(company_id))
    )
    values: Sequence[Any] = db.session.execute(query).one()
    return OrderHead(*values)


def get_reference(order_id: int) -> str:
    """Return the reference of an order known by id."""
    return db.session.scalars(sa.select(Order.reference).where(Order.id == order_id)).one()


def find_order_of(quote_id: int) -> str | None:
    """Return the reference of the order that a quote became, or None."""
    return db.session.scalar(sa.select(Order.reference).where(Order.quote_id == quote_id))


def list_orders(
    *,
    company_id: int | None,
    states: Sequence[OrderState] = (),
    text: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> list[OrderRow]:
    """Return a page of orders, newest first; one more than a page says that there are more.

    `text` is looked for in the numbers (order, quote, the buyer's own), title and company of as
    many orders as `platform.finding` reads.
    """
    page = (
        sa.select(Order.id).where(*_tenant(company_id)).order_by(Order.id.desc()).limit(limit + 1)
    )
    if before is not None:
        page = page.where(Order.id < before)
    ways = [Order.state == state for state in states] or [sa.true()]
    if text.strip():
        page = page.where(sa.or_(*ways))
        ways = _mentions(text.strip(), page)
    hampers = (
        sa.select(sa.func.sum(QuoteHamper.quantity))
        .where(QuoteHamper.revision_id == Order.revision_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Order.id,
            Order.reference,
            Order.title,
            Company.name,
            Order.state,
            hampers,
            Order.wanted_on,
            Order.placed_at,
            Order.gross_total,
        )
        .join(Company, Company.id == Order.company_id)
        .where(Order.id.in_(each_way(page, ways)))
        .order_by(Order.id.desc())
        .limit(limit + 1)
    )
    return [OrderRow(*row) for row in rows]


def _mentions(text: str, page: Page) -> list[sa.ColumnElement[bool]]:
    """Say where a text may be; a whole number is found however old the order is."""
    columns = (
        Order.reference,
        Quote.reference,
        Order.purchase_order_number,
        Order.title,
        Company.name,
    )
    joined = page.join(Company, Company.id == Order.company_id)
    joined = joined.join(Quote, Quote.id == Order.quote_id)
    number = text.upper()
    return [
        Order.id.in_(find(joined, text, columns)),
        Order.reference == number,
        Order.quote_id.in_(sa.select(Quote.id).where(Quote.reference == number)),
    ]


def list_events(subject: str) -> tuple[Event, ...]:
    """Return the history of a record, oldest first, with the names of those who acted."""
    rows = db.session.execute(
        sa.select(
            EventLogEntry.happened_at,
            EventLogEntry.action,
            sa.func.coalesce(User.name, ""),
            EventLogEntry.data,
        )
        .outerjoin(User, User.id == EventLogEntry.actor_id)
        .where(EventLogEntry.subject == subject)
        .order_by(EventLogEntry.id)
    )
    return tuple(Event(*row) for row in rows)


def list_reservations(order_id: int) -> tuple[ReservedProduct, ...]:
    """Return what the order needs of each product."""
    rows = db.session.execute(
        sa.select(
            Product.sku, Product.name_it, Product.name_en, Reservation.needed, Reservation.reserved
        )
        .join(Product, Product.id == Reservation.product_id)
        .where(Reservation.order_id == order_id)
        .order_by(Product.name_it)
    )
    return tuple(ReservedProduct(*row) for row in rows)


def _tenant(company_id: int | None) -> list[sa.ColumnElement[bool]]:
    """Narrow to a company's own orders; None means the staff, who see all."""
    return [] if company_id is None else [Order.company_id == company_id]
