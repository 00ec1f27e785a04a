"""Filters combine, count what a click would give, and fail closed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gifting.catalogue.queries import Filters, Group, Logistics, ProductFacts, Sort, choose
from gifting.catalogue.queries.filters import order
from gifting.core.vat import VatClass

MONDAY = date(2026, 11, 2)
DAYS = Logistics(MONDAY, packing_days=2, transit_days=2)
FOOD = ProductFacts(
    name_it="Taralli",
    name_en="Taralli",
    id=1,
    sku="AML-TAR-250",
    category="taralli-e-salati",
    producer_slug="a-mano-libera",
    producer_name="A Mano Libera",
    city="Andria",
    region="Puglia",
    length_mm=100,
    width_mm=80,
    height_mm=200,
    gross_weight_g=270,
    list_net=Decimal("3.50"),
    cost_net=Decimal("2.40"),
    vat=VatClass(Decimal(10)),
    allergens=frozenset({"gluten"}),
    dietary=frozenset({"vegan", "vegetarian"}),
    is_food=True,
    lead_time_days=8,
    season="year-round",
    work_minutes=5,
    available=100,
    is_on_sale=True,
)


def food(**changes: Any) -> ProductFacts:
    return replace(FOOD, **changes)


SOAP = food(
    id=2, sku="RTP-SAP-100", category="cosmetica", region="Veneto", is_food=False,
    allergens=frozenset(), dietary=frozenset(),
)  # fmt: skip


def passing(filters: Filters, *products: ProductFacts, days: Logistics = DAYS) -> list[str]:
    return [product.sku for product in choose(products, filters, days).passing]


class TestDietsAndAllergens:
    @pytest.mark.parametrize("diet", ["vegan", "gluten-free", "alcohol-free"])
    def test_food_of_unknown_diet_suits_no_diet(self, diet: str) -> None:
        assert passing(Filters(diets=frozenset({diet})), food(dietary=None)) == []

    def test_food_of_unknown_allergens_is_free_of_none(self) -> None:
        assert passing(Filters(without=frozenset({"fish"})), food(allergens=None)) == []

    def test_every_diet_asked_for_must_hold(self) -> None:
        both = Filters(diets=frozenset({"vegan", "organic"}))

        assert passing(both, FOOD) == []
        assert passing(both, food(dietary=frozenset({"vegan", "organic"}))) == [FOOD.sku]

    def test_every_allergen_must_be_absent(self) -> None:
        assert passing(Filters(without=frozenset({"milk"})), FOOD) == [FOOD.sku]
        assert passing(Filters(without=frozenset({"milk", "gluten"})), FOOD) == []

    def test_soap_is_no_answer_to_a_diet(self) -> None:
        assert passing(Filters(diets=frozenset({"vegan"})), SOAP, FOOD) == [FOOD.sku]


class TestAvailability:
    def test_a_quantity_alone_asks_for_what_is_in_the_store_room(self) -> None:
        assert passing(Filters(quantity=100), FOOD) == [FOOD.sku]
        assert passing(Filters(quantity=101), FOOD) == []

    def test_a_date_counts_what_can_be_made_by_then(self) -> None:
        made_and_delivered = date(2026, 11, 18)  # 8 + 2 + 2 business days after 2 November

        assert passing(Filters(quantity=101, by=made_and_delivered), FOOD) == [FOOD.sku]
        assert passing(Filters(quantity=101, by=date(2026, 11, 17)), FOOD) == []

    def test_what_is_in_stock_only_has_to_be_packed_and_sent(self) -> None:
        assert passing(Filters(quantity=5, by=date(2026, 11, 6)), FOOD) == [FOOD.sku]
        assert passing(Filters(quantity=5, by=date(2026, 11, 5)), FOOD) == []

    @pytest.mark.parametrize(("month", "is_there"), [(8, False), (9, True), (12, True), (1, False)])
    def test_christmas_lasts_from_september_to_december(
        self,
        month: int,
        is_there: bool,  # noqa: FBT001
    ) -> None:
        days = replace(DAYS, today=date(2026, month, 2))
        cake = food(season="christmas")

        assert bool(passing(Filters(in_season=True), cake, days=days)) is is_there


class TestPrices:
    def test_ends_belong_to_the_range(self) -> None:
        price = Decimal("3.50")

        assert passing(Filters(price_from=price, price_to=price), FOOD) == [FOOD.sku]
        assert passing(Filters(price_from=Decimal("3.51")), FOOD) == []
        assert passing(Filters(price_to=Decimal("3.49")), FOOD) == []


class TestCounts:
    def test_of_a_category_ignore_the_category_chosen_but_no_other_filter(self) -> None:
        dear = food(id=3, sku="X", category="vino", list_net=Decimal(90))
        filters = Filters(categories=frozenset({"cosmetica"}), price_to=Decimal(50))

        choice = choose([FOOD, SOAP, dear], filters, DAYS)

        assert choice.categories == {"taralli-e-salati": 1, "cosmetica": 1}

    def test_of_a_diet_are_what_is_left_after_adding_it(self) -> None:
        plain = food(id=3, sku="X", dietary=frozenset({"vegetarian"}))

        choice = choose([FOOD, plain], Filters(diets=frozenset({"vegetarian"})), DAYS)

        assert (choice.diets["vegetarian"], choice.diets["vegan"]) == (2, 1)

    def test_of_a_dropped_filter_say_what_would_be_left(self) -> None:
        filters = Filters(regions=frozenset({"Puglia"}), price_to=Decimal(1))

        choice = choose([FOOD, SOAP], filters, DAYS)

        assert choice.if_dropped == {Group.REGION: 0, Group.PRICE: 1}


class TestOrder:
    def test_without_words_every_shelf_comes_in_turn(self) -> None:
        shelf = [
            food(id=1, sku="A", name_it="A"),
            food(id=2, sku="B", name_it="B"),
            food(id=3, sku="C", name_it="C", category="vino"),
        ]

        assert [p.sku for p in order(shelf, Sort.RELEVANCE, {}, "it")] == ["A", "C", "B"]

    def test_by_price_ties_go_by_name(self) -> None:
        shelf = [food(id=1, sku="A", name_it="Zeta"), food(id=2, sku="B", name_it="Alfa")]

        assert [p.sku for p in order(shelf, Sort.PRICE, {}, "it")] == ["B", "A"]
        assert [p.sku for p in order(shelf, Sort.DEAREST, {}, "it")] == ["B", "A"]
