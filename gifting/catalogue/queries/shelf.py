"""What is on sale, read once for as long as nothing about it changes.

Every page of the catalogue asks for the whole shelf, and it changes some hundred times a day: a
price, a piece reserved. Each process keeps the last ones it read, by a stamp of the tables.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from gifting.catalogue.models import Producer, Product, ProductPrice, ProductVat
from gifting.catalogue.queries.facts import ProductFacts
from gifting.catalogue.queries.goods import facts_of, select_facts
from gifting.platform.db import db

KEPT = 4
_VERSION = sa.func.hashtidextended(
    sa.literal_column("ctid"),
    sa.cast(sa.cast(sa.literal_column("xmin"), sa.Text), sa.BigInteger),
)
_STAMP = sa.select(
    *(
        sa.select(sa.func.coalesce(sa.func.sum(_VERSION), 0)).select_from(table).scalar_subquery()
        for table in (Product, Producer, ProductPrice, ProductVat)
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """What is on sale on a day, by name. Equal only to itself, so that what follows is kept by it.

    Another reading is another shelf.
    """

    products: tuple[ProductFacts, ...]


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
    return Shelf(tuple(product for product in facts if product.is_on_sale))
