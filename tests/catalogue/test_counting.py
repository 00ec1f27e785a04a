"""A counted sheet changes the stock as a whole, after it was shown, and only once."""

import re
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa

from gifting.catalogue.models import Product
from gifting.core.roles import Role
from gifting.platform import sheets
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_product

PATH = "/ufficio/prodotti/conta"


@pytest.fixture
def office(client):
    return sign_in(client, make_user(Role.SALES_MANAGER))


def upload(client, content, name="conta.csv"):
    data = {"sheet": (BytesIO(content), name)}
    return client.post(PATH, data=data)


def rows_in(page):
    return unescape(re.search(r'name="righe" value="([^"]*)"', page.text)[1])


def confirm(client, rows):
    return client.post(f"{PATH}/conferma", data={"righe": rows})


def stock_of(product):
    return db.session.scalars(sa.select(Product.on_hand).where(Product.id == product.id)).one()


def count_log():
    counting = EventLogEntry.action == "count_stock"
    return db.session.scalar(sa.select(sa.func.count(EventLogEntry.id)).where(counting))


class TestPreview:
    def test_shows_differences_and_changes_nothing(self, office):
        product, other = make_product(on_hand=10), make_product(on_hand=5)

        page = upload(office, f"pezzi;sku\n1.012;{product.sku.lower()}\n5;{other.sku}\n".encode())

        assert page.status_code == 200
        assert "Un prodotto cambia" in page.text
        assert "+1.002" in page.text
        assert rows_in(page).split() == ["sku;pezzi", f"{product.sku};1012", f"{other.sku};5"]
        assert stock_of(product) == 10

    def test_names_row_column_fault_and_proposal(self, office):
        product = make_product(sku="GIO-PAN-0001", on_hand=10, reserved=4)
        content = b"sku;pezzi\nGIO-PAN-0002;7\nGIO-PAN-0001;3\nGIO-PAN-0001;x\n;1\n"

        page = upload(office, content)

        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
        assert page.status_code == 422
        assert "2 sku «GIO-PAN-0002» non è nel catalogo. Volevi dire GIO-PAN-0001?" in text
        assert "3 pezzi «3» è meno dei pezzi impegnati da ordini. Scrivi almeno 4." in text
        assert "4 pezzi «x» non è un numero di pezzi." in text
        assert "5 sku Manca il codice del prodotto." in text
        assert 'name="righe"' not in page.text
        assert stock_of(product) == 10

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"codice;quanti\nA;1\n", "Manca la colonna «sku»"),
            (b"sku;pezzi\n", "non c’è nessuna riga"),
            (b"", "Il foglio è vuoto"),
            (b"PK\x03\x04", "Il foglio è rovinato"),
            (b"sku;pezzi\n" + b"A;1\n" * 2_001, "più di 2000 righe"),
        ],
    )
    def test_says_what_is_wrong_with_the_whole_sheet(self, office, content, said):
        page = upload(office, content)

        assert page.status_code == 422
        assert said in page.text

    def test_escapes_what_a_cell_says(self, office):
        page = upload(office, b"sku;pezzi\n<script>alert(1)</script>;1\n")

        assert "<script>alert" not in page.text

    def test_reads_the_sheet_that_it_gives(self, office):
        product = make_product(on_hand=10)
        with office.get("/ufficio/esporta/scorte.xlsx") as answer:
            given = answer.get_data()
        assert sheets.read(given)[1][0] == product.sku

        assert "Le scorte sono già così" in upload(office, given, "scorte.xlsx").text


class TestConfirmation:
    def test_writes_all_once_however_often_it_is_sent(self, office):
        products = [make_product(on_hand=10) for _ in range(3)]
        content = "sku;pezzi\n" + "".join(f"{p.sku};{n}\n" for n, p in enumerate(products))
        rows = rows_in(upload(office, content.encode()))

        for _ in range(2):
            assert confirm(office, rows).status_code == 303

        assert [stock_of(product) for product in products] == [0, 1, 2]
        assert count_log() == 3

    def test_writes_nothing_when_one_row_no_longer_fits(self, office):
        first, second = make_product(on_hand=10), make_product(on_hand=10)
        rows = rows_in(upload(office, f"sku;pezzi\n{first.sku};1\n{second.sku};1\n".encode()))
        db.session.execute(sa.update(Product).where(Product.id == second.id).values(reserved=5))
        db.session.commit()

        page = confirm(office, rows)

        assert page.status_code == 422
        assert "Scrivi almeno 5." in page.text
        assert (stock_of(first), stock_of(second), count_log()) == (10, 10, 0)

    @pytest.mark.parametrize("rows", ["", "x", "sku;pezzi", '"', "sku;pezzi\nNO;1"])
    def test_of_what_was_never_shown_is_refused(self, office, rows):
        make_product()

        assert confirm(office, rows).status_code in {302, 422}
        assert count_log() == 0

    @pytest.mark.parametrize("role", [Role.SALES, Role.OPERATIONS, Role.BUYER])
    def test_is_for_those_who_may_change_the_catalogue(self, client, role):
        sign_in(client, make_user(role))

        assert client.get(PATH).status_code == 403
        assert confirm(client, "sku;pezzi").status_code == 403
