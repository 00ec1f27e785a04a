"""The policy table is what browsers meet: every route, in every role, across companies.

A new route is asked by being in its slice's ROUTES. If its address has a variable, `World.values`
says what there is of one company to put there: add it under the variable's name; a record that
`World` does not have yet, make in its `__init__`. Other tests walk the same world.
"""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.service.company import change_logo
from gifting.core.roles import COMPANY, STAFF, Role
from gifting.documents.models import StoredDocument
from gifting.platform import outbox
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.quotes.service import ask_for_pack, finish_pack
from gifting.web import registry
from gifting.web.registry import MANAGERS_ONLY, ROUTES
from tests.conftest import NOW
from tests.support.accounts import make_invitation, make_user, sign_in
from tests.support.backoffice import make_letter
from tests.support.catalogue import make_producer, make_product
from tests.support.files import make_picture
from tests.support.hampers import make_hamper
from tests.support.orders import make_accepted_order, make_invoice

GUARDED = sorted(endpoint for endpoint, roles in ROUTES.items() if roles is not None)
OPEN = sorted(endpoint for endpoint, roles in ROUTES.items() if roles is None)
LEADS_ON = {
    "quotes.received",
    "backoffice.home",
    "accounts.second_step",
    "accounts.recovery_code",
    "accounts.enrol",
    "accounts.set_up_factor",
}
"""Pages that lead on to another one."""
UNDERSTOOD = {200, 302, 303, 400, 409, 422}
A_CHANGE = {"delete": "1", "version": "1"}
"""What the builder posts: which button was pressed, on which version."""
Routes = list[tuple[str, str]]


def routes_of(app: Flask, endpoint: str, values: dict[str, Any]) -> Routes:
    """List (method, path) of every rule of an endpoint, its variables filled from the values."""
    adapter = app.url_map.bind(app.config["SERVER_NAME"])
    return [
        (method, adapter.build(endpoint, values, method=method, append_unknown=False))
        for rule in app.url_map.iter_rules(endpoint)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def variables_of(app: Flask, endpoint: str) -> set[str]:
    return {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}


def bare_app() -> Flask:
    """The routes without a database, to know them before any test runs."""
    app = Flask("bare", static_folder=None)
    registry.register(app)
    return app


PLAIN = sorted(
    endpoint for endpoint in set(OPEN) - LEADS_ON if not variables_of(bare_app(), endpoint)
)
"""Open pages that are about no record."""
OWNED = sorted(
    endpoint
    for endpoint, roles in ROUTES.items()
    if (endpoint.startswith("hampers.") if roles is None else roles & COMPANY)
    and variables_of(bare_app(), endpoint)
    & {"reference", "document_id", "key", "user_id", "invitation_id", "company_id"}
)
"""Routes that name a record of a company, for that company's people."""


class World:
    """One of everything, of one company."""

    def __init__(self) -> None:
        self.buyer = make_user()
        self.order = make_accepted_order(self.buyer)
        self.invoice = make_invoice(order=self.order)
        self.product, self.producer = make_product(), make_producer()
        self.hamper = make_hamper(self.product, owner=self.buyer)
        with transaction():
            outbox.owe("tests.note", key=f"note:{self.buyer.company_id}", now=NOW)
        self.letter_id = make_letter(subject="Offerta P-2026-0001")
        self.quote_reference = db.session.execute(
            sa.text("SELECT reference FROM quote WHERE id = :id"), {"id": self.order.quote_id}
        ).scalar_one()
        self.invitation_id = make_invitation(self.buyer).id
        self.administrator = make_user(Role.ADMINISTRATOR)
        self.staff_invitation_id = make_invitation(self.administrator).id
        with transaction():
            change_logo(
                self.buyer.company_id, content=make_picture(), actor_id=self.buyer.id, now=NOW
            )
        with transaction():
            pack = ask_for_pack([self.quote_reference], user_id=self.administrator.id, now=NOW)
            finish_pack(pack, content=b"PK", packed=pack.quotes, now=NOW)
            self.pack_id = pack.id
        self.document_id = db.session.scalars(sa.select(StoredDocument.id)).first()
        job = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).first()
        job.gave_up_at = NOW
        db.session.commit()
        self.job_id = job.id

    def values(self, endpoint: str, *, role: Role = Role.BUYER) -> dict[str, Any]:
        """Fill the variables of a route with what there is of this company, or of the staff."""
        is_of_staff = endpoint in MANAGERS_ONLY and role in STAFF
        if endpoint.startswith(("orders.detail", "orders.staff", "billing.issue")):
            reference = self.order.reference
        elif endpoint.startswith("billing."):
            reference = self.invoice.reference
        else:
            reference = self.quote_reference
        return {
            "reference": reference,
            "key": self.hamper.key,
            "sku": self.product.sku,
            "slug": self.producer.slug,
            "document_id": self.document_id,
            "letter_id": self.letter_id,
            "user_id": self.administrator.id if is_of_staff else self.buyer.id,
            "invitation_id": self.staff_invitation_id if is_of_staff else self.invitation_id,
            "company_id": self.buyer.company_id,
            "job_id": self.job_id,
            "lang": "it",
            "token": "x",
            "wanted": "password",
            "session_id": 1,
            "filter_id": 1,
            "pack_id": self.pack_id,
            "form": "csv",
        }


@pytest.fixture
def world(client: FlaskClient) -> World:
    return World()


def of_company(world: World, endpoint: str, role: Role) -> dict[str, Any]:
    """Make people of a company colleagues of the world's buyer, with the right the route asks."""
    if role not in COMPANY:
        return {}
    return {
        "company_id": world.buyer.company_id,
        "is_company_admin": endpoint in MANAGERS_ONLY,
    }


def answers(client: FlaskClient, routes: Routes) -> list[tuple[str, str, int]]:
    return [(method, path, client.open(path, method=method).status_code) for method, path in routes]


class TestGuardedRoutes:
    @pytest.mark.parametrize("endpoint", GUARDED)
    def test_send_a_stranger_to_sign_in(
        self, app: Flask, client: FlaskClient, endpoint: str
    ) -> None:
        values = dict.fromkeys(variables_of(app, endpoint), 1) | {"form": "csv"}
        for method, path in routes_of(app, endpoint, values):
            answer = client.open(path, method=method)

            assert answer.status_code == 302, (method, path)
            assert answer.location.startswith("/accedi")

    @pytest.mark.parametrize("endpoint", GUARDED)
    def test_refuse_every_role_that_is_not_in_their_row(
        self, app: Flask, client: FlaskClient, endpoint: str
    ) -> None:
        values = dict.fromkeys(variables_of(app, endpoint), 1) | {"form": "csv"}
        routes = routes_of(app, endpoint, values)
        let_in = []
        for role in sorted(set(Role) - ROUTES[endpoint]):
            sign_in(client, make_user(role))
            let_in += [(role, *a) for a in answers(client, routes) if a[2] != 403]

        assert let_in == []

    @pytest.mark.parametrize("endpoint", sorted(MANAGERS_ONLY))
    def test_refuse_whoever_manages_nobody(
        self, app: Flask, client: FlaskClient, world: World, endpoint: str
    ) -> None:
        routes = routes_of(app, endpoint, world.values(endpoint))
        let_in = []
        for role in sorted(ROUTES[endpoint] & COMPANY):
            sign_in(client, make_user(role, company_id=world.buyer.company_id))
            let_in += [(role, *a) for a in answers(client, routes) if a[2] != 403]

        assert let_in == []

    @pytest.mark.parametrize("endpoint", GUARDED)
    def test_answer_every_role_in_their_row(
        self, app: Flask, client: FlaskClient, world: World, endpoint: str
    ) -> None:
        """A page, a redirect, or a clear refusal of an empty form: neither 403, 404 nor 500."""
        is_plain_page = not variables_of(app, endpoint) and endpoint not in LEADS_ON
        refused = []
        for role in sorted(ROUTES[endpoint]):
            routes = routes_of(app, endpoint, world.values(endpoint, role=role))
            sign_in(client, make_user(role, **of_company(world, endpoint, role)))
            for method, path, status in answers(client, routes):
                expected = {200} if is_plain_page and method == "GET" else UNDERSTOOD
                if status not in expected:
                    refused.append((role, method, path, status))

        assert refused == []


class TestOpenRoutes:
    @pytest.mark.parametrize("endpoint", PLAIN)
    def test_answer_a_stranger(self, app: Flask, client: FlaskClient, endpoint: str) -> None:
        pages = [(m, p) for m, p in routes_of(app, endpoint, {}) if m == "GET"]

        assert [a for a in answers(client, pages) if a[2] != 200] == []

    @pytest.mark.parametrize("endpoint", OPEN)
    def test_bear_an_empty_form(
        self, app: Flask, client: FlaskClient, world: World, endpoint: str
    ) -> None:
        posts = [(m, p) for m, p in routes_of(app, endpoint, world.values(endpoint)) if m == "POST"]

        assert [a for a in answers(client, posts) if a[2] >= 500] == []


class TestCompanies:
    """Another company's people are told that there is no such thing, whatever they try."""

    @pytest.mark.parametrize("endpoint", OWNED)
    def test_what_belongs_to_one_is_not_found_by_the_others(
        self, app: Flask, client: FlaskClient, world: World, endpoint: str
    ) -> None:
        routes = routes_of(app, endpoint, world.values(endpoint))
        found = []
        for role in sorted((ROUTES[endpoint] or set(Role)) & COMPANY):
            sign_in(client, make_user(role, is_company_admin=True))
            found += [
                (role, method, path)
                for method, path in routes
                if client.open(path, method=method, data=A_CHANGE).status_code != 404
            ]

        assert found == []

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_visitor_finds_no_companys_hamper(
        self, client: FlaskClient, world: World, method: str
    ) -> None:
        world.hamper.is_shared = True
        db.session.commit()

        answer = client.open(f"/cesti/{world.hamper.key}", method=method, data=A_CHANGE)

        assert answer.status_code == 404
