"""Every list asks the database as often for many rows as for few."""

import pytest
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.core.roles import Role
from gifting.platform.db import db
from tests.support.accounts import make_user, sign_in
from tests.support.backoffice import make_letter
from tests.support.orders import make_invoice
from tests.support.queries import count_queries

LISTS = (
    ("/preventivi", Role.BUYER),
    ("/ordini", Role.BUYER),
    ("/fatture", Role.BUYER),
    ("/ufficio/preventivi?vista=all", Role.SALES),
    ("/ufficio/ordini", Role.OPERATIONS),
    ("/ufficio/fatture", Role.ACCOUNTING),
    ("/ufficio/posta", Role.ADMINISTRATOR),
    ("/ufficio/stato?vista=waiting", Role.ADMINISTRATOR),
)
"""A new list is held to it by a row here."""


def add_rows(buyer_id: int) -> None:
    """Add one row to every list: an invoice comes from a quote and an order, and owes jobs."""
    make_invoice(db.session.get_one(User, buyer_id))
    make_letter()


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_asks_as_often_for_four_rows_as_for_two(client: FlaskClient, path: str, role: Role) -> None:
    buyer = make_user()
    buyer_id = buyer.id
    sign_in(client, buyer if role is Role.BUYER else make_user(role))
    add_rows(buyer_id), add_rows(buyer_id)

    few, page = asked_by(client, path)
    add_rows(buyer_id), add_rows(buyer_id)
    many, longer = asked_by(client, path)

    assert len(longer) > len(page)
    assert len(many) == len(few)


def asked_by(client: FlaskClient, path: str) -> tuple[list[str], str]:
    """Return the statements behind a page, once the caches are full, and the page."""
    assert client.get(path).status_code == 200
    db.session.remove()
    with count_queries() as statements:
        page = client.get(path).text
    return statements, page
