"""A hamper as pages and quotes see it: what it holds, costs, weighs and may be called.

Every figure comes from the core; prices are those of a day's price list. What is not on sale
that day stays among the lines and is a problem: nobody can ask for a quote with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from gifting.catalogue import queries as catalogue
from gifting.catalogue.queries import BoxFacts, ExtraFacts, ProductFacts, Shelf
from gifting.core.calendar import earliest_delivery, rome_date
from gifting.core.diet import BoxTags, tags_of
from gifting.core.fit import FitReport, Packable, boxes_that_fit, check_fit
from gifting.core.gift_meter import GiftMeter
from gifting.core.money import to_cents
from gifting.core.pricing import (
    Component,
    ComponentKind,
    PriceBreak,
    PricedDocument,
    PricedHamper,
    break_for,
    next_break,
)
from gifting.core.vat import ZERO, VatBreakdown
from gifting.core.work import estimated_hours
from gifting.hampers.models import Hamper
from gifting.platform import settings

Line = tuple[ProductFacts, int, Component]


class ProblemCode(StrEnum):
    """Why a quote cannot be asked for yet. The values each problem carries are named here.

    - TOO_BIG, TOO_TALL, TOO_FULL, TOO_HEAVY, NOTHING: those of `core.fit.FitCode`
    - OFF_SALE: none
    - MIN_QUANTITY: min_quantity, missing
    """

    TOO_BIG = "too_big"
    TOO_TALL = "too_tall"
    TOO_FULL = "too_full"
    TOO_HEAVY = "too_heavy"
    NOTHING = "nothing"
    OFF_SALE = "off_sale"
    MIN_QUANTITY = "min_quantity"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, with the product or extra it is about, if it is about one."""

    code: ProblemCode
    sku: str | None
    name: str
    values: dict[str, int]
    is_extra: bool = False

    @property
    def is_fit(self) -> bool:
        return self.code not in {
            ProblemCode.OFF_SALE,
            ProblemCode.MIN_QUANTITY,
            ProblemCode.NOTHING,
        }


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One hamper's price from `min_quantity` on, to `max_quantity` or without end."""

    min_quantity: int
    max_quantity: int | None
    discount: Decimal
    net: Decimal
    gross: Decimal
    is_current: bool


@dataclass(frozen=True)
class Composition:
    """A hamper with everything that follows from its contents; `quantity` equal hampers.

    `work_minutes` is per hamper and, like `hours`, an estimate. `earliest_on` is the day by
    which all of them could be delivered if they were ordered today. `slowest` decides it: of
    all that is not in stock, what takes `lead_time_days`, the longest.
    """

    key: str
    name: str
    quantity: int
    box: BoxFacts
    lines: tuple[Line, ...]
    extras: tuple[ExtraFacts, ...]
    breaks: tuple[PriceBreak, ...]
    priced: PricedHamper
    document: PricedDocument
    fit: FitReport
    tags: BoxTags
    meter: GiftMeter
    work_minutes: int
    hours: int
    slowest: ProductFacts | ExtraFacts | None
    lead_time_days: int
    earliest_on: date
    problems: tuple[Problem, ...]

    @property
    def is_ready(self) -> bool:
        """Whether a quote can be asked for."""
        return not self.problems

    @cached_property
    def packables(self) -> tuple[Packable, ...]:
        return tuple(facts.packable(quantity) for facts, quantity, _ in self.lines)

    @cached_property
    def producers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(facts.producer_name for facts, _, _ in self.lines))

    @cached_property
    def undeclared(self) -> tuple[ProductFacts, ...]:
        """The foods whose allergens or diets nobody stated."""
        return tuple(facts for facts, _, _ in self.lines if not facts.label_facts.is_complete)

    @cached_property
    def steps(self) -> tuple[PriceStep, ...]:
        """One hamper's price at every quantity break, the plain price first."""
        floors = sorted({1, *(step.min_quantity for step in self.breaks)})
        ends: list[int | None] = [floor - 1 for floor in floors[1:]]
        return tuple(
            self._step(floor, end) for floor, end in zip(floors, [*ends, None], strict=True)
        )

    @property
    def next_break(self) -> PriceBreak | None:
        return next_break(self.breaks, self.quantity)

    def priced_with(self, components: Iterable[Component]) -> PricedHamper:
        """Price the same hamper with other components."""
        return PricedHamper(self.name, self.quantity, tuple(components))

    def _step(self, floor: int, end: int | None) -> PriceStep:
        discount = _discount(self.breaks, floor)
        components = tuple(replace(c, discount=discount) for c in self.priced.components)
        priced = PricedHamper(self.name, floor, components)
        is_current = floor <= self.quantity and (end is None or self.quantity <= end)
        return PriceStep(floor, end, discount, priced.unit_net, priced.unit_gross, is_current)


@dataclass(frozen=True, slots=True)
class Goods:
    """What hampers are made of on one day: products by id, boxes, extras and breaks."""

    products: dict[int, ProductFacts]
    boxes: dict[int, BoxFacts]
    extras: dict[int, ExtraFacts]
    breaks: tuple[PriceBreak, ...]


def load_goods(hampers: Sequence[Hamper], shelf: Shelf) -> Goods:
    """Return what these hampers need: the shelf, and what they hold that is no longer on it."""
    products = {product.id: product for product in shelf.products}
    wanted = {line.product_id for hamper in hampers for line in hamper.lines} - products.keys()
    if wanted:
        products |= catalogue.get_products(wanted, on=shelf.on)
    boxes = {box.id: box for box in shelf.boxes}
    for box_id in {hamper.box_id for hamper in hampers} - boxes.keys():
        boxes[box_id] = catalogue.get_box(box_id)
    extras = {extra.id: extra for extra in shelf.extras}
    chosen = {extra.extra_id for hamper in hampers for extra in hamper.extras}
    if not chosen <= extras.keys():
        extras |= catalogue.get_extras(chosen)
    return Goods(products, boxes, extras, shelf.breaks)


def compose(hamper: Hamper, *, on: date, now: datetime) -> Composition:
    """Compose a hamper at the prices of `on`; delivery is counted from `now`."""
    return compose_from(load_goods([hamper], catalogue.read_shelf(on)), hamper, now=now)


def compose_all(hampers: Sequence[Hamper], *, on: date, now: datetime) -> list[Composition]:
    """Compose many hampers with the queries of one."""
    if not hampers:
        return []
    goods = load_goods(hampers, catalogue.read_shelf(on))
    return [compose_from(goods, hamper, now=now) for hamper in hampers]


def compose_from(goods: Goods, hamper: Hamper, *, now: datetime) -> Composition:
    """Compose a hamper from what is already read."""
    discount = _discount(goods.breaks, hamper.quantity)
    box = goods.boxes[hamper.box_id]
    contents = [(goods.products[line.product_id], line.quantity) for line in hamper.lines]
    lines = tuple(
        (facts, quantity, product_component(facts, quantity, discount))
        for facts, quantity in contents
    )
    extras = tuple(goods.extras[chosen.extra_id] for chosen in hamper.extras)
    components = (
        *(component for _, _, component in lines),
        box_component(box, discount),
        *(_extra(extra, discount) for extra in extras),
    )
    priced = PricedHamper(hamper.name, hamper.quantity, components)
    fit = check_fit(box.size, [facts.packable(quantity) for facts, quantity, _ in lines])
    minutes = sum(facts.work_minutes * quantity for facts, quantity, _ in lines)
    slowest = _slowest(hamper.quantity, lines, extras)
    lead_time = slowest.lead_time_days if slowest else 0
    terms = settings.current()
    return Composition(
        key=hamper.key,
        name=hamper.name,
        quantity=hamper.quantity,
        box=box,
        lines=lines,
        extras=extras,
        breaks=goods.breaks,
        priced=priced,
        document=PricedDocument((priced,)),
        fit=fit,
        tags=tags_of(facts.label_facts for facts, _, _ in lines),
        meter=_meter(priced),
        work_minutes=minutes,
        hours=estimated_hours(minutes, hamper.quantity),
        slowest=slowest,
        lead_time_days=lead_time,
        earliest_on=earliest_delivery(
            rome_date(now), [lead_time], terms.packing_days, terms.transit_days
        ),
        problems=tuple(_problems(hamper.quantity, fit, box, lines, extras)),
    )


def product_component(facts: ProductFacts, quantity: int, discount: Decimal) -> Component:
    """Price a product as it is in a hamper."""
    return replace(_component(ComponentKind.PRODUCT, facts, discount), quantity=quantity)


def box_component(box: BoxFacts, discount: Decimal) -> Component:
    """Price a box as it is in a hamper."""
    return _component(ComponentKind.BOX, box, discount)


def smallest_box(boxes: Iterable[BoxFacts], packables: Sequence[Packable]) -> BoxFacts | None:
    """Find the smallest box these contents go into, if any."""
    by_sku = {box.sku: box for box in boxes}
    fitting = boxes_that_fit([box.size for box in by_sku.values()], packables)
    return by_sku[fitting[0].sku] if fitting else None


def _discount(breaks: Sequence[PriceBreak], quantity: int) -> Decimal:
    reached = break_for(breaks, quantity)
    return reached.discount if reached else Decimal(0)


def _component(kind: ComponentKind, facts: Any, discount: Decimal) -> Component:
    return Component(
        kind=kind,
        sku=facts.sku,
        name=facts.name("it"),
        quantity=1,
        list_net=facts.list_net,
        discount=discount,
        vat=facts.vat,
    )


def _extra(facts: ExtraFacts, discount: Decimal) -> Component:
    component = _component(ComponentKind.EXTRA, facts, discount)
    return replace(component, setup_fee_net=facts.setup_fee_net)


def _slowest(
    quantity: int, lines: Sequence[Line], extras: Sequence[ExtraFacts]
) -> ProductFacts | ExtraFacts | None:
    """Find what takes longest to make: products short of stock, and extras, made to order."""
    made: list[ProductFacts | ExtraFacts] = [
        facts for facts, pieces, _ in lines if facts.available < pieces * quantity
    ]
    return max([*made, *extras], key=lambda facts: facts.lead_time_days, default=None)


def _meter(priced: PricedHamper) -> GiftMeter:
    """Measure one gift, its share of the set-up fees included: they are accessory to it."""
    setup = VatBreakdown.of(priced.setup_split) if priced.setup_fees_net else None
    return GiftMeter.of(
        net=priced.unit_net,
        gross=priced.unit_gross,
        freight_net=to_cents(setup.net / priced.quantity) if setup else ZERO,
        freight_gross=to_cents(setup.gross / priced.quantity) if setup else ZERO,
    )


def _problems(
    quantity: int,
    fit: FitReport,
    box: BoxFacts,
    lines: Sequence[Line],
    extras: Sequence[ExtraFacts],
) -> Iterable[Problem]:
    names = {facts.sku: facts.name("it") for facts, _, _ in lines}
    for facts, _, _ in lines:
        if not facts.is_on_sale:
            yield Problem(ProblemCode.OFF_SALE, facts.sku, names[facts.sku], {})
    for problem in fit.problems:
        code = ProblemCode(problem.code.value)
        yield Problem(code, problem.sku, names.get(problem.sku or "", ""), problem.values)
    if not box.is_on_sale:
        yield Problem(ProblemCode.OFF_SALE, box.sku, box.name("it"), {})
    for extra in extras:
        if not extra.is_on_sale:
            yield Problem(ProblemCode.OFF_SALE, extra.sku, extra.name("it"), {}, is_extra=True)
        if quantity < extra.min_quantity:
            few = {"min_quantity": extra.min_quantity, "missing": extra.min_quantity - quantity}
            yield Problem(ProblemCode.MIN_QUANTITY, extra.sku, extra.name("it"), few, is_extra=True)
