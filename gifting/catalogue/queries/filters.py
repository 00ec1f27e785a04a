"""Filters that combine, the counts beside them, and the order of a list. Pure.

Unknown is never suitable: food whose allergens or diets nobody declared passes no such filter.
Counts say what a click would give: those of a category, producer or region take all other
filters into account, those of a diet or an allergen come on top of all filters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gifting.catalogue.queries.facts import ProductFacts
from gifting.core.calendar import earliest_delivery
from gifting.core.diet import diets_of, free_from, is_suitable

CHRISTMAS_MONTHS = frozenset({9, 10, 11, 12})
"""Products of the Christmas season are made from September to December."""

CATEGORIES = (
    "panettoni-e-dolci",
    "biscotti",
    "cioccolato",
    "caffe-e-te",
    "taralli-e-salati",
    "frutta-secca",
    "pasta-e-conserve",
    "miele-e-confetture",
    "formaggi-e-salumi",
    "olio-e-aceto",
    "vino",
    "birra",
    "cosmetica",
    "casa-e-detergenza",
    "tessile-e-accessori",
    "carta-e-cartoleria",
    "piante",
)
"""In the order of the shelves."""


class Sort(StrEnum):
    RELEVANCE = "rilevanza"
    NAME = "nome"
    PRICE = "prezzo"
    DEAREST = "prezzo-alto"


class Group(StrEnum):
    """A filter as a person sees it; dropping one drops the whole group."""

    TEXT = "testo"
    CATEGORY = "categoria"
    PRODUCER = "produttore"
    REGION = "regione"
    DIET = "dieta"
    ALLERGEN = "senza"
    PRICE = "prezzo"
    SEASON = "stagione"
    AVAILABLE = "disponibile"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person asked for. Prices are net; `quantity` is in pieces.

    With a date, what can be made and delivered by it passes; with a quantity only, what is free
    in the store room.
    """

    text: str = ""
    categories: frozenset[str] = frozenset()
    producer: str = ""
    regions: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    in_season: bool = False
    by: date | None = None
    quantity: int | None = None
    sort: Sort = Sort.RELEVANCE

    def without_group(self, group: Group) -> "Filters":
        return replace(self, **_CLEARED[group])

    @property
    def active(self) -> tuple[Group, ...]:
        return tuple(g for g in Group if self.without_group(g) != self)


_CLEARED: dict[Group, dict[str, Any]] = {
    Group.TEXT: {"text": ""},
    Group.CATEGORY: {"categories": frozenset()},
    Group.PRODUCER: {"producer": ""},
    Group.REGION: {"regions": frozenset()},
    Group.DIET: {"diets": frozenset()},
    Group.ALLERGEN: {"without": frozenset()},
    Group.PRICE: {"price_from": None, "price_to": None},
    Group.SEASON: {"in_season": False},
    Group.AVAILABLE: {"by": None, "quantity": None},
}


@dataclass(frozen=True, slots=True)
class Logistics:
    """The day it is, and how many business days packing and transport take."""

    today: date
    packing_days: int
    transit_days: int

    def earliest_on(self, product: ProductFacts, quantity: int = 1) -> date:
        """Day of delivery if ordered today: from the store room if it has enough, else made."""
        lead_time = 0 if product.available >= quantity else product.lead_time_days
        return earliest_delivery(self.today, [lead_time], self.packing_days, self.transit_days)

    def is_in_season(self, product: ProductFacts) -> bool:
        return product.season != "christmas" or self.today.month in CHRISTMAS_MONTHS


@dataclass(frozen=True, slots=True)
class Choice:
    """What passes, how many each further choice would give, and what each dropped group would."""

    passing: tuple[ProductFacts, ...]
    categories: Counter[str]
    producers: Counter[tuple[str, str]]
    regions: Counter[str]
    diets: Counter[str]
    without: Counter[str]
    if_dropped: dict[Group, int]


def choose(products: Iterable[ProductFacts], filters: Filters, logistics: Logistics) -> Choice:
    """Filter products and count every facet in one pass."""
    tests = _tests(filters, logistics)
    passing: list[ProductFacts] = []
    nearly: dict[Group, list[ProductFacts]] = {group: [] for group in tests}
    for product in products:
        failed = [group for group, test in tests.items() if not test(product)]
        if not failed:
            passing.append(product)
        elif len(failed) == 1:
            nearly[failed[0]].append(product)

    def ignoring(group: Group) -> list[ProductFacts]:
        return passing + nearly.get(group, [])

    labels = [product.label_facts for product in passing]
    return Choice(
        passing=tuple(passing),
        categories=Counter(product.category for product in ignoring(Group.CATEGORY)),
        producers=Counter(
            (product.producer_slug, product.producer_name) for product in ignoring(Group.PRODUCER)
        ),
        regions=Counter(product.region for product in ignoring(Group.REGION)),
        diets=Counter(diet for label in labels for diet in diets_of(label)),
        without=Counter(slug for label in labels for slug in free_from(label)),
        if_dropped={group: len(passing) + len(nearly[group]) for group in tests},
    )


def order(
    products: Sequence[ProductFacts], sort: Sort, ranks: dict[int, float], locale: str
) -> list[ProductFacts]:
    """Sort; equal ones by name and SKU, so that the order is total.

    By relevance without any words searched, every shelf shows one product in turn.
    """
    shelf = {category: position for position, category in enumerate(CATEGORIES)}

    def key(product: ProductFacts) -> tuple[object, ...]:
        name = (product.name(locale).lower(), product.sku)
        match sort:
            case Sort.NAME:
                return name
            case Sort.PRICE:
                return (product.list_net, *name)
            case Sort.DEAREST:
                return (-product.list_net, *name)
            case Sort.RELEVANCE:
                rank = round(-ranks.get(product.id, 0.0), 6)
                return (rank, shelf.get(product.category, len(shelf)), *name)

    ordered = sorted(products, key=key)
    return ordered if sort is not Sort.RELEVANCE or any(ranks.values()) else _in_turn(ordered)


def _in_turn(products: Sequence[ProductFacts]) -> list[ProductFacts]:
    """Take one product from each category in turn; a category's own order stays."""
    taken: Counter[str] = Counter()
    turns = []
    for position, product in enumerate(products):
        turns.append((taken[product.category], position, product))
        taken[product.category] += 1
    return [product for _turn, _position, product in sorted(turns, key=lambda turn: turn[:2])]


def _tests(filters: Filters, logistics: Logistics) -> dict[Group, Callable[[ProductFacts], bool]]:
    """The test of each group that is in use."""
    tests: dict[Group, Callable[[ProductFacts], bool]] = {
        Group.CATEGORY: lambda product: product.category in filters.categories,
        Group.PRODUCER: lambda product: product.producer_slug == filters.producer,
        Group.REGION: lambda product: product.region in filters.regions,
        Group.DIET: lambda product: (
            product.is_food and is_suitable([product.label_facts], filters.diets)
        ),
        Group.ALLERGEN: lambda product: is_suitable([product.label_facts], (), filters.without),
        Group.PRICE: lambda product: (
            (filters.price_from is None or product.list_net >= filters.price_from)
            and (filters.price_to is None or product.list_net <= filters.price_to)
        ),
        Group.SEASON: logistics.is_in_season,
        Group.AVAILABLE: lambda product: _is_available(product, filters, logistics),
    }
    return {group: test for group, test in tests.items() if group in filters.active}


def _is_available(product: ProductFacts, filters: Filters, logistics: Logistics) -> bool:
    quantity = filters.quantity or 1
    if filters.by is None:
        return product.available >= quantity
    return logistics.earliest_on(product, quantity) <= filters.by
