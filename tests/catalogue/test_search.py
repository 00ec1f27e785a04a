"""Search forgives accents, endings and typos, and pages through a stable order."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.catalogue.models import Product, ProductVat
from gifting.catalogue.queries import (
    Filters,
    Logistics,
    Page,
    Sort,
    get_products,
    search_products,
)
from gifting.catalogue.queries.search import PER_PAGE, Correction
from gifting.platform.db import db
from tests.support.catalogue import make_producer, make_product

DAYS = Logistics(date(2026, 11, 2), 2, 2)


def search(text: str = "", *, locale: str = "it", **more: object) -> Page:
    cursors = {name: more.pop(name) for name in ("after", "before") if name in more}
    return search_products(Filters(text=text, **more), DAYS, locale=locale, **cursors)


def names(page: Page) -> list[str]:
    return [product.name_it for product in page.products]


@pytest.fixture
def shelf(app: Flask) -> None:
    giotto = make_producer(slug="giotto", name="Pasticceria Giotto", city="Padova").id
    make_product(
        producer_id=giotto,
        name_it="Panettone classico",
        name_en="Classic panettone",
        category="panettoni-e-dolci",
        description_it="Con uvetta e canditi.",
        description_en="With raisins.",
    )
    make_product(name_it="Caffè macinato", name_en="Ground coffee", category="caffe-e-te")
    make_product(
        name_it="Taralli al finocchio",
        name_en="Fennel taralli",
        description_it="Fatti a mano, buoni con il caffè.",
    )


@pytest.mark.usefixtures("shelf")
class TestWords:
    @pytest.mark.parametrize("text", ["panettone", "panettoni", "PANETTONE", "panett", "uvetta"])
    def test_find_any_form_and_any_beginning(self, text: str) -> None:
        assert names(search(text)) == ["Panettone classico"]

    @pytest.mark.parametrize("text", ["caffè", "caffe", "CAFFÈ"])
    def test_forgive_accents_and_rank_the_name_before_the_description(self, text: str) -> None:
        assert names(search(text)) == ["Caffè macinato", "Taralli al finocchio"]

    def test_find_the_maker_and_the_city(self) -> None:
        assert names(search("classico padova")) == ["Panettone classico"]

    def test_are_english_for_an_english_reader(self) -> None:
        assert names(search("raisin", locale="en")) == ["Panettone classico"]
        assert names(search("coffees", locale="en")) == ["Caffè macinato"]

    def test_that_say_nothing_filter_nothing(self) -> None:
        assert search("di e con").total == 3

    @pytest.mark.parametrize("text", ["a & b | !", "':*", "\\", "%", "<->"])
    def test_made_of_signs_do_no_harm(self, text: str) -> None:
        assert search(text).on_sale == 3


@pytest.mark.usefixtures("shelf")
class TestTypos:
    @pytest.mark.parametrize(
        ("written", "meant", "found"),
        [
            ("panetone", "panettone", "Panettone classico"),
            ("taraly", "taralli", "Taralli al finocchio"),
            ("fnocchio", "finocchio", "Taralli al finocchio"),
        ],
    )
    def test_are_mended_and_the_result_says_so(self, written: str, meant: str, found: str) -> None:
        page = search(written)

        assert names(page) == [found]
        assert page.corrections == (Correction(written, meant),)

    def test_leave_the_right_words_alone(self) -> None:
        page = search("panetone giotto")

        assert names(page) == ["Panettone classico"]
        assert page.corrections == (Correction("panetone", "panettone"),)

    def test_that_resemble_nothing_find_nothing(self) -> None:
        page = search("xyzzy")

        assert (page.total, page.corrections) == (0, ())


class TestWhatIsNotOnSale:
    def test_is_not_found_without_a_price_that_day(self, app: Flask) -> None:
        make_product()

        too_early = Logistics(date(2025, 12, 31), 2, 2)

        assert search_products(Filters(), too_early, locale="it").total == 0

    def test_is_not_found_without_a_vat_rate_that_day(self, app: Flask) -> None:
        product = make_product()
        db.session.execute(sa.update(ProductVat).values(valid_from=date(2099, 1, 1)))
        db.session.commit()

        assert search().total == 0
        assert not get_products([product.id], on=date(2026, 11, 2))[product.id].is_on_sale

    def test_is_not_found_when_its_label_is_unconfirmed(self, app: Flask) -> None:
        make_product(label_confirmed=False)
        soap = make_product(label_confirmed=False, category="cosmetica")

        assert [product.sku for product in search().products] == [soap.sku]

    def test_is_not_found_when_staff_took_it_off(self, app: Flask) -> None:
        make_product(is_on_sale=False)

        assert search().total == 0


class TestPages:
    def test_follow_each_other_without_gap_or_repetition(self, app: Flask) -> None:
        producer_id = make_producer().id
        for number in range(2 * PER_PAGE + 5):
            make_product(
                producer_id=producer_id, list_net=f"{1 + number % 7}.00", name_it=f"P {number:02}"
            )
        first = search(sort=Sort.PRICE)
        second = search(sort=Sort.PRICE, after=first.next)
        third = search(sort=Sort.PRICE, after=second.next)

        skus = [p.sku for page in (first, second, third) for p in page.products]
        assert len(skus) == len(set(skus)) == 2 * PER_PAGE + 5
        assert (first.previous, third.next) == (None, None)
        assert (second.first, third.first) == (PER_PAGE + 1, 2 * PER_PAGE + 1)
        assert search(sort=Sort.PRICE, before=third.previous) == second

    def test_go_on_after_a_product_that_was_filtered_away(self, app: Flask) -> None:
        cheap, middle, dear = (make_product(list_net=f"{n}.00") for n in (1, 2, 3))
        page = search(sort=Sort.PRICE, after=cheap.sku, price_from=Decimal(2))

        assert [p.sku for p in page.products] == [middle.sku, dear.sku]

    def test_begin_at_the_start_for_a_product_nobody_knows(self, app: Flask) -> None:
        product = make_product()

        assert [p.sku for p in search(after="NO-SUCH").products] == [product.sku]


class TestTheSearchWords:
    def test_follow_a_changed_name(self, app: Flask) -> None:
        product = make_product(name_it="Grissini")
        db.session.get_one(Product, product.id).name_it = "Focaccine"
        db.session.commit()

        assert search("focaccine").total == 1
        assert search("grissini").total == 0
