"""A search reads so many rows; a whole number finds what lies behind them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.core.roles import Role
from gifting.platform import finding
from tests.support.accounts import make_user, sign_in
from tests.support.orders import make_invoice


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_user(Role.ADMINISTRATOR))


@pytest.fixture
def invoices(app: Flask) -> list[tuple[str, str, str]]:
    """Of three invoices of one company, old to new: their numbers, their orders' and quotes'."""
    buyer = make_user()
    made = [make_invoice(buyer) for _ in range(3)]
    return [(one.reference, one.order_reference, "P" + one.order_reference[1:]) for one in made]


class TestSearch:
    def shown(self, staff: FlaskClient, path: str, text: str, references: list[str]) -> list[int]:
        """Return which of these records a list shows, counted from 0."""
        name = "q" if "ordini" in path else "cerca"
        page = staff.get(path, query_string={name: text, "vista": "all"}).text
        return [n for n, one in enumerate(references) if f"{path}/{one}" in page]

    @pytest.mark.parametrize(
        "listed",
        [
            ("/ufficio/fatture", 0, 2),
            ("/ufficio/ordini", 1, 2),
            ("/ufficio/preventivi", 2, 0),
        ],
    )
    def test_words_are_looked_for_nearby_and_numbers_everywhere(
        self,
        staff: FlaskClient,
        invoices: list[tuple[str, str, str]],
        monkeypatch: pytest.MonkeyPatch,
        listed: tuple[str, int, int],
    ) -> None:
        path, kind, near = listed
        references = [numbers[kind] for numbers in invoices]
        word = references[0][:6]  # the year, which all have in their numbers
        assert self.shown(staff, path, word, references) == [0, 1, 2]

        monkeypatch.setattr(finding, "SEARCHED", 1)

        assert self.shown(staff, path, word, references) == [near]
        for place, reference in enumerate(references):
            assert place in self.shown(staff, path, reference.lower(), references)

    def test_an_order_is_found_by_its_quotes_number_and_an_invoice_by_its_orders(
        self, staff: FlaskClient, invoices: list[tuple[str, str, str]]
    ) -> None:
        first = invoices[0]

        orders = self.shown(staff, "/ufficio/ordini", first[2], [first[1], invoices[1][1]])
        found = self.shown(staff, "/ufficio/fatture", first[1], [first[0], invoices[1][0]])

        assert orders == found == [0]
