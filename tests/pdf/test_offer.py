"""What a buyer reads on the offer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

import pytest
from flask import Flask

from gifting.core.papers import Delivery, OfferPaper
from gifting.documents.documents import load_sample
from gifting.platform.pdf import render
from tests.support.papers import make_hamper, make_offer, pages_of


def text_of(offer: OfferPaper, locale: str = "it") -> str:
    return " ".join(pages_of(render("offer", offer, locale=locale)))


class TestOffer:
    def test_the_sample_says_what_how_much_and_until_when(self, app: Flask) -> None:
        first, second = pages_of(render("offer", load_sample("offer"), locale="it"))

        assert "Offerta P-2026-0418, revisione 2" in first
        assert "39,31 €" in first
        assert "9 dicembre" in first
        assert "17.630,72 €" in second
        assert "fino a tutto il 24 novembre 2026, ora di Roma" in second
        assert "una proposta, non un documento fiscale" in second

    def test_names_the_maker_beside_each_product(self, app: Flask) -> None:
        text = text_of(make_offer(make_hamper(products=4)))

        for n in range(1, 5):
            assert f"Prodotto {n:02d}" in text
            assert f"Laboratorio SKU-{n}" in text

    def test_sums_vat_by_rate_and_says_what_follows_the_goods(self, app: Flask) -> None:
        offer = make_offer(make_hamper(products=6, quantity=40))
        rows = offer.contents.totals.rows

        text = text_of(offer)

        assert [row.vat.rate for row in rows] == [10, 22]
        for row in rows:
            assert f"{row.vat.rate:.0f}% {shown(row.net)} € {shown(row.tax)} €" in text
        assert "seguono l’IVA dei prodotti" in text

    def test_shows_a_set_up_fee_as_an_amount_of_its_own(self, app: Flask) -> None:
        assert "Impianto, una volta: Biglietto con logo 1 45,00 € segue 45,00 €" in text_of(
            make_offer(make_hamper())
        )

    def test_several_hampers_have_their_own_heading_and_price(self, app: Flask) -> None:
        text = text_of(make_offer(make_hamper("Per i clienti"), make_hamper("Per noi", products=2)))

        assert "20 cesti di prodotti fatti in carcere, in 2 composizioni" in text
        assert "Cesto «Per i clienti»" in text
        assert "Cesto «Per noi»" in text

    def test_an_agreed_price_is_named_as_such(self, app: Flask) -> None:
        text = text_of(make_offer(make_hamper(own_unit_net=Decimal("19.90"))))

        assert "Un cesto a prezzo concordato, IVA esclusa 19,90 €" in text

    @pytest.mark.parametrize(
        ("delivery", "words"),
        [
            (Delivery.ONE_ADDRESS, "a un solo indirizzo"),
            (Delivery.SITES, "a più sedi"),
            (Delivery.HOMES, "a casa di ciascun destinatario"),
            (Delivery.COLLECTION, "ritiro nel nostro negozio"),
        ],
    )
    def test_says_where_the_hampers_go(self, app: Flask, delivery: Delivery, words: str) -> None:
        offer = replace(make_offer(make_hamper()), delivery=delivery, delivery_on=date(2026, 12, 9))

        assert f"Prevista per il 9 dicembre 2026, {words}" in text_of(offer)

    def test_a_delivery_still_to_be_agreed_is_said_in_words(self, app: Flask) -> None:
        offer = replace(cast(OfferPaper, load_sample("offer")), delivery_on=None)

        assert "da concordare la consegna" in text_of(offer)
        assert "to be agreed delivery" in text_of(offer, "en")

    def test_promises_a_certificate_only_of_hours(self, app: Flask) -> None:
        offer = cast(OfferPaper, load_sample("offer"))

        assert "Attestato d’impatto." in text_of(offer)
        assert "Attestato" not in text_of(replace(offer, hours_estimate=0))

    def test_writes_dates_and_amounts_in_english(self, app: Flask) -> None:
        text = text_of(make_offer(make_hamper()), locale="en")

        assert "24 November 2026" in text
        assert "€45.00" in text


class TestLongOffer:
    @pytest.fixture
    def pages(self, app: Flask) -> list[str]:
        return pages_of(render("offer", make_offer(make_hamper(products=60)), locale="it"))

    def test_flows_over_pages_that_are_numbered(self, pages: list[str]) -> None:
        assert len(pages) >= 4
        for number, page in enumerate(pages, start=1):
            assert f"{number} di {len(pages)}" in page

    def test_repeats_the_heads_of_the_table(self, pages: list[str]) -> None:
        with_products = [page for page in pages if "Prodotto " in page]

        assert len(with_products) >= 3
        for page in with_products:
            assert "Prodotto Chi lo fa Listino Sconto Netto IVA" in page

    def test_never_splits_a_row(self, pages: list[str]) -> None:
        for n in range(1, 61):
            (page,) = [page for page in pages if f"Prodotto {n:02d}" in page]
            assert f"Laboratorio SKU-{n} " in page

    def test_keeps_the_acceptance_box_in_one_piece(self, pages: list[str]) -> None:
        (page,) = [page for page in pages if "Per accettare" in page]

        assert "Timbro e firma" in page

    def test_repeats_reference_and_seller_on_every_page(self, pages: list[str]) -> None:
        for page in pages:
            assert "Offerta P-2026-0418" in page
            assert "P. IVA 00743110157" in page


def shown(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
