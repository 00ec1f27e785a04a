"""What a company's people are shown does not depend on what other companies have.

Which tables belong to companies follows from the schema: those that name a company, and those
that name a row of such a table. Every page of a company's people is read twice, with another
company's rows in the database and without: not a character may differ. And no query that their
requests make may read such a table without saying whose row, or which row of a record, it wants.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

from gifting.core.roles import COMPANY, Role
from gifting.platform.db import Base, db
from gifting.web.registry import ROUTES
from tests.architecture.test_access import World, routes_of
from tests.support.accounts import make_user, sign_in

TABLES = Base.metadata.tables
COMPANY_TABLE = TABLES["company"]
DIRECT = {table for table in TABLES.values() if "company_id" in table.columns}
OWNERS = {"company_id", "owner_id", "user_id", "requested_by_id", "visitor_key", "token_hash"}
"""Columns that say whose a row is, or hold what only its owner knows."""
TRACES = {"subject"}
"""Columns that name a record to which a line of history or a document belongs."""
PAGES = sorted(
    endpoint
    for endpoint, roles in ROUTES.items()
    if (endpoint.startswith(("hampers.", "quotes.")) if roles is None else roles & COMPANY)
)
FRESH = re.compile(r'name="(csrf_token|submission_key)"[^>]*value="[^"]*"')
"""What a page draws by lot."""


def find_owned() -> set[sa.Table]:
    """Return every table whose rows belong to a company, by one foreign key or by several."""
    owned = set(DIRECT)
    while more := {
        table
        for table in TABLES.values()
        if table not in owned | {COMPANY_TABLE}
        and any(key.column.table in owned - PEOPLE for key in table.foreign_keys)
    }:
        owned |= more
    return owned


PEOPLE = {TABLES["user_account"]}
"""Staff are people too: to name a person is not to belong to a company."""
OWNED = find_owned()


def delete_company(engine: sa.Engine, company_id: int) -> None:
    """Delete all that belongs to a company, past the triggers that forbid it."""
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in DIRECT:
            connection.execute(table.delete().where(table.c.company_id == company_id))
        connection.execute(COMPANY_TABLE.delete().where(COMPANY_TABLE.c.id == company_id))
        for _level in OWNED:
            for table in OWNED - DIRECT:
                connection.execute(table.delete().where(_is_orphan(table)))


def _is_orphan(table: sa.Table) -> sa.ColumnElement[bool]:
    """A row one of whose parents is gone."""
    return sa.or_(
        *(
            sa.and_(
                key.parent.is_not(None),
                key.parent.not_in(sa.select(key.column).select_from(key.column.table)),
            )
            for key in table.foreign_keys
            if key.column.table in OWNED - PEOPLE
        )
    )


@pytest.fixture
def world(client: FlaskClient) -> World:
    return World()


def pages_of(app: Flask, world: World, role: Role) -> list[str]:
    return [
        path
        for endpoint in PAGES
        if ROUTES[endpoint] is None or role in ROUTES[endpoint]
        for method, path in routes_of(app, endpoint, world.values(endpoint))
        if method == "GET"
    ]


def read(client: FlaskClient, paths: list[str]) -> dict[str, tuple[int, str]]:
    answers = ((path, client.get(path)) for path in paths)
    return {
        path: (answer.status_code, FRESH.sub("", answer.data.decode(errors="replace")))
        for path, answer in answers
    }


@contextmanager
def reading() -> Iterator[list[Any]]:
    """Keep every SELECT that is executed meanwhile."""
    seen: list[Any] = []

    def keep(_connection: Any, statement: Any, *_more: Any) -> None:
        if isinstance(statement, sa.Select):
            seen.append(statement)

    sa.event.listen(db.engine, "before_execute", keep)
    yield seen
    sa.event.remove(db.engine, "before_execute", keep)


def is_narrowed(statement: sa.Select[Any]) -> bool:
    """Tell whether a query that reads a company's table says whose row or which record's."""
    elements = list(visitors.iterate(statement))
    if not {element for element in elements if isinstance(element, sa.Table)} & OWNED:
        return True
    return any(
        _narrows(column)
        for element in elements
        if isinstance(element, BinaryExpression)
        and element.operator in (operators.eq, operators.in_op)
        for column, value in ((element.left, element.right), (element.right, element.left))
        if isinstance(column, ColumnClause) and not isinstance(value, ColumnClause)
    )


def _narrows(column: Any) -> bool:
    """An owner, a record that was read before, or the key of a row that was."""
    is_key = bool(getattr(column, "primary_key", False) or getattr(column, "foreign_keys", ()))
    return is_key or column.name in OWNERS | TRACES


class TestSchema:
    def test_what_belongs_to_companies_is_found_from_the_foreign_keys(self) -> None:
        names = {table.name for table in OWNED}

        assert names >= {
            "quote",
            "quote_revision",
            "quote_component",
            "quote_message",
            "acceptance",
            "order",
            "reservation",
            "invoice",
            "invoice_line",
            "payment",
            "hamper",
            "hamper_line",
            "stored_document",
        }
        assert names & {"product", "product_price", "outbox_message"} == set()


class TestPages:
    @pytest.mark.parametrize("role", sorted(COMPANY), ids=str)
    def test_are_the_same_whatever_other_companies_have(
        self, app: Flask, client: FlaskClient, world: World, owner_engine: sa.Engine, role: Role
    ) -> None:
        other = World()
        paths = pages_of(app, world, role)
        sign_in(client, make_user(role, company_id=world.buyer.company_id))
        read(client, paths)  # what only a first visit changes, like "seen", is behind us

        with_others = read(client, paths)
        db.session.rollback()
        delete_company(owner_engine, other.buyer.company_id)
        db.session.expire_all()
        alone = read(client, paths)

        assert len(paths) > 15
        assert [path for path in paths if with_others[path] != alone[path]] == []


class TestQueries:
    @pytest.mark.parametrize("role", sorted(COMPANY), ids=str)
    def test_say_whose_rows_they_want(
        self, app: Flask, client: FlaskClient, world: World, role: Role
    ) -> None:
        sign_in(client, make_user(role, company_id=world.buyer.company_id))
        with reading() as statements:
            for path in pages_of(app, world, role):
                client.get(path)

        loose = {str(statement) for statement in statements if not is_narrowed(statement)}
        assert len(statements) > 50
        assert loose == set()

    def test_one_that_does_not_is_noticed(self, app: Flask) -> None:
        quote, order = TABLES["quote"], TABLES["order"]

        assert not is_narrowed(sa.select(quote))
        assert not is_narrowed(sa.select(quote).where(quote.c.reference == "P-2026-0001"))
        assert not is_narrowed(sa.select(order).join(quote, quote.c.id == order.c.quote_id))
        assert is_narrowed(sa.select(quote).where(quote.c.company_id == 1))
        assert is_narrowed(sa.select(TABLES["product"]))
