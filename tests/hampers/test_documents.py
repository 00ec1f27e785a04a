from datetime import date
from decimal import Decimal
from random import Random

import pytest
from flask import Flask
from flask_babel import force_locale

from gifting.catalogue import queries as catalogue
from gifting.core.calendar import rome_date
from gifting.core.fit import check_fit
from gifting.core.gift_meter import GiftState
from gifting.core.pricing import Component, ComponentKind, PricedHamper
from gifting.core.vat import VatClass
from gifting.core.work import estimated_hours
from gifting.hampers import documents
from gifting.hampers.documents import Composition, ProblemCode, ShelfRow
from gifting.hampers.models import Hamper
from gifting.hampers.views import wording
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.catalogue import make_box, make_breaks, make_extra, make_product
from tests.support.hampers import make_hamper, reload
from tests.support.queries import count_queries

TODAY = rome_date(NOW)


def compose(hamper: Hamper) -> Composition:
    return documents.compose(reload(hamper), on=TODAY, now=NOW)


def row_of(product_id: int, hamper: Hamper) -> ShelfRow:
    composition = compose(hamper)
    goods = documents.load_goods([reload(hamper)], catalogue.read_shelf(TODAY))
    facts = catalogue.get_products({product_id}, on=TODAY)[product_id]
    rows, _fitting = documents.shelf_rows(
        [facts], composition, goods.boxes, fitting_first=True, limit=24
    )
    return rows[0]


class TestComposing:
    @pytest.mark.parametrize("seed", range(12))
    def test_it_comes_to_what_the_core_says(self, app: Flask, seed: int) -> None:
        random = Random(seed)  # noqa: S311 - prices, not secrets
        make_breaks()
        products = [
            make_product(
                list_net=f"{random.randint(100, 3000) / 100:.2f}",
                vat_rate=random.choice(["4.00", "10.00", "22.00"]),
                work_minutes=random.randint(0, 30),
            )
            for _ in range(random.randint(1, 7))
        ]
        pairs = [(product, random.randint(1, 3)) for product in products]
        extra = make_extra()
        quantity = random.choice([1, 49, 50, 199, 200, 350, 500, 999])
        hamper = make_hamper(*pairs, extras=(extra,), quantity=quantity)
        discount = {1: 0, 49: 0, 50: 3, 199: 3, 200: 6, 350: 6, 500: 9, 999: 9}[quantity]

        made = compose(hamper)

        components = [
            Component(
                ComponentKind.PRODUCT, product.sku, product.name_it, pieces, facts.list_net,
                Decimal(discount), facts.vat,
            )
            for (product, pieces), (facts, _n, _c) in zip(pairs, made.lines, strict=True)
        ]  # fmt: skip
        ordinary = VatClass(Decimal(22))
        components += [
            Component(
                ComponentKind.BOX, "box", "box", 1, Decimal("2.80"), Decimal(discount), ordinary
            ),
            Component(
                ComponentKind.EXTRA, "card", "card", 1, Decimal("1.30"), Decimal(discount),
                ordinary, Decimal("45.00"),
            ),
        ]  # fmt: skip
        expected = PricedHamper("", quantity, tuple(components))
        assert made.priced.unit_breakdown == expected.unit_breakdown
        assert made.priced.net == expected.net
        assert made.document.net == expected.net
        assert made.work_minutes == sum(p.work_minutes * n for p, n in pairs)
        assert made.hours == estimated_hours(made.work_minutes, quantity)
        assert made.fit == check_fit(made.box.size, list(made.packables))

    def test_steps_are_the_price_at_each_break(self, app: Flask) -> None:
        make_breaks()
        made = compose(make_hamper(make_product(list_net="10.00"), quantity=200))
        bounds = [(step.min_quantity, step.max_quantity) for step in made.steps]
        assert bounds == [(1, 49), (50, 199), (200, 499), (500, None)]
        assert [step.is_current for step in made.steps] == [False, False, True, False]
        assert made.steps[2].gross == made.priced.unit_gross
        assert made.steps[0].net == Decimal("12.80")

    def test_the_date_follows_from_what_takes_longest(self, app: Flask) -> None:
        hamper = make_hamper(make_product(lead_time_days=5), extras=(make_extra(),))
        made = compose(hamper)
        assert made.lead_time_days == 8
        assert made.earliest_on == date(2026, 11, 18)  # 12 business days after 2 November
        assert made.slowest is not None
        assert made.slowest.name_it == "Biglietto con logo"

    @pytest.mark.parametrize(
        ("on_hand", "earliest_on"), [(200, date(2026, 11, 6)), (199, date(2026, 11, 13))]
    )
    def test_only_what_is_short_of_stock_has_to_be_made(
        self, app: Flask, on_hand: int, earliest_on: date
    ) -> None:
        product = make_product(lead_time_days=5, on_hand=on_hand)
        made = compose(make_hamper((product, 2), quantity=100))
        assert made.earliest_on == earliest_on

    def test_what_is_unknown_takes_the_diets_away_and_is_named(self, app: Flask) -> None:
        known = make_product(dietary=["vegan", "vegetarian"], allergens=[])
        unknown = make_product(dietary=None, allergens=None, name_it="Torta misteriosa")
        made = compose(make_hamper(known, unknown))
        assert made.tags.diets == frozenset()
        assert not made.tags.is_complete
        assert [facts.name_it for facts in made.undeclared] == ["Torta misteriosa"]

    def test_many_cost_the_queries_of_one(self, app: Flask) -> None:
        one = [make_hamper(make_product(), key="one")]
        many = [make_hamper(make_product(), make_product(), key=f"m{n}") for n in range(6)]
        catalogue.read_shelf(TODAY)
        counted = []
        for chosen in (one, many):
            hampers = [reload(hamper) for hamper in chosen]
            with count_queries() as statements:
                documents.compose_all(hampers, on=TODAY, now=NOW)
            counted.append(len(statements))
        assert counted == [1, 1]  # whether the shelf has changed


class TestTheFiftyEuroMeter:
    @pytest.mark.parametrize(
        ("list_net", "state"),
        [("42.65", GiftState.SAFE), ("42.70", GiftState.ASK), ("47.20", GiftState.ASK),
         ("47.21", GiftState.OVER)],
    )  # fmt: skip
    def test_it_looks_at_the_whole_box(self, app: Flask, list_net: str, state: GiftState) -> None:
        made = compose(make_hamper(make_product(list_net=list_net)))  # and a box of 2.80
        assert made.meter.state is state

    def test_a_share_of_the_set_up_fees_counts(self, app: Flask) -> None:
        product = make_product(list_net="40.90")
        card = make_extra()  # 1.30, and 45.00 once
        few = compose(make_hamper(product, extras=(card,), quantity=10, key="few"))
        many = compose(make_hamper(product, extras=(card,), quantity=1000, key="many"))
        assert few.priced.unit_gross == many.priced.unit_gross
        assert (few.meter.state, many.meter.state) == (GiftState.ASK, GiftState.SAFE)


class TestWhatIsWrong:
    def test_a_sound_hamper_has_no_problems(self, app: Flask) -> None:
        assert compose(make_hamper(make_product())).is_ready

    def test_an_empty_one_has_nothing_in_it(self, app: Flask) -> None:
        made = compose(make_hamper())
        assert [problem.code for problem in made.problems] == [ProblemCode.NOTHING]

    def test_a_product_off_sale_stays_and_is_named(self, app: Flask) -> None:
        gone = make_product(name_it="Colomba", is_on_sale=False)
        made = compose(make_hamper(gone, make_product()))
        assert [(p.code, p.name) for p in made.problems] == [(ProblemCode.OFF_SALE, "Colomba")]
        assert len(made.lines) == 2

    def test_so_do_a_box_and_an_extra(self, app: Flask) -> None:
        box, card = make_box(is_on_sale=False), make_extra(is_on_sale=False)
        made = compose(make_hamper(make_product(), box_id=box.id, extras=(card,)))
        assert [p.sku for p in made.problems] == [box.sku, card.sku]

    def test_an_extra_says_how_many_hampers_are_missing(self, app: Flask) -> None:
        card = make_extra(min_quantity=50)
        made = compose(make_hamper(make_product(), extras=(card,), quantity=30))
        problem = made.problems[0]
        assert problem.values == {"min_quantity": 50, "missing": 20}
        with force_locale("it"):
            assert wording.problem_text(problem, made) == (
                "Biglietto con logo si fa da 50 cesti.",
                "Ne mancano 20.",
            )

    def test_a_cake_too_tall_says_its_height_and_the_boxs(self, app: Flask) -> None:
        cake = make_product(
            name_it="Panettone", category="panettoni-e-dolci",
            length_mm=220, width_mm=220, height_mm=195,
        )  # fmt: skip
        made = compose(make_hamper(cake))
        with force_locale("it"):
            bold, text = wording.problem_text(made.problems[0], made)
        assert bold == "Panettone non entra in piedi."
        assert text.startswith("È alto 19,5 cm, la scatola dentro 14")

    def test_too_full_says_how_full_and_how_full_it_may_be(self, app: Flask) -> None:
        made = compose(make_hamper((make_product(), 30)))
        with force_locale("it"):
            bold, text = wording.problem_text(made.problems[0], made)
        assert bold == "Il cesto è troppo pieno."
        assert "114%" in text
        assert "92%" in text

    def test_too_heavy_says_by_how_much(self, app: Flask) -> None:
        made = compose(make_hamper(make_product(gross_weight_g=5000)))
        with force_locale("it"):
            bold, text = wording.problem_text(made.problems[0], made)
        assert bold == "Il cesto pesa troppo."
        assert "0,88\u00a0kg di troppo" in text

    def test_every_kind_of_problem_has_its_words(self) -> None:
        assert set(wording.PROBLEM_TEXTS) == set(ProblemCode)


class TestWaysOut:
    def test_boxes_that_fit_are_offered_with_what_they_add(self, app: Flask) -> None:
        small = make_box(sku="S", length_mm=150, width_mm=150, height_mm=50)
        large = make_box(sku="L", length_mm=460, width_mm=350, height_mm=260, list_net="5.60")
        hamper = make_hamper(make_product(vat_rate="22.00"), box_id=small.id)
        made = compose(hamper)
        offers = documents.boxes_on_offer(
            made, documents.load_goods([hamper], catalogue.read_shelf(TODAY))
        )
        assert [offer.box.id for offer in offers] == [large.id]
        assert offers[0].difference == Decimal("3.41")  # 2.80 net, VAT 22 %, both grosses rounded

    def test_just_over_fifty_a_swap_brings_it_under(self, app: Flask) -> None:
        dear = make_product(list_net="44.00", name_it="Grande")
        near = make_product(list_net="42.00", name_it="Medio")
        make_product(list_net="10.00", name_it="Piccolo")
        made = compose(make_hamper(dear))
        products = catalogue.get_products({dear.id, near.id}, on=TODAY).values()
        found = documents.suggest(made, products)
        assert found is not None
        assert (found.facts.name_it, found.instead_of.name_it) == ("Medio", "Grande")
        assert found.gross <= 50

    def test_what_is_out_of_stock_is_no_swap(self, app: Flask) -> None:
        dear = make_product(list_net="44.00")
        near = make_product(list_net="42.00", on_hand=10)
        made = compose(make_hamper(dear, quantity=60))
        products = catalogue.get_products({dear.id, near.id}, on=TODAY).values()
        assert documents.suggest(made, products) is None

    def test_what_does_not_fit_is_swapped_for_its_like_that_does(self, app: Flask) -> None:
        tall = make_product(list_net="10.00", length_mm=900)
        cheap, near = make_product(list_net="6.00"), make_product(list_net="11.00")
        other_kind = make_product(list_net="10.00", category="vino")
        long_too = make_product(list_net="10.00", length_mm=800)
        made = compose(make_hamper(tall))
        every = {product.id for product in (tall, cheap, near, other_kind, long_too)}
        found = documents.fitting_swap(made, catalogue.get_products(every, on=TODAY).values())
        assert found is not None
        assert (found.instead_of.id, found.facts.id) == (tall.id, near.id)
        assert found.gross == compose(make_hamper(near)).priced.unit_gross

    def test_what_fits_needs_no_swap(self, app: Flask) -> None:
        product, other = make_product(), make_product()
        made = compose(make_hamper(product))
        products = catalogue.get_products({product.id, other.id}, on=TODAY).values()
        assert documents.fitting_swap(made, products) is None

    def test_nothing_is_suggested_while_it_does_not_fit(self, app: Flask) -> None:
        product = make_product(gross_weight_g=5000)
        made = compose(make_hamper(product))
        assert documents.suggest(made, []) is None


class TestTheShelf:
    def test_a_row_says_what_is_inside_and_carries_the_discount(self, app: Flask) -> None:
        make_breaks()
        product = make_product(list_net="10.00", on_hand=100)
        row = row_of(product.id, make_hamper((product, 2), quantity=60))
        assert (row.inside, row.net, row.short_by) == (2, Decimal("9.70"), 20)
        assert row.is_addable

    def test_what_does_not_fit_names_the_box_that_would_do(self, app: Flask) -> None:
        small = make_box(name_it="Piccola", length_mm=150, width_mm=150, height_mm=50)
        make_box(name_it="Grande", length_mm=460, width_mm=350, height_mm=260)
        vase = make_product(length_mm=200, width_mm=200, height_mm=190)
        hamper = make_hamper(box_id=small.id)
        row = row_of(vase.id, hamper)
        with force_locale("it"):
            said = wording.reason(row, compose(hamper))
        assert not row.is_addable
        assert said == "Non entra nella scatola: scegli Grande"

    def test_what_still_fits_comes_first(self, app: Flask) -> None:
        huge, fine = make_product(length_mm=900), make_product()
        hamper = make_hamper()
        goods = documents.load_goods([hamper], catalogue.read_shelf(TODAY))
        facts = catalogue.get_products({huge.id, fine.id}, on=TODAY)
        ordered = [facts[huge.id], facts[fine.id]]
        rows, fitting = documents.shelf_rows(
            ordered, compose(hamper), goods.boxes, fitting_first=True, limit=24
        )
        assert [row.facts.id for row in rows] == [fine.id, huge.id]
        assert fitting == 1
        rows, _ = documents.shelf_rows(
            ordered, compose(hamper), goods.boxes, fitting_first=False, limit=1
        )
        assert [row.facts.id for row in rows] == [huge.id]


def test_nothing_here_writes(app: Flask) -> None:
    compose(make_hamper(make_product()))
    assert not db.session.dirty
