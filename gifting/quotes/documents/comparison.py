"""What changes from one revision to the next, with signed amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gifting.core.gift_meter import GiftState, gift_state
from gifting.core.money import percent_off
from gifting.core.pricing import PricedHamper
from gifting.core.vat import ZERO
from gifting.quotes.documents.content import name_of, priced_document, priced_hamper
from gifting.quotes.models import QuoteComponent, QuoteHamper, QuoteRevision

Value = Decimal | int | date | str | None


class ChangeKind(StrEnum):
    """What became different. `before` and `after` hold what is named here.

    - ADDED, REMOVED: a component; none. HAMPER_ADDED, HAMPER_REMOVED: copies
    - QUANTITY: pieces per hamper. COPIES: hampers. LIST_PRICE: unit list net
    - DISCOUNT: per cent; without a name, of every line of the hamper
    - OWN_PRICE: net price of one hamper, None when it follows the contents
    - UNIT_GROSS: one hamper, VAT included
    - CHARGE: net of a charge, None when there was or is none
    - VALID_UNTIL, DELIVERY: dates. PAYMENT_TERMS: days. TOTAL: gross of the document
    """

    ADDED = "added"
    REMOVED = "removed"
    HAMPER_ADDED = "hamper_added"
    HAMPER_REMOVED = "hamper_removed"
    QUANTITY = "quantity"
    COPIES = "copies"
    LIST_PRICE = "list_price"
    DISCOUNT = "discount"
    OWN_PRICE = "own_price"
    UNIT_GROSS = "unit_gross"
    CHARGE = "charge"
    VALID_UNTIL = "valid_until"
    DELIVERY = "delivery"
    PAYMENT_TERMS = "payment_terms"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `amount` is signed: net per hamper for contents, of the whole for the rest.

    The amount of COPIES is that of the copies more or less, at their new price.
    `enters_limit`: with it one hamper comes to 50 € or less, VAT included.
    """

    kind: ChangeKind
    hamper: str = ""
    name: str = ""
    before: Value = None
    after: Value = None
    amount: Decimal | None = None
    enters_limit: bool = False


def compare(old: QuoteRevision, new: QuoteRevision, *, locale: str = "it") -> tuple[Change, ...]:
    """List what a reader of `old` has to know about `new`; empty if nothing changed."""
    return tuple(_changes(old, new, locale))


def _changes(old: QuoteRevision, new: QuoteRevision, locale: str) -> Iterator[Change]:
    before, after = _by_name(old), _by_name(new)
    for name, hamper in before.items():
        if name not in after:
            net = priced_hamper(hamper).net
            yield Change(ChangeKind.HAMPER_REMOVED, name, before=hamper.quantity, amount=-net)
    for name, hamper in after.items():
        if name in before:
            yield from _hamper_changes(before[name], hamper, locale)
        else:
            net = priced_hamper(hamper).net
            yield Change(ChangeKind.HAMPER_ADDED, name, after=hamper.quantity, amount=net)
    yield from _charge_changes(old, new)
    for kind, was, now in (
        (ChangeKind.DELIVERY, old.delivery_on, new.delivery_on),
        (ChangeKind.PAYMENT_TERMS, old.payment_terms_days, new.payment_terms_days),
        (ChangeKind.VALID_UNTIL, old.valid_until, new.valid_until),
    ):
        if was != now:
            yield Change(kind, before=was, after=now)
    was_gross, is_gross = priced_document(old).gross, priced_document(new).gross
    if was_gross != is_gross:
        yield Change(
            ChangeKind.TOTAL, before=was_gross, after=is_gross, amount=is_gross - was_gross
        )


def _by_name(revision: QuoteRevision) -> dict[str, QuoteHamper]:
    """Hampers by name; a second one of the same name gets its place behind it."""
    named: dict[str, QuoteHamper] = {}
    for hamper in revision.hampers:
        name = hamper.name if hamper.name not in named else f"{hamper.name} ({hamper.position})"
        named[name] = hamper
    return named


def _hamper_changes(old: QuoteHamper, new: QuoteHamper, locale: str) -> Iterator[Change]:
    was, now = priced_hamper(old), priced_hamper(new)
    if old.quantity != new.quantity:
        yield Change(
            ChangeKind.COPIES,
            new.name,
            before=old.quantity,
            after=new.quantity,
            amount=(new.quantity - old.quantity) * now.unit_net,
        )
    before = {component.sku: component for component in old.components}
    after = {component.sku: component for component in new.components}
    for sku, component in before.items():
        if sku not in after:
            yield _gone_or_new(ChangeKind.REMOVED, new.name, component, locale)
    for sku, component in after.items():
        if sku not in before:
            yield _gone_or_new(ChangeKind.ADDED, new.name, component, locale)
    kept = [(before[sku], after[sku]) for sku in after if sku in before]
    for one, other in kept:
        yield from _component_changes(new.name, one, other, locale)
    yield from _discount_changes(new.name, kept, locale)
    if old.own_unit_net != new.own_unit_net:
        yield Change(
            ChangeKind.OWN_PRICE,
            new.name,
            before=old.own_unit_net,
            after=new.own_unit_net,
            amount=now.unit_net - was.unit_net,
        )
    if was.unit_gross != now.unit_gross:
        yield Change(
            ChangeKind.UNIT_GROSS,
            new.name,
            before=was.unit_gross,
            after=now.unit_gross,
            amount=now.unit_gross - was.unit_gross,
            enters_limit=_is_safe(now) and not _is_safe(was),
        )


def _gone_or_new(kind: ChangeKind, hamper: str, row: QuoteComponent, locale: str) -> Change:
    net = _net(row, row.discount)
    return Change(
        kind, hamper, name_of(row, locale), amount=net if kind is ChangeKind.ADDED else -net
    )


def _component_changes(
    hamper: str, old: QuoteComponent, new: QuoteComponent, locale: str
) -> Iterator[Change]:
    name = name_of(new, locale)
    if old.quantity != new.quantity:
        amount = _net(new, old.discount) - _net(old, old.discount)
        yield Change(ChangeKind.QUANTITY, hamper, name, old.quantity, new.quantity, amount)
    if old.list_net != new.list_net:
        amount = (new.list_net - old.list_net) * new.quantity
        yield Change(ChangeKind.LIST_PRICE, hamper, name, old.list_net, new.list_net, amount)


def _discount_changes(
    hamper: str, kept: list[tuple[QuoteComponent, QuoteComponent]], locale: str
) -> Iterator[Change]:
    """One line where all discounts moved together, else one per component."""
    changed = [(old, new) for old, new in kept if old.discount != new.discount]
    moves = {(old.discount, new.discount) for old, new in changed}
    if len(moves) == 1 and len(changed) == len(kept) and len(kept) > 1:
        before, after = moves.pop()
        amount = sum((_net(new, after) - _net(new, before) for _old, new in changed), ZERO)
        yield Change(ChangeKind.DISCOUNT, hamper, "", before, after, amount)
        return
    for old, new in changed:
        yield Change(
            ChangeKind.DISCOUNT,
            hamper,
            name_of(new, locale),
            old.discount,
            new.discount,
            _net(new, new.discount) - _net(new, old.discount),
        )


def _charge_changes(old: QuoteRevision, new: QuoteRevision) -> Iterator[Change]:
    before = {charge.description: charge.net for charge in old.charges}
    after = {charge.description: charge.net for charge in new.charges}
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield Change(
                ChangeKind.CHARGE,
                name=name,
                before=was,
                after=now,
                amount=(now or ZERO) - (was or ZERO),
            )


def _net(row: QuoteComponent, discount: Decimal) -> Decimal:
    """The row's net in one hamper at a discount."""
    return percent_off(row.list_net, discount) * row.quantity


def _is_safe(hamper: PricedHamper) -> bool:
    return gift_state(hamper.unit_net, hamper.unit_gross) is GiftState.SAFE
