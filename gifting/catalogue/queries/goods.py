"""Products, boxes, extras and breaks by their ids, as they stand on a day."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from gifting.catalogue.models import (
    Box,
    Extra,
    Producer,
    Product,
    ProductPrice,
    ProductVat,
    QuantityBreak,
)
from gifting.catalogue.queries.facts import BoxFacts, ExtraFacts, ProductFacts
from gifting.core.diet import FOOD_CATEGORIES
from gifting.core.pricing import PriceBreak
from gifting.core.vat import ZERO, VatClass
from gifting.platform.db import db

_ORDINARY = VatClass(Decimal(22))


def get_products(ids: Collection[int], *, on: date) -> dict[int, ProductFacts]:
    """Return the products with these ids, those not on sale too; unknown ids are left out."""
    if not ids:
        return {}
    rows = db.session.execute(select_facts(on).where(Product.id.in_(ids)))
    return {row.id: facts_of(row) for row in rows}


def get_products_by_sku(skus: Collection[str], *, on: date) -> dict[str, ProductFacts]:
    """Return the products with these SKUs, those not on sale too; unknown ones are left out."""
    if not skus:
        return {}
    rows = db.session.execute(select_facts(on).where(Product.sku.in_(skus)))
    return {row.sku: facts_of(row) for row in rows}


def list_boxes() -> list[BoxFacts]:
    """List the boxes on sale, smallest first."""
    volume = Box.length_mm * Box.width_mm * Box.height_mm
    boxes = db.session.scalars(sa.select(Box).where(Box.is_on_sale).order_by(volume, Box.id))
    return [box_facts(box) for box in boxes]


def get_box(box_id: int) -> BoxFacts:
    """Return a box, on sale or not.

    :raises NoResultFound: if there is none
    """
    return box_facts(db.session.get_one(Box, box_id))


def list_extras() -> list[ExtraFacts]:
    """List the extras on sale, by kind, cheapest first."""
    extras = db.session.scalars(
        sa.select(Extra).where(Extra.is_on_sale).order_by(Extra.kind, Extra.list_net, Extra.id)
    )
    return [extra_facts(extra) for extra in extras]


def get_extras(ids: Collection[int]) -> dict[int, ExtraFacts]:
    """Return the extras with these ids, on sale or not."""
    if not ids:
        return {}
    extras = db.session.scalars(sa.select(Extra).where(Extra.id.in_(ids)))
    return {extra.id: extra_facts(extra) for extra in extras}


def list_quantity_breaks(*, on: date) -> tuple[PriceBreak, ...]:
    """List the breaks in force on a day: those of the latest dated set, fewest hampers first."""
    return tuple(
        PriceBreak(step.min_quantity, step.discount)
        for step in db.session.scalars(
            sa.select(QuantityBreak)
            .where(QuantityBreak.valid_from == _latest_set(on))
            .order_by(QuantityBreak.min_quantity)
        )
    )


def select_facts(on: date, *more: sa.SQLColumnExpression[Any]) -> sa.Select[*tuple[Any, ...]]:
    """Select what `facts_of` needs: the product with the price and rate valid on the day."""
    price = _valid(ProductPrice, on)
    vat = _valid(ProductVat, on)
    columns: dict[str, sa.SQLColumnExpression[Any]] = {
        **vat.c,
        **price.c,
        **Producer.__table__.c,
        **Product.__table__.c,
        "is_offered": Product.is_on_sale,
        "available": Product.on_hand - Product.reserved,
        "producer_slug": Producer.slug,
        "producer_name": Producer.name,
    }
    return (
        sa.select(*(columns[name].label(name) for name in _Kept._fields), vat.c.legal_basis, *more)
        .select_from(Product)
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(price, price.c.product_id == Product.id)
        .outerjoin(vat, vat.c.product_id == Product.id)
    )


def facts_of(row: sa.Row[*tuple[Any, ...]]) -> ProductFacts:
    """Return a product as its row says. Rows seldom change: the same row is the same object."""
    values = list(row[:_KEPT])
    values[_LABELS] = map(_words, values[_LABELS])
    return _facts(_Kept._make(values))


class _Kept(NamedTuple):
    """The first columns of `select_facts`, by which it selects them.

    A name that several tables have is the product's, then the maker's.
    """

    id: int
    sku: str
    name_it: str
    name_en: str
    category: str
    length_mm: int
    width_mm: int
    height_mm: int
    gross_weight_g: int
    allergens: frozenset[str] | None
    dietary: frozenset[str] | None
    label_confirmed: bool
    lead_time_days: int
    season: str
    work_minutes: int
    is_offered: bool
    available: int
    producer_slug: str
    producer_name: str
    city: str
    region: str
    list_net: Decimal | None
    cost_net: Decimal | None
    rate: Decimal | None
    nature: str | None


_KEPT = len(_Kept._fields)
_LABELS = slice(_Kept._fields.index("allergens"), _Kept._fields.index("dietary") + 1)


@lru_cache(maxsize=4096)
def _facts(row: _Kept) -> ProductFacts:
    is_food = row.category in FOOD_CATEGORIES
    is_priced = row.list_net is not None and row.rate is not None
    return ProductFacts(
        id=row.id,
        sku=row.sku,
        name_it=row.name_it,
        name_en=row.name_en,
        category=row.category,
        producer_slug=row.producer_slug,
        producer_name=row.producer_name,
        city=row.city,
        region=row.region,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        gross_weight_g=row.gross_weight_g,
        list_net=ZERO if row.list_net is None else row.list_net,
        cost_net=ZERO if row.cost_net is None else row.cost_net,
        vat=_ORDINARY if row.rate is None else _vat_class(row.rate, row.nature),
        allergens=row.allergens,
        dietary=row.dietary,
        is_food=is_food,
        lead_time_days=row.lead_time_days,
        season=row.season,
        work_minutes=row.work_minutes,
        available=row.available,
        is_on_sale=row.is_offered and is_priced and (row.label_confirmed or not is_food),
    )


def box_facts(box: Box) -> BoxFacts:
    return BoxFacts(
        id=box.id,
        sku=box.sku,
        name_it=box.name_it,
        name_en=box.name_en,
        length_mm=box.length_mm,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        max_weight_g=box.max_weight_g,
        tare_g=box.tare_g,
        material=box.material,
        list_net=box.list_net,
        cost_net=box.cost_net,
        vat=VatClass(box.vat_rate),
        is_on_sale=box.is_on_sale,
    )


def extra_facts(extra: Extra) -> ExtraFacts:
    return ExtraFacts(
        id=extra.id,
        sku=extra.sku,
        name_it=extra.name_it,
        name_en=extra.name_en,
        kind=extra.kind,
        list_net=extra.list_net,
        cost_net=extra.cost_net,
        setup_fee_net=extra.setup_fee_net,
        min_quantity=extra.min_quantity,
        lead_time_days=extra.lead_time_days,
        vat=VatClass(extra.vat_rate),
        note_it=extra.note_it,
        is_on_sale=extra.is_on_sale,
    )


def _valid(table: type[ProductPrice | ProductVat], on: date) -> sa.Subquery:
    """The newest row of each product that is valid on the day."""
    return (
        sa.select(table)
        .where(table.valid_from <= on)
        .ext(distinct_on(table.product_id))
        .order_by(table.product_id, table.valid_from.desc())
        .subquery()
    )


def _latest_set(on: date) -> sa.ScalarSelect[date]:
    return (
        sa.select(sa.func.max(QuantityBreak.valid_from))
        .where(QuantityBreak.valid_from <= on)
        .scalar_subquery()
    )


@lru_cache(maxsize=64)
def _vat_class(rate: Decimal, nature: str) -> VatClass:
    """There are a handful of classes and hundreds of products in them."""
    return VatClass(rate, nature)


def _words(values: Iterable[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)
