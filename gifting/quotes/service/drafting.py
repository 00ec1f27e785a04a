"""Changes to a revision in preparation; its totals are always those of the core."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.attributes import flag_modified

from gifting.catalogue.queries import ExtraFacts, ProductFacts
from gifting.core.lifecycle import MoveRefused
from gifting.core.money import HUNDRED, is_whole_cents
from gifting.core.pricing import ComponentKind
from gifting.core.vat import ZERO
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.documents.office import is_editable
from gifting.quotes.models import (
    Quote,
    QuoteCharge,
    QuoteComponent,
    QuoteHamper,
    QuoteRevision,
)
from gifting.quotes.service.components import copy_facts
from gifting.quotes.service.negotiation import copy_totals

MAX_PIECES = 99


class NotEditable(MoveRefused):
    """The quote is not in preparation, or its draft is being sent."""


class HamperWouldBeEmpty(Exception):
    """A hamper keeps at least one product."""


class PriceOutOfRange(Exception):
    """A price, discount or quantity that cannot be: negative, finer than a cent, over 100 %."""


@dataclass(frozen=True, slots=True)
class ChargeEntry:
    """Freight or a service on the whole document, net."""

    description: str
    net: Decimal


@dataclass(frozen=True, slots=True)
class HamperEntry:
    """A hamper's number of copies and its own net price, None to follow its contents."""

    quantity: int
    own_unit_net: Decimal | None


@dataclass(frozen=True, slots=True)
class ComponentEntry:
    """A component's pieces per hamper, list price and discount in per cent.

    `work_minutes` of one piece, for the estimate of the hamper.
    """

    quantity: int
    list_net: Decimal
    discount: Decimal
    work_minutes: int = 0


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """Every cell of the editor: hampers and components by their ids, charges, terms."""

    hampers: Mapping[int, HamperEntry]
    components: Mapping[int, ComponentEntry]
    charges: Sequence[ChargeEntry]
    valid_until: date | None
    payment_terms_days: int
    delivery_on: date | None
    message: str
    internal_note: str


def save_draft(quote: Quote, *, entry: DraftEntry) -> QuoteRevision:
    """Write every cell at once. Saving what is there already changes nothing, the version neither.

    Ids the draft does not have are passed over: a colleague took them out.

    :raises NotEditable: if the draft cannot be changed now
    :raises PriceOutOfRange: if a value cannot be
    """
    draft = open_draft(quote)
    before = _cells(draft)
    for hamper in draft.hampers:
        if hamper.id in entry.hampers:
            _write_hamper(hamper, entry.hampers[hamper.id])
        for component in hamper.components:
            if component.id in entry.components:
                _write_component(hamper, component, entry.components[component.id])
    draft.valid_until = entry.valid_until
    draft.payment_terms_days = entry.payment_terms_days
    draft.delivery_on = entry.delivery_on
    draft.message = entry.message.strip()
    draft.internal_note = entry.internal_note.strip()
    if list(entry.charges) != [ChargeEntry(c.description, c.net) for c in draft.charges]:
        return set_charges(quote, charges=entry.charges)
    return draft if _cells(draft) == before else _settle(quote, draft)


def _cells(draft: QuoteRevision) -> list[tuple[object, ...]]:
    """Everything `save_draft` may write but the charges, to see whether it changed."""
    return [
        (
            draft.valid_until,
            draft.payment_terms_days,
            draft.delivery_on,
            draft.message,
            draft.internal_note,
        ),
        *((hamper.quantity, hamper.own_unit_net) for hamper in draft.hampers),
        *(
            (component.quantity, component.list_net, component.discount)
            for hamper in draft.hampers
            for component in hamper.components
        ),
    ]


def _write_hamper(hamper: QuoteHamper, entry: HamperEntry) -> None:
    if entry.quantity < 1:
        raise PriceOutOfRange
    hamper.quantity = entry.quantity
    hamper.own_unit_net = None if entry.own_unit_net is None else _price(entry.own_unit_net)


def _write_component(hamper: QuoteHamper, component: QuoteComponent, entry: ComponentEntry) -> None:
    if not 1 <= entry.quantity <= MAX_PIECES or not _is_discount(entry.discount):
        raise PriceOutOfRange
    more = (entry.quantity - component.quantity) * entry.work_minutes
    hamper.work_minutes = max(hamper.work_minutes + more, 0)
    component.quantity = entry.quantity
    component.list_net = _price(entry.list_net)
    component.discount = entry.discount


def _is_discount(discount: Decimal) -> bool:
    return 0 <= discount <= HUNDRED and is_whole_cents(discount)


def add_component(
    quote: Quote,
    *,
    hamper_id: int,
    facts: ProductFacts | ExtraFacts,
    quantity: int = 1,
    discount: Decimal = ZERO,
) -> QuoteRevision:
    """Put a product or an extra into a hamper at today's price, cost and VAT.

    One that is in it already gets `quantity` more pieces at the price it has.

    :raises NotEditable: if the draft cannot be changed now
    :raises PriceOutOfRange: if the quantity cannot be
    """
    draft = open_draft(quote)
    hamper = _find_hamper(draft, hamper_id)
    present = [c for c in hamper.components if c.sku == facts.sku]
    pieces = quantity + (present[0].quantity if present else 0)
    if not 1 <= pieces <= MAX_PIECES or quantity < 1:
        raise PriceOutOfRange
    if present:
        present[0].quantity = pieces
    else:
        place = max((c.position for c in hamper.components), default=-1) + 1
        hamper.components.append(
            copy_facts(facts, position=place, quantity=quantity, discount=discount)
        )
    if isinstance(facts, ProductFacts):
        hamper.work_minutes += facts.work_minutes * quantity
    return _settle(quote, draft)


def remove_component(quote: Quote, *, component_id: int, work_minutes: int = 0) -> QuoteRevision:
    """Take a component out; `work_minutes` of one piece are taken off the hamper's estimate.

    :raises NotEditable: if the draft cannot be changed now
    :raises HamperWouldBeEmpty: if it is the last product
    """
    draft = open_draft(quote)
    hamper, component = _find_component(draft, component_id)
    products = [c for c in hamper.components if c.kind is ComponentKind.PRODUCT]
    if products == [component]:
        raise HamperWouldBeEmpty
    hamper.components.remove(component)
    hamper.work_minutes = max(hamper.work_minutes - work_minutes * component.quantity, 0)
    return _settle(quote, draft)


def set_charges(quote: Quote, *, charges: Sequence[ChargeEntry]) -> QuoteRevision:
    """Replace the charges on the whole document.

    :raises NotEditable: if the draft cannot be changed now
    :raises PriceOutOfRange: if an amount cannot be
    """
    draft = open_draft(quote)
    rows = [
        QuoteCharge(position=place, description=charge.description, net=_price(charge.net))
        for place, charge in enumerate(charges)
    ]
    draft.charges.clear()
    db.session.flush()  # places are unique: the old rows go before the new ones come
    draft.charges.extend(rows)
    return _settle(quote, draft)


def open_draft(quote: Quote) -> QuoteRevision:
    """Return the draft of a locked quote.

    :raises NotEditable: if there is none, or it is being sent
    """
    draft = queries.find_draft(quote.id)
    if draft is None or not is_editable(quote, draft):
        raise NotEditable(quote.reference)
    return draft


def _settle(quote: Quote, draft: QuoteRevision) -> QuoteRevision:
    """Recompute the totals and give the quote a new version, so that a colleague's page is old."""
    copy_totals(draft)
    flag_modified(quote, "title")
    db.session.flush()
    return draft


def _find_hamper(draft: QuoteRevision, hamper_id: int) -> QuoteHamper:
    for hamper in draft.hampers:
        if hamper.id == hamper_id:
            return hamper
    raise NoResultFound(f"hamper {hamper_id}")


def _find_component(draft: QuoteRevision, component_id: int) -> tuple[QuoteHamper, QuoteComponent]:
    for hamper in draft.hampers:
        for component in hamper.components:
            if component.id == component_id:
                return hamper, component
    raise NoResultFound(f"component {component_id}")


def _price(amount: Decimal) -> Decimal:
    if amount < 0 or not is_whole_cents(amount):
        raise PriceOutOfRange
    return amount
