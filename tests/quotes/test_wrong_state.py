"""Every move a quote’s state does not have is refused by its page, in words; nothing changes."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.core.quote_lifecycle import QuoteAction, QuoteState
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.quotes.models import Quote
from tests.quotes.test_lifecycle import ILLEGAL, MAKE
from tests.support.accounts import make_user, sign_in

WORDS = "Perché no"
BY_BUYER = {
    QuoteAction.ANSWER: ("risposta", {"body": WORDS}),
    QuoteAction.ASK_CHANGE: ("modifiche", {"reason": WORDS}),
    QuoteAction.DECLINE: ("rifiuto", {"reason": WORDS}),
    QuoteAction.CANCEL: ("annulla", {"reason": WORDS}),
}
BY_SALES = {
    QuoteAction.ASK: ("chiarimento", {"comment": WORDS}),
    QuoteAction.REVISE: ("prepara", {}),
    QuoteAction.SEND: ("invia", {}),
    QuoteAction.WITHDRAW: ("ritira", {"reason": WORDS}),
}
REFUSALS = ("Nel frattempo è cambiato qualcosa", "L’offerta è scaduta")


def illegal(verbs: dict[QuoteAction, tuple[str, dict[str, str]]]) -> list[tuple[str, str]]:
    return [(state, action) for state, action in ILLEGAL if action in verbs]


def assert_refused(client: FlaskClient, path: str, data: dict[str, str], quote: Quote) -> None:
    quote_id, state, version = quote.id, quote.state, quote.version

    answer = client.post(path, data=data | {"version": str(version)}, follow_redirects=True)

    db.session.expire_all()
    after = db.session.get_one(Quote, quote_id)
    assert any(words in answer.text for words in REFUSALS)
    assert (after.state, after.version) == (state, version)


class TestBuyer:
    @pytest.mark.parametrize(("state", "action"), illegal(BY_BUYER), ids=str)
    def test_is_told_that_the_quote_has_moved_on(
        self, app: Flask, client: FlaskClient, state: QuoteState, action: QuoteAction
    ) -> None:
        quote = MAKE[state]()
        sign_in(client, db.session.get_one(User, quote.requested_by_id))
        verb, data = BY_BUYER[action]

        assert_refused(client, f"/preventivi/{quote.reference}/{verb}", data, quote)


class TestSales:
    @pytest.mark.parametrize(("state", "action"), illegal(BY_SALES), ids=str)
    def test_is_told_that_the_quote_has_moved_on(
        self, app: Flask, client: FlaskClient, state: QuoteState, action: QuoteAction
    ) -> None:
        quote = MAKE[state]()
        sign_in(client, make_user(Role.SALES))
        verb, data = BY_SALES[action]

        assert_refused(client, f"/ufficio/preventivi/{quote.reference}/{verb}", data, quote)
