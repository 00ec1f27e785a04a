"""Diet and allergen tags of a whole box, failing closed.

Unknown is never "suitable": a product whose allergens or diets nobody stated
takes its tags away from the box it is in.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

DIETS = ("vegan", "vegetarian", "gluten-free", "alcohol-free", "organic")

ALLERGENS = (
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soy",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)
"""The fourteen of annex II of Reg. (EU) 1169/2011, in its order."""

FOOD_CATEGORIES = frozenset(
    {
        "panettoni-e-dolci",
        "biscotti",
        "birra",
        "taralli-e-salati",
        "cioccolato",
        "pasta-e-conserve",
        "caffe-e-te",
        "vino",
        "frutta-secca",
        "miele-e-confetture",
        "formaggi-e-salumi",
        "olio-e-aceto",
    }
)

_ALCOHOL_FREE = "alcohol-free"


@dataclass(frozen=True, slots=True)
class DietFacts:
    """What is known of one product; None is "nobody said", an empty set is "none"."""

    is_food: bool
    allergens: frozenset[str] | None
    dietary: frozenset[str] | None

    @property
    def is_complete(self) -> bool:
        return not self.is_food or (self.allergens is not None and self.dietary is not None)


@dataclass(frozen=True, slots=True)
class BoxTags:
    """What may be said of a whole box. Without `is_complete`, `allergens` is a lower bound."""

    diets: frozenset[str]
    allergens: frozenset[str]
    is_complete: bool
    has_food: bool


def tags_of(facts: Iterable[DietFacts]) -> BoxTags:
    """Combine products: a diet holds if every food has it, an allergen if any product has it.

    What is not food is neutral; a box without food is alcohol-free and has no
    other diet.
    """
    products = list(facts)
    diets = [product.dietary or frozenset() for product in products if product.is_food]
    return BoxTags(
        diets=frozenset.intersection(*diets) if diets else frozenset({_ALCOHOL_FREE}),
        allergens=frozenset().union(*(product.allergens or () for product in products)),
        is_complete=all(product.is_complete for product in products),
        has_food=bool(diets),
    )


def is_suitable(
    facts: Iterable[DietFacts],
    diets: Collection[str] = (),
    without_allergens: Collection[str] = (),
) -> bool:
    """Whether every diet asked for holds and every allergen is known to be absent."""
    products = list(facts)
    tags = tags_of(products)
    has_unknown = any(product.is_food and product.allergens is None for product in products)
    if without_allergens and (has_unknown or not tags.allergens.isdisjoint(without_allergens)):
        return False
    return tags.diets.issuperset(diets)


@lru_cache(maxsize=1024)
def diets_of(product: DietFacts) -> tuple[str, ...]:
    """Return the diets that one product alone holds; what is not food has none to speak of.

    Many products share what their labels say, so the answer is kept for the next one.
    """
    if not product.is_food:
        return ()
    return tuple(diet for diet in DIETS if is_suitable([product], [diet]))


@lru_cache(maxsize=1024)
def free_from(product: DietFacts) -> tuple[str, ...]:
    """Return the allergens that one product alone is known not to have; kept like its diets."""
    return tuple(slug for slug in ALLERGENS if is_suitable([product], (), [slug]))
