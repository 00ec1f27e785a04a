"""Everything that changes an order."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from gifting.catalogue import service as catalogue
from gifting.catalogue.models import Product
from gifting.core.calendar import rome_date
from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction, OrderState
from gifting.core.pricing import ComponentKind
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.references import order_reference
from gifting.documents import service as documents
from gifting.orders.models import Order, Reservation
from gifting.platform import transitions
from gifting.platform.db import db
from gifting.platform.numbering import allot
from gifting.quotes import queries as quote_queries
from gifting.quotes import service as quotes
from gifting.quotes.models import Acceptance, Quote, QuoteComponent, QuoteHamper, QuoteRevision
from gifting.quotes.service import Signature

SERIES = "O"
PURCHASE_ORDER = "purchase_order"


@dataclass(frozen=True, slots=True)
class Placed:
    """The order of an accepted quote, and whether this call placed it."""

    order: Order
    is_new: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The buyer's own order, as it came: what a staff user accepts by."""

    filename: str
    content: bytes
    media_type: str


def accept_offer(quote: Quote, *, signature: Signature, now: datetime) -> Placed:
    """Bind the company to the offer and place its one order, in the caller's transaction.

    The quote's row is locked first, so of two colleagues the second finds the order placed.

    :raises MoveRefused: if the offer is no longer the one that was shown, or waits for no answer
    :raises AddressNotConfirmed: if nobody has confirmed the address of who accepts
    """
    try:
        acceptance = quotes.accept(quote, signature=signature, now=now)
    except quotes.AlreadyAccepted as already:
        return Placed(_order_of(already.quote), is_new=False)
    return Placed(_place(acceptance, now=now), is_new=True)


def accept_for_buyer(
    quote: Quote, *, signature: Signature, evidence: Evidence, now: datetime
) -> Placed:
    """Accept on the buyer's behalf: keep their order beside the offer, then accept by it.

    :raises: what `accept_offer` raises
    """
    quote = quote_queries.lock_quote_by_id(quote.id)
    if quote.state is QuoteState.ACCEPTED:
        return Placed(_order_of(quote), is_new=False)
    kept = documents.keep(
        subject=quote.subject,
        kind=PURCHASE_ORDER,
        revision=signature.revision_number,
        company_id=quote.company_id,
        filename=evidence.filename,
        content=evidence.content,
        media_type=evidence.media_type,
        now=now,
    )
    signed = replace(signature, is_on_behalf=True, evidence_document_id=kept.id)
    return accept_offer(quote, signature=signed, now=now)


def _order_of(quote: Quote) -> Order:
    return db.session.scalars(sa.select(Order).where(Order.quote_id == quote.id)).one()


def _place(acceptance: Acceptance, *, now: datetime) -> Order:
    quote = db.session.get_one(Quote, acceptance.quote_id)
    revision = db.session.get_one(QuoteRevision, acceptance.revision_id)
    today = rome_date(now)
    order = Order(
        reference=order_reference(today.year, allot(SERIES, on=today)),
        quote_id=quote.id,
        revision_id=revision.id,
        company_id=quote.company_id,
        title=quote.title,
        purchase_order_number=acceptance.purchase_order_number,
        wanted_on=revision.delivery_on or quote.wanted_on,
        placed_at=now,
        net_total=revision.net_total,
        vat_total=revision.vat_total,
        gross_total=revision.gross_total,
    )
    transitions.create(
        order, ORDER_LIFECYCLE, OrderAction.PLACE, actor_id=acceptance.user_id, now=now
    )
    return order


def reserve_stock(order: Order, *, now: datetime) -> None:
    """Set aside what the order needs from stock, in the products' order of id.

    What is not in stock stays needed: the reservation says how much is still to be made.
    Doing it again changes nothing.
    """
    if order.state is OrderState.CANCELLED or _has_reservations(order):
        return
    short = 0
    for product_id, needed in sorted(_needed(order).items()):
        taken = catalogue.reserve_stock(product_id, needed)
        short += needed - taken
        db.session.add(
            Reservation(
                order_id=order.id,
                product_id=product_id,
                needed=needed,
                reserved=taken,
                made_at=now,
            )
        )
    transitions.log(
        order.subject, "stock_reserved", actor_id=None, now=now, data={"pieces_short": short}
    )


def release_stock(order: Order, *, now: datetime) -> None:
    """Give back what was set aside for an order that will not be made."""
    reservations = db.session.scalars(
        sa.select(Reservation)
        .where(Reservation.order_id == order.id, Reservation.reserved > 0)
        .order_by(Reservation.product_id)
        .with_for_update()
    ).all()
    for reservation in reservations:
        catalogue.release_stock(reservation.product_id, reservation.reserved)
        reservation.reserved = 0
    if reservations:
        transitions.log(order.subject, "stock_released", actor_id=None, now=now)


def _has_reservations(order: Order) -> bool:
    return bool(
        db.session.scalar(
            sa.select(sa.func.count(Reservation.id)).where(Reservation.order_id == order.id)
        )
    )


def _needed(order: Order) -> Counter[int]:
    """Return the pieces of each product that all hampers of the order take, by product id."""
    rows = db.session.execute(
        sa.select(Product.id, sa.func.sum(QuoteComponent.quantity * QuoteHamper.quantity))
        .join(QuoteHamper, QuoteHamper.id == QuoteComponent.hamper_id)
        .join(Product, Product.sku == QuoteComponent.sku)
        .where(
            QuoteHamper.revision_id == order.revision_id,
            QuoteComponent.kind == ComponentKind.PRODUCT,
        )
        .group_by(Product.id)
    )
    return Counter({product_id: int(pieces) for product_id, pieces in rows})
