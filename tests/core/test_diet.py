from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.diet import (
    ALLERGENS,
    DIETS,
    FOOD_CATEGORIES,
    DietFacts,
    diets_of,
    free_from,
    is_suitable,
    tags_of,
)
from tests.support.shared import read_rows


def food(allergens: str | None = "", dietary: str | None = "") -> DietFacts:
    return DietFacts(
        is_food=True,
        allergens=None if allergens is None else frozenset(allergens.split()),
        dietary=None if dietary is None else frozenset(dietary.split()),
    )


SOAP = DietFacts(is_food=False, allergens=None, dietary=None)
slugs = st.none() | st.frozensets(st.sampled_from(ALLERGENS[:4]))
diets = st.none() | st.frozensets(st.sampled_from(DIETS))
facts = st.lists(st.builds(DietFacts, st.booleans(), slugs, diets), max_size=5)


class TestTagsOf:
    def test_a_diet_holds_only_if_every_food_has_it(self) -> None:
        tags = tags_of([food("", "vegan vegetarian alcohol-free"), food("milk", "vegetarian")])

        assert tags.diets == {"vegetarian"}
        assert tags.allergens == {"milk"}
        assert tags.is_complete

    def test_what_is_not_food_is_neutral(self) -> None:
        assert tags_of([food("nuts", "vegan"), SOAP]) == tags_of([food("nuts", "vegan")])

    def test_a_box_without_food_is_alcohol_free_and_nothing_else(self) -> None:
        tags = tags_of([SOAP])

        assert tags.diets == {"alcohol-free"}
        assert tags.is_complete
        assert not tags.has_food

    def test_an_unknown_product_takes_the_diets_away(self) -> None:
        tags = tags_of([food("", "vegan"), food(None, None)])

        assert tags.diets == set()
        assert not tags.is_complete

    def test_ready_hampers_carry_the_tags_they_are_sold_with(self) -> None:
        products = {row["sku"]: row for row in read_rows("catalogue/products.csv")}
        contents = defaultdict(list)
        for row in read_rows("catalogue/hamper_items.csv"):
            product = products[row["product_sku"]]
            contents[row["hamper_sku"]].append(
                DietFacts(
                    product["category"] in FOOD_CATEGORIES,
                    frozenset(filter(None, product["allergens"].split(";"))),
                    frozenset(filter(None, product["dietary"].split(";"))),
                )
            )
        for row in read_rows("catalogue/hampers.csv"):
            sold_as = set(row["tags"].split(";")) & set(DIETS)
            assert tags_of(contents[row["sku"]]).diets >= sold_as


class TestIsSuitable:
    @pytest.mark.parametrize(
        ("facts", "diets", "without", "suitable"),
        [
            ([food("milk", "vegetarian")], ["vegetarian"], ["nuts"], True),
            ([food("milk", "vegetarian")], ["vegan"], [], False),
            ([food("milk", "vegetarian")], [], ["milk"], False),
            ([food(None, "vegan")], ["vegan"], [], True),
            ([food(None, "vegan")], ["vegan"], ["nuts"], False),
            ([food("", None)], ["vegan"], [], False),
            ([food("", None)], [], ["nuts"], True),
            ([SOAP], [], ["nuts"], True),
            ([SOAP], ["vegan"], [], False),
            ([], [], [], True),
        ],
    )
    def test_unknown_is_not_suitable(
        self, facts: list[DietFacts], diets: list[str], without: list[str], *, suitable: bool
    ) -> None:
        assert is_suitable(facts, diets, without) is suitable

    @given(facts, st.sampled_from(DIETS), st.sampled_from(ALLERGENS[:4]))
    def test_never_says_yes_over_a_food_that_does_not_say_so(
        self, facts: list[DietFacts], diet: str, allergen: str
    ) -> None:
        if is_suitable(facts, [diet], [allergen]):
            for product in facts:
                if product.is_food:
                    assert diet in (product.dietary or ())
                    assert product.allergens is not None
                assert allergen not in (product.allergens or ())


class TestVocabulary:
    def test_covers_what_the_catalogue_says(self) -> None:
        rows = read_rows("catalogue/products.csv")

        used = {slug for row in rows for slug in row["allergens"].split(";") if slug}
        diets = {slug for row in rows for slug in row["dietary"].split(";") if slug}
        food_rows = [row for row in rows if row["dietary"]]

        assert used <= set(ALLERGENS)
        assert len(ALLERGENS) == 14
        assert diets == set(DIETS)
        assert {row["category"] for row in food_rows} == FOOD_CATEGORIES


class TestOneProduct:
    def test_its_diets_are_those_it_is_suitable_for(self) -> None:
        taralli = food("gluten", "vegan vegetarian")

        assert diets_of(taralli) == ("vegan", "vegetarian")

    def test_what_is_not_food_has_no_diet(self) -> None:
        assert diets_of(SOAP) == ()

    def test_it_is_free_from_what_its_label_leaves_out(self) -> None:
        assert set(free_from(food("nuts"))) == set(ALLERGENS) - {"nuts"}

    def test_without_a_label_food_is_free_from_nothing(self) -> None:
        assert free_from(food(None)) == ()
