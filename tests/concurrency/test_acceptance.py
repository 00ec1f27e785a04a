"""Fifty people accept the same offer at once: one order."""

import multiprocessing

import pytest
import sqlalchemy as sa

from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.orders import service
from gifting.orders.models import Order
from gifting.platform import transitions
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.quotes import queries
from gifting.quotes.models import Acceptance, Quote
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.processes import in_processes
from tests.support.quotes import make_offer, signature

PEOPLE = 50
WITHOUT_GUARD = 8


@pytest.fixture
def offer(app):
    buyer = make_user(Role.BUYER)
    quote = make_offer(buyer)
    return quote.id, signature(quote, buyer)


def accept(offer):
    quote_id, signed = offer
    with transaction():
        quote = db.session.get_one(Quote, quote_id)
        placed = service.accept_offer(quote, signature=signed, now=NOW)
        return placed.order.reference, placed.is_new


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


class TestFiftyAccepts:
    def test_make_one_order_that_everybody_sees(self, app, offer):
        results = in_processes(app, PEOPLE, lambda _number: accept(offer))

        assert len({reference for reference, _is_new in results}) == 1
        assert sum(is_new for _reference, is_new in results) == 1
        assert count(Order) == count(Acceptance) == 1
        owed = db.session.scalars(sa.select(OutboxMessage.task)).all()
        assert owed.count("orders.mail_confirmation") == 1
        assert owed.count("orders.reserve_stock") == 1

    def test_make_many_orders_when_the_guards_are_taken_away(self, app, offer, unguarded):
        results = in_processes(app, WITHOUT_GUARD, unguarded(offer))

        assert len({reference for reference, _is_new in results}) > 1
        assert count(Order) > 1


@pytest.fixture
def unguarded(app, owner_engine):
    """Accept without lock, version check and unique constraints; all read before any writes."""
    constraints = (("order", "uq_order_quote_id"), ("acceptance", "uq_acceptance_quote_id"))
    _each(owner_engine, 'ALTER TABLE "{0}" DROP CONSTRAINT {1}', constraints)
    barrier = multiprocessing.get_context("fork").Barrier(WITHOUT_GUARD)

    def read_without_lock(quote_id):
        quote = db.session.get_one(Quote, quote_id)
        barrier.wait(30)
        return quote

    def apply_without_version(record, _lifecycle, _action, **_trace):
        db.session.execute(
            sa.update(Quote)
            .where(Quote.id == record.id)
            .values(state=QuoteState.ACCEPTED)
            .execution_options(synchronize_session=False)
        )

    def worker(offer):
        def work(_number):
            queries.lock_quote_by_id = read_without_lock  # in this process alone
            transitions.apply = apply_without_version
            return accept(offer)

        return work

    yield worker
    db.session.rollback()  # an open reading would hold the tables against the owner
    with owner_engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table, _name in constraints:
            connection.execute(sa.text(f'DELETE FROM "{table}"'))
    _each(owner_engine, 'ALTER TABLE "{0}" ADD CONSTRAINT {1} UNIQUE (quote_id)', constraints)


def _each(engine, statement, constraints):
    with engine.begin() as connection:
        for table, name in constraints:
            connection.execute(sa.text(statement.format(table, name)))
