"""Staff change prices, rates, labels, stock and breaks by dated rows, and leave a trace."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from gifting.catalogue.models import Product, ProductPrice, ProductVat
from gifting.catalogue.queries import list_quantity_breaks
from gifting.core.pricing import PriceBreak
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_breaks, make_product

PRICE = {"list_net": "12,50", "cost_net": "8,00", "valid_from": "2026-12-01"}
VAT = {"rate": "22", "legal_basis": "aliquota ordinaria", "valid_from": "2026-12-01"}
BREAKS = {
    "valid_from": "2026-12-01",
    "rows-0-min_quantity": "100",
    "rows-0-discount": "2,5",
    "rows-1-min_quantity": "400",
    "rows-1-discount": "7",
}


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_user(Role.SALES_MANAGER))


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(EventLogEntry.action).order_by(EventLogEntry.id)))


def fresh(product: Product) -> Product:
    db.session.rollback()
    return db.session.get_one(Product, product.id, populate_existing=True)


class TestPrices:
    def test_are_added_from_a_day_and_the_past_stays(self, manager: FlaskClient) -> None:
        product = make_product(list_net="10.00")

        response = manager.post(f"/ufficio/prodotti/{product.sku}/prezzo", data=PRICE)

        assert response.status_code == 303
        rows = db.session.execute(
            sa.select(ProductPrice.valid_from, ProductPrice.list_net)
            .where(ProductPrice.product_id == product.id)
            .order_by(ProductPrice.valid_from)
        ).all()
        assert [tuple(row) for row in rows] == [
            (date(2026, 1, 1), Decimal("10.00")),
            (date(2026, 12, 1), Decimal("12.50")),
        ]
        assert actions() == ["set_price"]

    def test_replace_one_of_the_same_day(self, manager: FlaskClient) -> None:
        product = make_product()
        for price in ("12,50", "13,00"):
            manager.post(
                f"/ufficio/prodotti/{product.sku}/prezzo", data=PRICE | {"list_net": price}
            )

        newest = sa.select(sa.func.max(ProductPrice.list_net))
        count = sa.select(sa.func.count()).select_from(ProductPrice)
        assert (db.session.scalar(newest), db.session.scalar(count)) == (Decimal("13.00"), 2)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"valid_from": "2026-11-01"}, "il passato non cambia"),
            ({"list_net": "tanto"}, "Scrivi un importo"),
            ({"list_net": ""}, "Scrivi un importo"),
            ({"list_net": "0"}, "maggiore di zero"),
            ({"cost_net": "-1"}, "non può essere negativo"),
            ({"cost_net": "1,005"}, "due decimali"),
        ],
    )
    def test_that_cannot_be_are_refused_at_the_field(
        self, manager: FlaskClient, changes: dict[str, str], said: str
    ) -> None:
        product = make_product()

        response = manager.post(f"/ufficio/prodotti/{product.sku}/prezzo", data=PRICE | changes)

        assert response.status_code == 422
        assert said in response.text
        assert actions() == []


class TestVatRates:
    def test_are_added_with_their_legal_basis(self, manager: FlaskClient) -> None:
        product = make_product(vat_rate="10.00")

        manager.post(f"/ufficio/prodotti/{product.sku}/iva", data=VAT)

        query = sa.select(ProductVat.rate).order_by(ProductVat.valid_from)
        assert list(db.session.scalars(query)) == [Decimal(10), Decimal(22)]

    @pytest.mark.parametrize("changes", [{"rate": "23"}, {"legal_basis": ""}])
    def test_need_a_rate_in_force_and_a_basis(
        self, manager: FlaskClient, changes: dict[str, str]
    ) -> None:
        product = make_product()

        response = manager.post(f"/ufficio/prodotti/{product.sku}/iva", data=VAT | changes)

        assert response.status_code == 422
        assert actions() == []


class TestStock:
    def test_is_what_was_counted(self, manager: FlaskClient) -> None:
        product = make_product(on_hand=10, reserved=4)

        manager.post(f"/ufficio/prodotti/{product.sku}/scorta", data={"on_hand": "7"})

        assert fresh(product).on_hand == 7
        assert actions() == ["count_stock"]

    def test_is_never_below_what_orders_reserved(self, manager: FlaskClient) -> None:
        product = make_product(on_hand=10, reserved=4)

        response = manager.post(f"/ufficio/prodotti/{product.sku}/scorta", data={"on_hand": "3"})

        assert response.status_code == 422
        assert "4 pezzi sono impegnati da ordini." in response.text
        assert fresh(product).on_hand == 10


class TestLabels:
    def test_confirmed_put_food_on_sale(self, manager: FlaskClient) -> None:
        product = make_product(label_confirmed=False, allergens=None, dietary=None)

        manager.post(
            f"/ufficio/prodotti/{product.sku}/etichetta",
            data={"allergens": ["gluten", "milk"], "dietary": ["vegetarian"]},
        )

        confirmed = fresh(product)
        assert confirmed.label_confirmed
        assert (confirmed.allergens, confirmed.dietary) == (["gluten", "milk"], ["vegetarian"])
        assert "Metti nel cesto" in manager.get(f"/prodotti/{product.sku}").text

    def test_know_only_the_fourteen(self, manager: FlaskClient) -> None:
        product = make_product(label_confirmed=False)

        response = manager.post(
            f"/ufficio/prodotti/{product.sku}/etichetta", data={"allergens": ["pollen"]}
        )

        assert response.status_code == 422
        assert not fresh(product).label_confirmed


class TestSale:
    def test_can_be_stopped_and_started(self, manager: FlaskClient) -> None:
        product = make_product()
        url = f"/ufficio/prodotti/{product.sku}/vendita"

        manager.post(url, data={"is_on_sale": "no"})
        assert not fresh(product).is_on_sale
        manager.post(url, data={"is_on_sale": "no"})
        manager.post(url, data={"is_on_sale": "si"})

        assert fresh(product).is_on_sale
        assert actions() == ["take_off_sale", "put_on_sale"]


class TestBreaks:
    def test_come_into_force_on_their_day_as_a_whole_set(self, manager: FlaskClient) -> None:
        make_breaks()

        assert manager.post("/ufficio/sconti-quantita", data=BREAKS).status_code == 303

        assert [step.min_quantity for step in list_quantity_breaks(on=date(2026, 11, 30))] == [
            50,
            200,
            500,
        ]
        assert list_quantity_breaks(on=date(2026, 12, 1)) == (
            PriceBreak(100, Decimal("2.50")),
            PriceBreak(400, Decimal(7)),
        )

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"rows-1-discount": "2"}, "uno sconto più alto"),
            ({"rows-1-min_quantity": "100"}, "uno sconto più alto"),
            ({"rows-1-discount": ""}, "Manca lo sconto."),
            ({"rows-1-min_quantity": ""}, "Manca il numero di cesti."),
            ({"rows-0-min_quantity": "1"}, "da 2 a 100.000"),
            ({"rows-1-discount": "100"}, "fra 0 e 100"),
            ({"valid_from": "2026-10-01"}, "il passato non cambia"),
        ],
    )
    def test_that_make_no_sense_are_refused(
        self, manager: FlaskClient, changes: dict[str, str], said: str
    ) -> None:
        response = manager.post("/ufficio/sconti-quantita", data=BREAKS | changes)

        assert response.status_code == 422
        assert said in response.text
        assert actions() == []

    def test_need_at_least_one_threshold(self, manager: FlaskClient) -> None:
        response = manager.post("/ufficio/sconti-quantita", data={"valid_from": "2026-12-01"})

        assert response.status_code == 422


class TestTheList:
    def test_shows_stock_and_what_keeps_a_product_from_sale(self, manager: FlaskClient) -> None:
        make_product(sku="AAA-1", on_hand=1200, reserved=200)
        make_product(sku="BBB-1", label_confirmed=False)

        page = manager.get("/ufficio/prodotti").text
        unconfirmed = manager.get("/ufficio/prodotti?solo=label").text

        assert "1.000" in page
        assert "Etichetta da confermare" in page
        assert "BBB-1" in unconfirmed
        assert "AAA-1" not in unconfirmed

    def test_finds_by_code_name_and_maker_without_accents(self, manager: FlaskClient) -> None:
        make_product(sku="AAA-1", name_it="Caffè macinato")
        make_product(sku="BBB-1", name_it="Grissini")

        assert "AAA-1" in manager.get("/ufficio/prodotti?q=caffe").text
        assert "BBB-1" not in manager.get("/ufficio/prodotti?q=caffe").text
        assert "BBB-1" in manager.get("/ufficio/prodotti?q=bbb").text


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.SALES, Role.OPERATIONS, Role.ACCOUNTING])
    def test_other_staff_look_and_do_not_touch(self, client: FlaskClient, role: Role) -> None:
        sign_in(client, make_user(role))
        product = make_product()

        page = client.get(f"/ufficio/prodotti/{product.sku}")

        assert page.status_code == 200
        assert "Salva il prezzo" not in page.text
        assert client.post(f"/ufficio/prodotti/{product.sku}/prezzo", data=PRICE).status_code == 403
        assert client.get("/ufficio/sconti-quantita").status_code == 200
        assert client.post("/ufficio/sconti-quantita", data=BREAKS).status_code == 403

    def test_buyers_see_none_of_it(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.BUYER))

        assert client.get("/ufficio/prodotti").status_code == 403
