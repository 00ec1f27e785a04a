"""Eight processes issue two hundred invoices and roll every fifth back: no gap, no double."""

from datetime import date

import pytest
import sqlalchemy as sa

from gifting.billing import service
from gifting.billing.models import Invoice
from gifting.core.roles import Role
from gifting.orders import service as orders
from gifting.orders.models import Order
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.processes import in_processes
from tests.support.quotes import make_offer, signature

PROCESSES = 8
INVOICES = 200
ISSUED_ON = date(2026, 11, 2)


CLONE_QUOTES = """
INSERT INTO quote (reference, submission_key, title, company_id, requested_by_id, state, version,
                   delivery_mode, delivery_note, purchase_order_number, notes, requested_at)
SELECT 'P-' || n, 's' || n, title, company_id, requested_by_id, state, version,
       delivery_mode, delivery_note, purchase_order_number, notes, requested_at
FROM quote, generate_series(2, :count) n
"""
CLONE_ORDERS = """
INSERT INTO "order" (reference, quote_id, revision_id, company_id, state, title,
                     purchase_order_number, placed_at, net_total, vat_total, gross_total, version)
SELECT 'O-' || q.id, q.id, o.revision_id, o.company_id, o.state, o.title,
       o.purchase_order_number, o.placed_at, o.net_total, o.vat_total, o.gross_total, o.version
FROM "order" o, quote q WHERE q.id <> o.quote_id
"""


class RolledBackError(Exception):
    """What makes every fifth transaction fail after its number was taken."""


@pytest.fixture
def accountant(app):
    return make_user(Role.ACCOUNTING).id


@pytest.fixture
def order_ids(app):
    """Two hundred orders of one accepted content."""
    buyer = make_user(Role.BUYER)
    quote = make_offer(buyer)
    with transaction():
        orders.accept_offer(quote, signature=signature(quote, buyer), now=NOW)
    with transaction():
        db.session.execute(sa.text(CLONE_QUOTES), {"count": INVOICES})
        db.session.execute(sa.text(CLONE_ORDERS))
    return list(db.session.scalars(sa.select(Order.id).order_by(Order.id)))


def issue_share(order_ids, accountant, number):
    """Issue this process's share; every fifth is rolled back once and then issued again."""
    for turn, order_id in enumerate(order_ids[number::PROCESSES]):
        for attempt in range(2):
            try:
                with transaction():
                    order = db.session.get_one(Order, order_id)
                    service.issue_invoice(order, issued_on=ISSUED_ON, actor_id=accountant, now=NOW)
                    if turn % 5 == 0 and attempt == 0:
                        raise RolledBackError
            except RolledBackError:
                continue
            break
    return "done"


def numbers():
    return sorted(db.session.scalars(sa.select(Invoice.number)))


class TestTwoHundredInvoices:
    def test_have_consecutive_numbers(self, app, order_ids, accountant):
        results = in_processes(
            app, PROCESSES, lambda number: issue_share(order_ids, accountant, number)
        )

        assert results == ["done"] * PROCESSES
        assert len(order_ids) == INVOICES
        assert numbers() == list(range(1, INVOICES + 1))

    def test_have_gaps_when_a_sequence_numbers_them(
        self, app, order_ids, accountant, monkeypatch, sequence
    ):
        monkeypatch.setattr(service, "allot", sequence)

        in_processes(app, PROCESSES, lambda number: issue_share(order_ids, accountant, number))

        assert len(numbers()) == INVOICES
        assert numbers()[-1] > INVOICES

    def test_have_doubles_when_the_highest_number_is_asked_for(
        self, app, order_ids, accountant, monkeypatch, without_unique_numbers
    ):
        monkeypatch.setattr(service, "allot", highest_plus_one)

        in_processes(app, PROCESSES, lambda number: issue_share(order_ids, accountant, number))

        assert len(set(numbers())) < len(numbers())


def highest_plus_one(_code, *, on):
    return (db.session.scalar(sa.select(sa.func.max(Invoice.number))) or 0) + 1


@pytest.fixture
def sequence(owner_engine):
    with owner_engine.begin() as connection:
        connection.execute(sa.text("CREATE SEQUENCE wrong_number"))
        connection.execute(sa.text("GRANT USAGE ON SEQUENCE wrong_number TO PUBLIC"))
    yield lambda _code, *, on: db.session.scalar(sa.text("SELECT nextval('wrong_number')"))
    db.session.rollback()
    with owner_engine.begin() as connection:
        connection.execute(sa.text("DROP SEQUENCE wrong_number"))


@pytest.fixture
def without_unique_numbers(owner_engine):
    constraints = {
        "uq_invoice_series_year_number": "UNIQUE (series, year, number)",
        "uq_invoice_reference": "UNIQUE (reference)",
    }
    with owner_engine.begin() as connection:
        for name in constraints:
            connection.execute(sa.text(f"ALTER TABLE invoice DROP CONSTRAINT {name}"))
    yield
    db.session.rollback()
    with owner_engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in ("invoice_line", "invoice_vat", "invoice"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
        for name, definition in constraints.items():
            connection.execute(sa.text(f"ALTER TABLE invoice ADD CONSTRAINT {name} {definition}"))
