"""What is on sale, read once for as long as nothing about it changes.

Every page of the catalogue asks for the whole shelf, and it changes some hundred times a day: a
price, a piece reserved. Each process keeps the last ones it read, by a stamp of the tables. What
else follows from these tables alone may be kept by the shelf itself.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from gifting.catalogue import models
from gifting.catalogue.models import Product
from gifting.catalogue.queries.facts import BoxFacts, ExtraFacts, ProductFacts
from gifting.catalogue.queries.goods import (
    facts_of,
    list_boxes,
    list_extras,
    list_quantity_breaks,
    select_facts,
)
from gifting.core.pricing import PriceBreak
from gifting.platform.db import db

KEPT = 4
STAMPED = (
    *(models.Product, models.Producer, models.ProductPrice, models.ProductVat),
    *(models.Box, models.Extra, models.QuantityBreak),
    *(models.ReadyHamper, models.ReadyHamperLine),
)
_VERSION = sa.func.hashtidextended(
    sa.literal_column("ctid"),
    sa.cast(sa.cast(sa.literal_column("xmin"), sa.Text), sa.BigInteger),
)
_STAMP = sa.select(
    *(
        sa.select(sa.func.coalesce(sa.func.sum(_VERSION), 0)).select_from(table).scalar_subquery()
        for table in STAMPED
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """What is on sale on a day, products by name. Another reading is another shelf.

    It is equal only to itself, so that what follows from it is kept by it.
    """

    on: date
    products: tuple[ProductFacts, ...]
    boxes: tuple[BoxFacts, ...]
    extras: tuple[ExtraFacts, ...]
    breaks: tuple[PriceBreak, ...]


def list_shelf(*, on: date, producer_slug: str | None = None) -> list[ProductFacts]:
    """List what is on sale, by name; of one maker if told which."""
    return [
        facts
        for facts in read_shelf(on).products
        if producer_slug is None or facts.producer_slug == producer_slug
    ]


def read_shelf(on: date) -> Shelf:
    """Return what is on sale, as read before unless it has changed."""
    return _shelf(_stamp(), on)


def _stamp() -> tuple[int, ...]:
    """Return a sum for each table, another one after every change of it.

    It is of a 64-bit hash of each row's place and the transaction that wrote it there: no other
    version of any row has both.
    """
    db.session.flush()  # what is about to be written changes it too
    return tuple(int(number) for number in db.session.execute(_STAMP).one())


@lru_cache(maxsize=KEPT)
def _shelf(_at: tuple[int, ...], on: date) -> Shelf:
    """Read the shelf. It is never older than the stamp, which was read before."""
    query = select_facts(on).where(Product.is_on_sale).order_by(Product.name_it, Product.id)
    facts = map(facts_of, db.session.execute(query))
    return Shelf(
        on=on,
        products=tuple(product for product in facts if product.is_on_sale),
        boxes=tuple(list_boxes()),
        extras=tuple(list_extras()),
        breaks=list_quantity_breaks(on=on),
    )
