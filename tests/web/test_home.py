"""The page on which a company's people begin."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.core.roles import STAFF, Role
from gifting.platform import clock
from gifting.platform.db import db
from gifting.quotes import service
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.orders import TODAY, make_accepted_order, make_invoice, pay
from tests.support.quotes import make_offer, make_request


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user()


@pytest.fixture
def browser(client: FlaskClient, buyer: User) -> FlaskClient:
    return sign_in(client, buyer)


class TestBuyerHome:
    def test_an_offer_waits_for_who_decides(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_offer(buyer)

        page = browser.get("/casa").text

        assert "Una cosa aspetta te." in page
        assert f"Rispondi all’offerta «{quote.title}»" in page

    def test_an_offer_does_not_wait_for_finance(self, client: FlaskClient, buyer: User) -> None:
        make_offer(buyer)
        sign_in(client, make_user(Role.FINANCE, company_id=buyer.company_id))

        page = client.get("/casa").text

        assert "Niente da fare per ora." in page
        assert "Rispondi all’offerta" not in page

    def test_a_question_waits_for_the_buyer(self, browser: FlaskClient, buyer: User) -> None:
        quote = make_request(buyer)
        service.ask(quote, actor_id=make_user(Role.SALES).id, comment="Quante sedi?", now=NOW)
        db.session.commit()

        assert f"Rispondi alla domanda su «{quote.title}»" in browser.get("/casa").text

    def test_a_late_invoice_comes_before_an_offer(
        self, browser: FlaskClient, buyer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        invoice = make_invoice(buyer)
        later = NOW + timedelta(days=45)
        monkeypatch.setattr(clock, "now", lambda: later)
        make_offer(buyer, now=later, valid_until=TODAY + timedelta(days=60))

        page = browser.get("/casa").text

        assert "2 cose aspettano te." in page
        assert page.index(f"Salda la fattura {invoice.reference}") < page.index("Rispondi all’off")

    def test_what_is_settled_is_not_shown(self, browser: FlaskClient, buyer: User) -> None:
        invoice = make_invoice(buyer)
        pay(invoice)

        page = browser.get("/casa").text

        assert invoice.order_reference in page
        assert f"/fatture/{invoice.reference}" not in page

    def test_an_address_to_confirm_is_something_to_do(self, client: FlaskClient) -> None:
        page = sign_in(client, make_user(email_confirmed_at=None)).get("/casa").text

        assert "Una cosa aspetta te." in page
        assert page.count("Manda di nuovo il link") == 1

    def test_is_reached_from_the_menu_of_every_page(self, browser: FlaskClient) -> None:
        assert '<a href="/casa">' in browser.get("/prodotti").text

    def test_shows_nothing_of_other_companies(self, browser: FlaskClient) -> None:
        order, quote = make_accepted_order(), make_offer()

        page = browser.get("/casa").text

        assert order.reference not in page
        assert quote.reference not in page
        assert "Il primo regalo parte da qui" in page

    @pytest.mark.parametrize("role", sorted(STAFF))
    def test_is_not_for_the_office(self, client: FlaskClient, role: Role) -> None:
        sign_in(client, make_user(role))

        assert client.get("/casa").status_code == 403
