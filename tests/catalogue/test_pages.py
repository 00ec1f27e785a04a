"""The public pages: they answer, with few queries, and claim no more than the catalogue does."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gifting.catalogue.models import ProductPrice, ReadyHamper, ReadyHamperLine
from gifting.catalogue.queries import read_shelf
from gifting.catalogue.service import import_catalogue, read_sheets
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.catalogue import make_box, make_breaks, make_product
from tests.support.queries import count_queries

SAMPLE = Path(__file__).parents[2] / "sample" / "catalogue"
MAX_QUERIES = 7  # the front page, when the shelf has changed; one less when it has not
PAGES = (
    "/",
    "/prodotti",
    "/prodotti?q=panetone&dieta=vegetarian&senza=nuts&regione=Veneto&da=5&a=30&pezzi=20",
    "/prodotti?entro=2026-12-18&pezzi=350&ordina=prezzo&stagione=1",
    "/prodotti/GIO-PAN-1000?pezzi=350",
    "/cesti-pronti?pezzi=350&dieta=vegan",
    "/cesti-pronti/HAM-SUD",
    "/persone-e-luoghi",
    "/persone-e-luoghi?categoria=birra",
    "/laboratori/pasticceria-giotto",
    "/come-funziona",
    "/come-contiamo-le-ore",
    "/negozio",
)


def text_of(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.text.replace("\u00a0", " ").split())


def load_sample() -> None:
    with transaction():
        import_catalogue(read_sheets(SAMPLE), label_confirmed=True, actor_id=None, now=NOW)


class TestEveryPage:
    def test_answers_with_one_heading_in_a_few_queries(self, client: FlaskClient) -> None:
        load_sample()
        read_shelf(NOW.date())  # as any page does that came before
        for url in PAGES:
            db.session.remove()
            with count_queries() as queries:
                response = client.get(url)

            assert response.status_code == 200, url
            assert response.text.count("<h1") == 1, url
            assert " style=" not in response.text, url
            assert len(queries) <= MAX_QUERIES, (url, queries)

    @pytest.mark.parametrize("url", [url for url in PAGES if "HAM-SUD" not in url])
    def test_answers_before_there_is_a_catalogue(self, client: FlaskClient, url: str) -> None:
        is_about_one_thing = url.startswith(("/prodotti/", "/laboratori/"))

        assert client.get(url).status_code == (404 if is_about_one_thing else 200)

    def test_of_something_unknown_is_not_found(self, client: FlaskClient) -> None:
        for url in ("/prodotti/NO", "/cesti-pronti/NO", "/laboratori/no"):
            assert client.get(url).status_code == 404


class TestTheList:
    def test_says_what_it_searched_for_instead(self, client: FlaskClient) -> None:
        make_product(name_it="Panettone classico")

        assert "Nessun risultato per «panetone»: mostriamo «panettone»." in text_of(
            client, "/prodotti?q=panetone"
        )

    def test_names_the_filter_that_excludes_most(self, client: FlaskClient) -> None:
        make_product(list_net="80.00")
        make_product(list_net="90.00", category="vino")

        page = text_of(client, "/prodotti?categoria=vino&a=10")

        assert "Nessun prodotto con tutti questi filtri" in page
        assert "Quello che esclude di più è il prezzo." in page

    def test_says_what_it_could_not_read_and_does_not_filter_by_it(
        self, client: FlaskClient
    ) -> None:
        make_product(name_it="Grissini")

        page = text_of(client, "/prodotti?da=tanto&pezzi=-4&entro=domani")

        assert "Scrivi un importo, per esempio 12,50." in page
        assert "Scrivi un numero fra 1 e 100.000." in page
        assert "Grissini" in page

    def test_ignores_values_nobody_offers(self, client: FlaskClient) -> None:
        make_product(name_it="Grissini")

        assert "Grissini" in text_of(client, "/prodotti?dieta=luna&categoria=x&ordina=y&dopo=z")

    def test_remembers_whether_prices_have_vat(self, client: FlaskClient) -> None:
        make_product(list_net="10.00", vat_rate="10.00")

        assert "10,00 €</b><span>+ IVA 10%" in text_of(client, "/prodotti")
        client.get("/prodotti?prezzi=lordi")

        assert "11,00 €</b><span>IVA 10% inclusa" in text_of(client, "/prodotti")

    def test_escapes_what_was_typed(self, client: FlaskClient) -> None:
        assert "<script>alert" not in text_of(client, "/prodotti?q=<script>alert(1)</script>")


class TestAProductsPage:
    def test_shows_every_break_and_the_price_of_the_quantity(self, client: FlaskClient) -> None:
        make_breaks()
        product = make_product(list_net="22.73", vat_rate="10.00")

        page = text_of(client, f"/prodotti/{product.sku}?pezzi=350")

        for price in ("22,73 €", "22,05 €", "21,37 €", "20,68 €", "7.479,50 €"):
            assert price in page

    def test_counts_one_piece_in_the_singular(self, client: FlaskClient) -> None:
        one = make_product(on_hand=1)

        assert "Per 1 pezzo, se ordini oggi: è in magazzino." in text_of(
            client, f"/prodotti/{one.sku}"
        )
        assert "Solo 1 pezzo" in text_of(client, f"/prodotti/{one.sku}")
        assert "Per 1.200 pezzi" in text_of(client, f"/prodotti/{one.sku}?pezzi=1200")

    def test_tells_unknown_allergens_from_none(self, client: FlaskClient) -> None:
        unknown = make_product(allergens=None)
        none = make_product(allergens=[])

        assert "Allergeni non ancora dichiarati." in text_of(client, f"/prodotti/{unknown.sku}")
        assert "Nessuno dei 14 allergeni" in text_of(client, f"/prodotti/{none.sku}")

    def test_of_unconfirmed_food_sells_nothing(self, client: FlaskClient) -> None:
        product = make_product(label_confirmed=False)

        page = text_of(client, f"/prodotti/{product.sku}")

        assert "Etichetta da confermare." in page
        assert "Metti nel cesto" not in page

    def test_calls_the_minutes_an_estimate(self, client: FlaskClient) -> None:
        product = make_product(work_minutes=6)

        page = text_of(client, f"/prodotti/{product.sku}")

        assert "Lavoro retribuito, stima</dt><dd>6 minuti" in page

    def test_shows_the_price_of_the_day(self, client: FlaskClient) -> None:
        product = make_product(list_net="10.00")
        for day, price in ((date(2026, 11, 2), "12.00"), (date(2026, 11, 3), "15.00")):
            row = ProductPrice(
                product_id=product.id, valid_from=day, list_net=Decimal(price), cost_net=Decimal(7)
            )
            db.session.add(row)
        db.session.commit()

        page = text_of(client, f"/prodotti/{product.sku}")

        assert "12,00 €" in page
        assert "15,00 €" not in page


class TestReadyHampers:
    def test_are_priced_by_the_core_and_not_by_the_file(self, client: FlaskClient) -> None:
        load_sample()

        page = text_of(client, "/cesti-pronti/HAM-SUD")

        assert "79,45 €" in page  # the file says 79,80, with the box at 22 %
        assert "70,30 €" in page

    def test_show_no_diet_that_one_product_did_not_declare(self, client: FlaskClient) -> None:
        self.make_hamper(make_product(dietary=["vegan"]), make_product(dietary=None))

        assert "Nessun cesto con questi filtri" in text_of(client, "/cesti-pronti?dieta=vegan")

    def test_with_something_off_sale_are_not_offered(self, client: FlaskClient) -> None:
        self.make_hamper(make_product(is_on_sale=False))

        assert "Nessun cesto con questi filtri" in text_of(client, "/cesti-pronti")
        assert "Non in vendita ora" in text_of(client, "/cesti-pronti/HAM-X")

    def test_get_cheaper_with_the_quantity(self, client: FlaskClient) -> None:
        make_breaks()
        self.make_hamper(make_product(list_net="97.20"))

        assert "100,00 €" in text_of(client, "/cesti-pronti/HAM-X?prezzi=netti")
        assert "91,00 €" in text_of(client, "/cesti-pronti/HAM-X?pezzi=500")

    def test_begin_with_the_number_of_hampers_shown(self, client: FlaskClient) -> None:
        self.make_hamper(make_product())
        field = '<input type="hidden" name="quantity" value="350">'

        assert field in text_of(client, "/cesti-pronti?pezzi=350")
        assert field in text_of(client, "/cesti-pronti/HAM-X?pezzi=350")

    def test_wait_for_the_workshops_only_when_stock_is_short(self, client: FlaskClient) -> None:
        """The same rule as the builder's: a first date must not move when one opens the box."""
        self.make_hamper(make_product(on_hand=100, lead_time_days=10))

        assert "è tutto in magazzino" in text_of(client, "/cesti-pronti/HAM-X?pezzi=100")
        said = text_of(client, "/cesti-pronti/HAM-X?pezzi=101")
        assert "10 giorni lavorativi di laboratorio" in said

    def make_hamper(self, *products) -> None:
        hamper = ReadyHamper(sku="HAM-X", name_it="Prova", name_en="Trial", box_id=make_box().id)
        hamper.lines = [
            ReadyHamperLine(product_id=product.id, quantity=1, position=position)
            for position, product in enumerate(products)
        ]
        db.session.add(hamper)
        db.session.commit()
