"""Ready-made hampers: what is in them and what they come to, by the core's own calculation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.catalogue.models import Box, ReadyHamper
from gifting.catalogue.queries.facts import BoxFacts, Named, ProductFacts
from gifting.catalogue.queries.goods import box_facts, get_products
from gifting.core.diet import BoxTags, tags_of
from gifting.core.drawing import Shape
from gifting.core.gift_meter import GiftState, gift_state
from gifting.core.pricing import Component, ComponentKind, PriceBreak, PricedHamper, break_for
from gifting.core.vat import ZERO
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class ReadyLine:
    product_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyHamperFacts(Named):
    """A ready-made hamper as it is written down; its price is `PricedReadyHamper`'s."""

    id: int
    sku: str
    description_it: str
    description_en: str
    occasion: str
    box_id: int
    lines: tuple[ReadyLine, ...]

    def description(self, locale: str) -> str:
        return self.description_en if locale == "en" else self.description_it


@dataclass(frozen=True)
class PricedReadyHamper:
    """A ready-made hamper at a day's prices, as one of `quantity` equal ones."""

    facts: ReadyHamperFacts
    box: BoxFacts
    lines: tuple[tuple[ProductFacts, int], ...]
    priced: PricedHamper

    @cached_property
    def tags(self) -> BoxTags:
        return tags_of(product.label_facts for product, _ in self.lines)

    @property
    def is_on_sale(self) -> bool:
        products_on_sale = all(product.is_on_sale for product, _ in self.lines)
        return products_on_sale and self.box.is_on_sale

    @property
    def gift_state(self) -> GiftState:
        return gift_state(self.priced.unit_net, self.priced.unit_gross)

    @property
    def shapes(self) -> list[Shape]:
        return [product.shape(quantity) for product, quantity in self.lines]

    @property
    def pieces(self) -> int:
        return sum(quantity for _, quantity in self.lines)

    @property
    def work_minutes(self) -> int:
        """An estimate."""
        return sum(product.work_minutes * quantity for product, quantity in self.lines)

    @property
    def weight_g(self) -> int:
        contents = sum(product.gross_weight_g * quantity for product, quantity in self.lines)
        return self.box.tare_g + contents

    @property
    def lead_time_days(self) -> int:
        """Of what is not in stock for all the hampers, what takes longest; 0 when nothing is."""
        needed = ((product, pieces * self.priced.quantity) for product, pieces in self.lines)
        made = (product.lead_time_days for product, wanted in needed if product.available < wanted)
        return max(made, default=0)

    @property
    def producers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(product.producer_name for product, _ in self.lines))


def get_ready_hamper(sku: str) -> ReadyHamperFacts:
    """Return a ready-made hamper.

    :raises NoResultFound: if there is none
    """
    return _facts(db.session.execute(_select().where(ReadyHamper.sku == sku)).scalar_one())


def list_ready_hampers() -> list[ReadyHamperFacts]:
    """List the ready-made hampers in the consortium's order."""
    return [_facts(row) for row in db.session.scalars(_select())]


def price_ready_hampers(
    hampers: Sequence[ReadyHamperFacts],
    *,
    on: date,
    breaks: Sequence[PriceBreak] = (),
    quantity: int = 1,
    known: Mapping[int, ProductFacts] | None = None,
) -> list[PricedReadyHamper]:
    """Price ready-made hampers with the day's price list, in two queries for all of them.

    `known` are that day's products read already: only others are looked up. One with a product
    that is not on sale is returned too: see `is_on_sale`.
    """
    wanted = {line.product_id for hamper in hampers for line in hamper.lines}
    products = dict(known or {})
    products |= get_products(wanted - products.keys(), on=on)
    box_ids = {hamper.box_id for hamper in hampers}
    boxes = {
        box.id: box_facts(box)
        for box in db.session.scalars(sa.select(Box).where(Box.id.in_(box_ids)))
    }
    return [
        _price(hamper, boxes[hamper.box_id], products, breaks, quantity)
        for hamper in hampers
        if hamper.lines
    ]


def _price(
    hamper: ReadyHamperFacts,
    box: BoxFacts,
    products: dict[int, ProductFacts],
    breaks: Sequence[PriceBreak],
    quantity: int,
) -> PricedReadyHamper:
    lines = tuple((products[line.product_id], line.quantity) for line in hamper.lines)
    return PricedReadyHamper(
        hamper, box, lines, price_contents(hamper, box, lines, breaks, quantity)
    )


def price_contents(
    named: Named,
    box: BoxFacts,
    lines: Iterable[tuple[ProductFacts, int]],
    breaks: Sequence[PriceBreak] = (),
    quantity: int = 1,
) -> PricedHamper:
    """Price a box with these contents, each unit lowered by the break the quantity reaches."""
    step = break_for(breaks, quantity)
    discount = step.discount if step else ZERO
    goods = [
        Component(
            kind=ComponentKind.PRODUCT,
            sku=product.sku,
            name=product.name_it,
            quantity=pieces,
            list_net=product.list_net,
            discount=discount,
            vat=product.vat,
        )
        for product, pieces in lines
    ]
    container = Component(
        kind=ComponentKind.BOX,
        sku=box.sku,
        name=box.name_it,
        quantity=1,
        list_net=box.list_net,
        discount=discount,
        vat=box.vat,
    )
    return PricedHamper(named.name_it, quantity, (*goods, container))


def _select() -> sa.Select[ReadyHamper]:
    return (
        sa.select(ReadyHamper)
        .options(selectinload(ReadyHamper.lines))
        .order_by(ReadyHamper.position, ReadyHamper.id)
    )


def _facts(row: ReadyHamper) -> ReadyHamperFacts:
    return ReadyHamperFacts(
        id=row.id,
        sku=row.sku,
        name_it=row.name_it,
        name_en=row.name_en,
        description_it=row.description_it,
        description_en=row.description_en,
        occasion=row.occasion,
        box_id=row.box_id,
        lines=tuple(ReadyLine(line.product_id, line.quantity) for line in row.lines),
    )
