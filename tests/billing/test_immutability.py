"""What was issued, sent, signed or logged stays as it was, whatever SQL the application runs."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

import config
from gifting.billing.models import Invoice
from gifting.orders import service as orders
from gifting.platform.db import db
from gifting.quotes import service as quotes
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.orders import make_invoice, pay
from tests.support.quotes import make_offer, make_request, signature

GUARDED = (
    "event_log",
    "acceptance",
    "stored_document",
    "invoice",
    "invoice_line",
    "invoice_vat",
    "quote_revision",
    "quote_hamper",
    "quote_component",
    "quote_charge",
)
MAY_MOVE = {"invoice": {"state", "version", "owed_total"}, "quote_revision": {"superseded_at"}}
"""The columns that go on with the life of the document; every other one is frozen."""


@pytest.fixture
def role(app: Flask, settings: config.Settings) -> Iterator[sa.Engine]:
    """A connection of one's own as the role the application has."""
    engine = sa.create_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def invoice(app: Flask) -> Invoice:
    """An issued invoice, with its order, acceptance, offer, document and events behind it."""
    buyer = make_user()
    freight = quotes.ChargeEntry("Spedizione", Decimal("74.00"))
    offer = make_offer(buyer, charges=[freight])
    order = orders.accept_offer(offer, signature=signature(offer, buyer), now=NOW).order
    return make_invoice(order=order)


def _run(role: sa.Engine, statement: str, **values: Any) -> int:
    with role.begin() as connection:
        return connection.execute(sa.text(statement), values).rowcount


def _other_value(column: sa.Column[Any]) -> str:
    """Return SQL for a value the column does not have now."""
    name = f'"{column.name}"'
    if isinstance(column.type, sa.Boolean):
        return f"NOT {name}"
    if isinstance(column.type, sa.Integer | sa.Numeric):
        return f"COALESCE({name}, 0) + 1"
    if isinstance(column.type, sa.Date | sa.TypeDecorator):
        return f"COALESCE({name}, '2026-01-01') + interval '1 day'"
    if isinstance(column.type, sa.JSON):
        return "'{\"forged\": true}'"
    return f"'#' || substr(COALESCE({name}, ''), 2)"


COLUMNS = [
    (table, column)
    for table in GUARDED
    for column in db.metadata.tables[table].columns
    if column.name not in MAY_MOVE.get(table, set())
]


class TestGuardedTables:
    @pytest.mark.parametrize("table", GUARDED)
    def test_have_rows_here_so_that_a_refusal_means_something(
        self, role: sa.Engine, invoice: Invoice, table: str
    ) -> None:
        with role.connect() as connection:
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) > 0

    @pytest.mark.parametrize("table", GUARDED)
    def test_no_column_can_be_changed(self, role: sa.Engine, invoice: Invoice, table: str) -> None:
        changed = []
        for column in (column for name, column in COLUMNS if name == table):
            try:
                _run(role, f'UPDATE {table} SET "{column.name}" = {_other_value(column)}')
            except DBAPIError as error:
                if _is_refusal(error):
                    continue
            changed.append(column.name)

        assert changed == []

    @pytest.mark.parametrize("table", GUARDED)
    def test_no_row_can_be_deleted(self, role: sa.Engine, invoice: Invoice, table: str) -> None:
        with pytest.raises(DBAPIError, match=r"cannot change|append-only|permission denied"):
            _run(role, f"DELETE FROM {table}")

    @pytest.mark.parametrize("table", GUARDED)
    @pytest.mark.parametrize(
        "statement",
        [
            "TRUNCATE {} CASCADE",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "DROP TABLE {} CASCADE",
            "ALTER TABLE {} ADD COLUMN forged integer",
        ],
    )
    def test_the_role_owns_none_of_them(
        self, role: sa.Engine, invoice: Invoice, table: str, statement: str
    ) -> None:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            _run(role, statement.format(table))

    @pytest.mark.parametrize("table", GUARDED)
    def test_not_even_their_owner_empties_them(
        self, owner_engine: sa.Engine, invoice: Invoice, table: str
    ) -> None:
        with pytest.raises(DBAPIError, match="append-only"):
            _run(owner_engine, f"TRUNCATE {table} CASCADE")


def _is_refusal(error: DBAPIError) -> bool:
    words = ("cannot change", "append-only", "permission denied")
    return any(word in str(error.orig) for word in words)


class TestApplicationRole:
    @pytest.mark.parametrize(
        "statement",
        [
            "SET session_replication_role = replica",
            "CREATE TABLE forged (id integer)",
            (
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$"
            ),
            "DROP FUNCTION refuse_change() CASCADE",
            "DROP TRIGGER invoice_immutable ON invoice",
            "SET ROLE postgres",
        ],
    )
    def test_cannot_step_around_the_guards(self, role: sa.Engine, statement: str) -> None:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            _run(role, statement)

    def test_owns_nothing(self, role: sa.Engine) -> None:
        with role.connect() as connection:
            owned = connection.scalars(
                sa.text("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
            ).all()
            assert connection.scalar(sa.text("SELECT current_user")) == "gifting_app"

        assert owned == []


class TestIssuedInvoice:
    def test_what_is_owed_is_what_the_payments_say(self, role: sa.Engine, invoice: Invoice) -> None:
        pay(invoice, Decimal("12.34"))

        _run(role, "UPDATE invoice SET owed_total = 0")

        db.session.refresh(invoice)
        assert invoice.owed_total == invoice.gross_total - Decimal("12.34")

    def test_its_state_may_move_on(self, role: sa.Engine, invoice: Invoice) -> None:
        moved = _run(role, "UPDATE invoice SET state = 'sent_to_sdi', version = version + 1")

        assert moved == 1

    def test_it_never_becomes_a_draft_again(self, role: sa.Engine, invoice: Invoice) -> None:
        with pytest.raises(DBAPIError, match="is issued and cannot change"):
            _run(
                role,
                "UPDATE invoice SET state = 'draft', number = NULL, reference = NULL,"
                " issued_on = NULL",
            )

    def test_gets_no_further_line(self, role: sa.Engine, invoice: Invoice) -> None:
        with pytest.raises(DBAPIError, match="content of an issued invoice"):
            _run(
                role,
                "INSERT INTO invoice_line (invoice_id, position, description, quantity, unit_net,"
                " net, vat_rate, vat_nature, is_accessory)"
                " VALUES (:id, 99, 'forged', 1, 5, 5, 22, '', false)",
                id=invoice.id,
            )

    def test_gets_no_further_vat_row(self, role: sa.Engine, invoice: Invoice) -> None:
        with pytest.raises(DBAPIError, match="content of an issued invoice"):
            _run(
                role,
                "INSERT INTO invoice_vat (invoice_id, vat_rate, vat_nature, net, tax)"
                " VALUES (:id, 5, '', 1, 0.05)",
                id=invoice.id,
            )

    def test_keeps_its_lines_when_another_invoice_wants_them(
        self, role: sa.Engine, invoice: Invoice
    ) -> None:
        other = make_invoice()
        with pytest.raises(DBAPIError, match="content of an issued invoice"):
            _run(
                role,
                "UPDATE invoice_line SET invoice_id = :other, position = position + 50"
                " WHERE invoice_id = :id",
                other=other.id,
                id=invoice.id,
            )


class TestSentRevision:
    @pytest.fixture
    def draft_id(self, invoice: Invoice) -> int:
        """A revision that was not sent, into which content could be carried off."""
        quote = make_request()
        draft = quotes.revise(quote, actor_id=quote.requested_by_id, now=NOW)
        db.session.commit()
        return draft.id

    def test_its_hampers_cannot_be_carried_into_a_draft(
        self, role: sa.Engine, draft_id: int
    ) -> None:
        with pytest.raises(DBAPIError, match="content of a sent revision"):
            _run(
                role,
                "UPDATE quote_hamper SET revision_id = :draft, position = 9"
                " WHERE revision_id <> :draft",
                draft=draft_id,
            )

    def test_its_products_cannot_be_carried_into_a_draft(
        self, role: sa.Engine, draft_id: int
    ) -> None:
        with pytest.raises(DBAPIError, match="content of a sent revision"):
            _run(
                role,
                "UPDATE quote_component SET position = position + 50, hamper_id ="
                " (SELECT id FROM quote_hamper WHERE revision_id = :draft)"
                " WHERE hamper_id <> (SELECT id FROM quote_hamper WHERE revision_id = :draft)",
                draft=draft_id,
            )

    @pytest.mark.parametrize(
        "statement",
        [
            (
                "INSERT INTO quote_charge (revision_id, position, description, net)"
                " SELECT id, 9, 'forged', 1 FROM quote_revision WHERE sent_at IS NOT NULL"
            ),
            (
                "INSERT INTO quote_hamper"
                " (revision_id, position, name, quantity, work_minutes, box_sku)"
                " SELECT id, 9, 'forged', 1, 0, 'X' FROM quote_revision WHERE sent_at IS NOT NULL"
            ),
        ],
        ids=["charge", "hamper"],
    )
    def test_gets_nothing_more(self, role: sa.Engine, invoice: Invoice, statement: str) -> None:
        with pytest.raises(DBAPIError, match="content of a sent revision"):
            _run(role, statement)

    def test_a_draft_may_still_change(self, role: sa.Engine, draft_id: int) -> None:
        changed = _run(
            role, "UPDATE quote_hamper SET quantity = 7 WHERE revision_id = :id", id=draft_id
        )

        assert changed == 1
