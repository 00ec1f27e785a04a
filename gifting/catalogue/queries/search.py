"""Search of the catalogue: words by the database, everything else by `filters`.

Words are compared by their Italian or English stem and without accents; the last one may be
unfinished. A word that occurs nowhere is replaced by the closest one of the catalogue, and the
result says so. The whole shelf is gone through, because facets need it anyway: it holds hundreds of
products, not thousands.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from gifting.catalogue.models import Producer, Product
from gifting.catalogue.queries.facts import ProductFacts
from gifting.catalogue.queries.filters import Choice, Filters, Logistics, choose, order
from gifting.catalogue.queries.shelf import Shelf, read_shelf
from gifting.catalogue.queries.spelling import count_words, find_closest, words_of
from gifting.platform.db import db

PER_PAGE = 24
MAX_WORDS = 8
_CONFIGURATION = {"it": "italian", "en": "english"}


@dataclass(frozen=True, slots=True)
class Correction:
    """A word nobody wrote in the catalogue, and the one that was searched for instead."""

    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results. `first` counts from 1; cursors are SKUs for `after` and `before`.

    `shelf` is what was searched.
    """

    products: tuple[ProductFacts, ...]
    first: int
    total: int
    on_sale: int
    choice: Choice
    corrections: tuple[Correction, ...]
    previous: str | None
    next: str | None
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class _Found:
    """What has the words, and how well: by product's id."""

    products: tuple[ProductFacts, ...]
    ranks: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Result:
    """What passes the filters, in order; everything found, in the same order; the counts."""

    ordered: Sequence[ProductFacts]
    whole: Sequence[ProductFacts]
    choice: Choice


def search_products(
    filters: Filters,
    logistics: Logistics,
    *,
    locale: str,
    after: str | None = None,
    before: str | None = None,
) -> Page:
    """Return the page after (or before) a product in the chosen order, with all the counts."""
    shelf = read_shelf(logistics.today)
    words = words_of(filters.text)[:MAX_WORDS]
    corrections: tuple[Correction, ...] = ()
    if words:
        found, corrections = _look_for(words, shelf, locale)
        result = _sort_out(found.products, filters, logistics, locale, found.ranks)
    else:
        result = _browse(shelf, filters, logistics, locale)
    ordered, whole, choice = result.ordered, result.whole, result.choice
    start = _start(ordered, whole, after, before)
    shown = ordered[start : start + PER_PAGE]
    return Page(
        products=tuple(shown),
        first=start + 1 if shown else 0,
        total=len(ordered),
        on_sale=len(shelf.products),
        shelf=shelf,
        choice=choice,
        corrections=corrections if whole else (),
        previous=shown[0].sku if shown and start > 0 else None,
        next=shown[-1].sku if start + PER_PAGE < len(ordered) else None,
    )


def _start(
    ordered: Sequence[ProductFacts],
    whole: Sequence[ProductFacts],
    after: str | None,
    before: str | None,
) -> int:
    """Where the page begins: beside the cursor, though the cursor itself may have left the list."""
    place = {product.sku: position for position, product in enumerate(whole)}
    if after in place:
        return sum(place[product.sku] <= place[after] for product in ordered)
    if before in place:
        return max(sum(place[product.sku] < place[before] for product in ordered) - PER_PAGE, 0)
    return 0


def _look_for(
    words: Sequence[str], shelf: Shelf, locale: str
) -> tuple[_Found, tuple[Correction, ...]]:
    """Return what has all the words, mended where nothing has them."""
    found = _find(words, shelf, locale)
    corrections = () if found.products else _correct(words, locale)
    if corrections:
        meant = {correction.written: correction.meant for correction in corrections}
        found = _find([meant.get(word, word) for word in words], shelf, locale)
    return found, corrections


def _find(words: Sequence[str], shelf: Shelf, locale: str) -> _Found:
    query, vector = _query_of(words, locale), _vector(locale)
    says_nothing = sa.func.numnode(query) == 0  # «di», «e», «the»: no filter at all
    rows = db.session.execute(
        sa.select(Product.id, sa.func.ts_rank(vector, query).label("rank")).where(
            Product.is_on_sale, sa.or_(says_nothing, vector.op("@@")(query))
        )
    )
    ranks = {row.id: row.rank for row in rows}
    return _Found(tuple(facts for facts in shelf.products if facts.id in ranks), ranks)


@lru_cache(maxsize=64)
def _browse(shelf: Shelf, filters: Filters, logistics: Logistics, locale: str) -> _Result:
    """Sort out the whole shelf, once for all who ask the same of it."""
    return _sort_out(shelf.products, filters, logistics, locale, {})


def _sort_out(
    products: Sequence[ProductFacts],
    filters: Filters,
    logistics: Logistics,
    locale: str,
    ranks: dict[int, float],
) -> _Result:
    choice = choose(products, filters, logistics)
    whole = order(products, filters.sort, ranks, locale)
    passing = {product.id for product in choice.passing}
    return _Result([product for product in whole if product.id in passing], whole, choice)


def _correct(words: Sequence[str], locale: str) -> tuple[Correction, ...]:
    """Replace every word that no product has; give up on one that resembles none."""
    vector = _vector(locale)
    unknown = [
        word
        for word in dict.fromkeys(words)
        if not db.session.scalar(
            sa.select(sa.exists().where(vector.op("@@")(_query_of([word], locale))))
        )
    ]
    vocabulary = _vocabulary(locale)
    closest = ((word, find_closest(word, vocabulary)) for word in unknown)
    return tuple(Correction(word, meant) for word, meant in closest if meant)


def _vocabulary(locale: str) -> Counter[str]:
    names = Product.name_en if locale == "en" else Product.name_it
    texts = Product.description_en if locale == "en" else Product.description_it
    rows = db.session.execute(
        sa.select(names, texts, Product.category, Producer.name, Producer.city, Producer.region)
        .join(Producer, Producer.id == Product.producer_id)
        .where(Product.is_on_sale)
    )
    return Counter(count_words(text for row in rows for text in row))


def _vector(locale: str) -> sa.ColumnElement[str]:
    return sa.type_coerce(Product.search_en if locale == "en" else Product.search_it, sa.Text)


def _query_of(words: Sequence[str], locale: str) -> sa.ColumnElement[str]:
    """All words, the last one as the beginning of one.

    `words_of` leaves nothing but letters and digits, so the text is a valid query.
    """
    written = " & ".join([*words[:-1], f"{words[-1]}:*"] if words else [])
    return sa.func.to_tsquery(_CONFIGURATION.get(locale, "italian"), written)
