"""What staff see of a product: stock, label, and its prices and rates past and to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from gifting.catalogue.models import Producer, Product, ProductPrice, ProductVat, QuantityBreak
from gifting.catalogue.queries.facts import ProductFacts
from gifting.catalogue.queries.goods import facts_of, select_facts
from gifting.platform.db import db

ROWS = 50


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product with its pieces on hand and reserved; free is `facts.available`."""

    facts: ProductFacts
    on_hand: int
    reserved: int
    label_confirmed: bool
    is_offered: bool


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """A price from a day on. `cost_net` None: not for this reader."""

    valid_from: date
    list_net: Decimal
    cost_net: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class DatedVat:
    valid_from: date
    rate: Decimal
    nature: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class History:
    """Prices and rates of a product, newest first."""

    prices: tuple[DatedPrice, ...]
    rates: tuple[DatedVat, ...]


@dataclass(frozen=True, slots=True)
class BreakSet:
    """The quantity breaks in force from a day on."""

    valid_from: date
    steps: tuple[tuple[int, Decimal], ...]


def list_stock(
    *, on: date, text: str = "", only: str = "", after: str | None = None
) -> Sequence[StockRow]:
    """List products by SKU after one of them, one row more than a page holds.

    `text` is part of a SKU, a name or a maker. `only` keeps those whose label is unconfirmed
    («label»), those taken off sale («off»), or those with nothing free («out»).
    """
    query = select_facts(on, Product.on_hand, Product.reserved).order_by(Product.sku)
    if text:
        pattern = f"%{text.replace('%', '').replace('_', '')}%"
        plain = sa.func.search_plain(sa.cast(pattern, sa.Text))
        query = query.where(
            sa.or_(
                Product.sku.ilike(pattern),
                sa.func.search_plain(Product.name_it).like(plain),
                sa.func.search_plain(Producer.name).like(plain),
            )
        )
    if only == "label":
        query = query.where(~Product.label_confirmed)
    elif only == "off":
        query = query.where(~Product.is_on_sale)
    elif only == "out":
        query = query.where(Product.on_hand == Product.reserved)
    if after:
        query = query.where(Product.sku > after)
    return [_stock_row(row) for row in db.session.execute(query.limit(ROWS + 1))]


def get_stock(sku: str, *, on: date) -> StockRow:
    """Return a product's row.

    :raises NoResultFound: if there is none
    """
    query = select_facts(on, Product.on_hand, Product.reserved).where(Product.sku == sku)
    return _stock_row(db.session.execute(query).one())


def get_history(product_id: int, *, with_costs: bool) -> History:
    """Return all prices and rates of a product, those to come first."""
    prices = db.session.scalars(
        sa.select(ProductPrice)
        .where(ProductPrice.product_id == product_id)
        .order_by(ProductPrice.valid_from.desc())
    )
    rates = db.session.scalars(
        sa.select(ProductVat)
        .where(ProductVat.product_id == product_id)
        .order_by(ProductVat.valid_from.desc())
    )
    return History(
        tuple(
            DatedPrice(p.valid_from, p.list_net, p.cost_net if with_costs else None, p.source)
            for p in prices
        ),
        tuple(DatedVat(r.valid_from, r.rate, r.nature, r.legal_basis) for r in rates),
    )


def list_break_sets() -> list[BreakSet]:
    """List all dated sets of breaks, those to come first."""
    sets: dict[date, list[tuple[int, Decimal]]] = {}
    for step in db.session.scalars(
        sa.select(QuantityBreak).order_by(
            QuantityBreak.valid_from.desc(), QuantityBreak.min_quantity
        )
    ):
        sets.setdefault(step.valid_from, []).append((step.min_quantity, step.discount))
    return [BreakSet(valid_from, tuple(steps)) for valid_from, steps in sets.items()]


def _stock_row(row: sa.Row[*tuple[object, ...]]) -> StockRow:
    return StockRow(
        facts=facts_of(row),
        on_hand=row.on_hand,
        reserved=row.reserved,
        label_confirmed=row.label_confirmed,
        is_offered=row.is_offered,
    )


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the stockroom has of a product."""

    id: int
    sku: str
    name_it: str
    name_en: str
    on_hand: int
    reserved: int

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_it


def list_shelved() -> dict[str, Shelved]:
    """Return what there is of every product, by SKU."""
    rows = db.session.execute(
        sa.select(
            Product.id,
            Product.sku,
            Product.name_it,
            Product.name_en,
            Product.on_hand,
            Product.reserved,
        ).order_by(Product.sku)
    )
    return {row.sku: Shelved(*row) for row in rows}
