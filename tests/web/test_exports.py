"""The lists that staff and companies take away: theirs, whole, as filtered."""

from datetime import date

import pytest

from gifting.core.roles import Role
from gifting.platform import exports, sheets
from tests.support.accounts import make_company, make_user, sign_in
from tests.support.orders import make_accepted_order, make_invoice
from tests.support.quotes import make_offer, make_request

OFFICE = {
    "/ufficio/esporta/preventivi": Role.SALES,
    "/ufficio/esporta/ordini": Role.OPERATIONS,
    "/ufficio/esporta/fatture": Role.ACCOUNTING,
}


def rows_of(client, path, query=""):
    """Read both files and return their rows, the same in both but for how numbers are written."""
    read = {}
    for form in ("csv", "xlsx"):
        with client.get(f"{path}.{form}{query}") as answer:
            assert answer.status_code == 200
            read[form] = sheets.read(answer.get_data())
    assert [row[0] for row in read["csv"]] == [row[0] for row in read["xlsx"]]
    return read["csv"]


class TestOffice:
    def test_takes_away_quotes_of_a_view(self, client):
        requested, offered = make_request(), make_offer()
        sign_in(client, make_user(Role.SALES))

        everything = rows_of(client, "/ufficio/esporta/preventivi", "?vista=all")
        waiting = rows_of(client, "/ufficio/esporta/preventivi", "?vista=waiting")

        assert {row[0] for row in everything[1:]} == {requested.reference, offered.reference}
        assert [(row[0], row[3]) for row in waiting[1:]] == [
            (offered.reference, "Aspetta il cliente")
        ]

    def test_takes_away_orders_over_several_pages(self, client, monkeypatch):
        monkeypatch.setattr(exports, "PAGE", 2)
        orders = [make_accepted_order().reference for _ in range(5)]
        sign_in(client, make_user(Role.OPERATIONS))

        rows = rows_of(client, "/ufficio/esporta/ordini")

        assert [row[0] for row in rows[1:]] == orders[::-1]

    def test_takes_away_invoices_with_numbers_as_numbers(self, client):
        invoice = make_invoice()
        sign_in(client, make_user(Role.ACCOUNTING))

        [head, row] = rows_of(client, "/ufficio/esporta/fatture")

        assert row[head.index("Totale")] == f"{invoice.gross_total}".replace(".", ",")
        assert row[head.index("Data")] == date(2026, 11, 2).isoformat()

    def test_finds_a_name_that_would_be_a_formula_disarmed(self, client):
        company = make_company(name='=HYPERLINK("http://evil.example";"Meridiana")')
        make_accepted_order(make_user(company_id=company.id))
        sign_in(client, make_user(Role.OPERATIONS))

        [_head, row] = rows_of(client, "/ufficio/esporta/ordini")

        assert row[1] == f"'{company.name}"

    @pytest.mark.parametrize("path", OFFICE)
    def test_is_offered_where_the_list_is(self, client, path):
        sign_in(client, make_user(OFFICE[path]))

        page = client.get(path.replace("esporta/", "") + "?cerca=a b&stato=%22%3E").text

        assert f'href="{path}.csv?' in page
        assert f'href="{path}.xlsx?' in page
        assert '">&stato' not in page


class TestCompany:
    def test_takes_away_its_own_invoices_and_nobody_elses(self, client):
        buyer = make_user()
        mine = make_invoice(buyer)
        make_invoice()
        sign_in(client, buyer)

        [head, row] = rows_of(client, "/esporta/fatture")

        assert row[0] == mine.reference
        assert "Azienda" not in head
        assert "/esporta/fatture.xlsx" in client.get("/fatture").text

    def test_finds_nothing_under_another_ending(self, client):
        sign_in(client, make_user())

        assert client.get("/esporta/fatture.html").status_code == 404
