"""What stands on the shelf: the products on sale that the search asks for."""

from datetime import date
from itertools import chain, zip_longest

from gifting.catalogue.queries import (
    CATEGORIES,
    Filters,
    Logistics,
    Page,
    ProductFacts,
    search_products,
)
from gifting.hampers.views.page import ShelfState
from gifting.platform import settings


def find_shelf(state: ShelfState, *, on: date, locale: str) -> tuple[list[ProductFacts], Page]:
    """Return the products that match, and the page of the catalogue they are from.

    Without a search the categories take turns, so that the first rows show some of everything;
    what is out of season comes last.
    """
    terms = settings.current()
    logistics = Logistics(on, terms.packing_days, terms.transit_days)
    filters = Filters(text=state.text, categories=frozenset(state.categories))
    page = search_products(filters, logistics, locale=locale)
    found = sorted(page.choice.passing, key=lambda facts: (facts.name(locale), facts.sku))
    shelves = [[facts for facts in found if facts.category == name] for name in CATEGORIES]
    turns = chain(*shelves) if state.text else chain(*zip_longest(*shelves))
    shelf = [facts for facts in turns if facts is not None]
    return sorted(shelf, key=lambda facts: not logistics.is_in_season(facts)), page
