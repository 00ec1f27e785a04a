"""What the page offers: ways out of what does not fit, and one thing worth trying."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gifting.catalogue.queries import BoxFacts, ProductFacts
from gifting.core.fit import boxes_that_fit, can_add, check_fit
from gifting.core.gift_meter import GIFT_LIMIT, GiftState
from gifting.core.pricing import Component, ComponentKind
from gifting.hampers.documents.composition import (
    Composition,
    Goods,
    box_component,
    product_component,
)

NEARLY = Decimal("52.00")
"""Up to here a hamper just over the limit is offered a swap that brings it under."""
ROOMY_PERCENT = 80
MODEST_SHARE = Decimal("0.25")
"""What is suggested costs at most this share of the hamper."""


@dataclass(frozen=True, slots=True)
class BoxOffer:
    """A box; `difference` is what choosing it adds to one hamper's gross price."""

    box: BoxFacts
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product to add, or to put in place of `instead_of`, and one hamper's gross price then."""

    facts: ProductFacts
    instead_of: ProductFacts | None
    gross: Decimal


def boxes_on_offer(composition: Composition, goods: Goods) -> list[BoxOffer]:
    """List the boxes that hold the contents, cheapest first, apart from the present one."""
    by_sku = {box.sku: box for box in goods.boxes.values() if box.id != composition.box.id}
    sizes = boxes_that_fit([box.size for box in by_sku.values()], composition.packables)
    offers = [BoxOffer(by_sku[s.sku], _difference(composition, by_sku[s.sku])) for s in sizes]
    return sorted(offers, key=lambda offer: offer.difference)


def fitting_swap(composition: Composition, products: Iterable[ProductFacts]) -> Suggestion | None:
    """Find what goes in where a product does not: of its kind, in stock, nearest to its price."""
    unfit = {problem.sku for problem in composition.problems if problem.is_fit and problem.sku}
    swaps = [
        (old, facts)
        for old, facts in _swaps(composition, list(products))
        if old.sku in unfit and _fits_instead(composition, facts, old)
    ]
    if not swaps:
        return None
    old, facts = min(
        swaps, key=lambda pair: (abs(pair[1].list_net - pair[0].list_net), pair[1].sku)
    )
    return Suggestion(facts, old, _gross_with(composition, facts, instead_of=old))


def suggest(composition: Composition, products: Iterable[ProductFacts]) -> Suggestion | None:
    """Find the one thing worth saying now, or nothing.

    Just over 50 € gross: the dearest swap within a category that brings the hamper under.
    With room to spare: the modest product still missing that carries most work, from a new
    workshop if possible, and keeps the meter where it is.
    """
    if not composition.lines or not composition.fit.fits:
        return None
    if GIFT_LIMIT < composition.meter.gross <= NEARLY:
        return _best_swap(composition, list(products))
    if composition.fit.fill_percent <= ROOMY_PERCENT:
        return _best_addition(composition, products)
    return None


def _best_swap(composition: Composition, products: list[ProductFacts]) -> Suggestion | None:
    found = [
        Suggestion(facts, old, gross)
        for old, facts in _swaps(composition, products)
        if facts.list_net < old.list_net
        and (gross := _gross_with(composition, facts, instead_of=old)) <= GIFT_LIMIT
        and _fits_instead(composition, facts, old)
    ]
    return max(found, key=lambda swap: swap.gross, default=None)


def _swaps(
    composition: Composition, products: list[ProductFacts]
) -> Iterator[tuple[ProductFacts, ProductFacts]]:
    """Pair each product there is one piece of with what is of its kind, in stock and not inside."""
    inside = {facts.id for facts, _, _ in composition.lines}
    for old, pieces, _ in composition.lines:
        for facts in products:
            is_like = facts.category == old.category and facts.available >= composition.quantity
            if pieces == 1 and is_like and facts.id not in inside:
                yield old, facts


def _fits_instead(composition: Composition, facts: ProductFacts, old: ProductFacts) -> bool:
    rest = [item for item in composition.packables if item.sku != old.sku]
    return check_fit(composition.box.size, [*rest, facts.packable(1)]).fits


def _best_addition(composition: Composition, products: Iterable[ProductFacts]) -> Suggestion | None:
    inside = {facts.id for facts, _, _ in composition.lines}
    makers = {facts.producer_slug for facts, _, _ in composition.lines}
    box, packables = composition.box.size, composition.packables
    most = composition.priced.unit_net * MODEST_SHARE

    def is_alike(facts: ProductFacts) -> bool:
        return facts.is_food == composition.tags.has_food and facts.list_net <= most

    candidates = sorted(
        (facts for facts in products if facts.id not in inside and is_alike(facts)),
        key=lambda facts: (facts.producer_slug in makers, -facts.work_minutes, facts.sku),
    )
    for facts in candidates:
        if facts.available < composition.quantity:
            continue
        gross = _gross_with(composition, facts)
        stays = composition.meter.state is not GiftState.SAFE or gross <= GIFT_LIMIT
        if stays and can_add(box, packables, facts.packable(1)).fits:
            return Suggestion(facts, None, gross)
    return None


def _gross_with(
    composition: Composition, facts: ProductFacts, *, instead_of: ProductFacts | None = None
) -> Decimal:
    gone = instead_of.sku if instead_of else None
    kept = [c for c in composition.priced.components if c.sku != gone]
    added = product_component(facts, 1, kept[-1].discount)
    return composition.priced_with([added, *kept]).unit_gross


def _difference(composition: Composition, box: BoxFacts) -> Decimal:
    def in_box(component: Component) -> Component:
        is_box = component.kind is ComponentKind.BOX
        return box_component(box, component.discount) if is_box else component

    components = [in_box(component) for component in composition.priced.components]
    return composition.priced_with(components).unit_gross - composition.priced.unit_gross
