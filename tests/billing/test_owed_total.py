"""What is owed of an invoice is its total without its payments, whatever becomes of them."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gifting.accounts.models import User
from gifting.billing.models import Invoice, Payment
from gifting.billing.queries import InvoiceFilter, get_totals, list_invoices
from gifting.core.invoice_lifecycle import PaymentStatus
from gifting.platform.db import db
from gifting.web.rights import grant_to_application
from tests.concurrency.test_payments import reckoned
from tests.support.accounts import make_user
from tests.support.orders import TODAY, make_invoice, pay

AMOUNTS = st.decimals(min_value="0.01", max_value="9999.99", places=2)
PLACES = st.integers(0, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), PLACES, AMOUNTS),
        st.tuples(st.just("change"), PLACES, AMOUNTS),
        st.tuples(st.just("move"), PLACES, PLACES),
        st.tuples(st.just("drop"), PLACES, st.none()),
    ),
    max_size=12,
)


@pytest.fixture
def buyer(app: Flask) -> User:
    return make_user()


@pytest.fixture
def invoices(buyer: User) -> list[Invoice]:
    return [make_invoice(buyer) for _ in range(2)]


def take(step: str, place: int, value: Decimal | int | None, invoices: list[Invoice]) -> None:
    """Pay an invoice, or change, move to another or delete a payment there is."""
    if step == "pay":
        pay(invoices[place % len(invoices)], Decimal(value or 0))
        return
    payments = list(db.session.scalars(sa.select(Payment).order_by(Payment.id)))
    if not payments:
        return
    payment = payments[place % len(payments)]
    if step == "drop":
        db.session.delete(payment)
    elif step == "change":
        payment.amount = Decimal(value or 0)
    else:
        payment.invoice_id = invoices[int(value or 0) % len(invoices)].id
    db.session.commit()


class TestOwedTotal:
    @given(steps=STEPS)
    @settings(
        max_examples=40,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_is_the_total_without_the_payments(self, invoices: list[Invoice], steps: list) -> None:
        db.session.execute(sa.delete(Payment))
        for step, place, value in steps:
            take(step, place, value, invoices)

            assert all(owed == gross - paid for gross, owed, paid in reckoned())

    def test_is_filled_for_what_was_paid_before_there_was_one(
        self, invoices: list[Invoice], owner_engine: sa.Engine
    ) -> None:
        pay(invoices[0])
        pay(invoices[1], Decimal("12.34"))
        pay(invoices[1], Decimal("5.00"))
        db.session.remove()

        downgrade(revision="0009")
        upgrade()
        grant_to_application(owner_engine.url.render_as_string(hide_password=False))

        assert all(owed == gross - paid for gross, owed, paid in reckoned())
        assert min(paid for _gross, _owed, paid in reckoned()) == Decimal("17.34")


class TestStatus:
    @pytest.mark.parametrize("due_in", [-1, 0, 1])
    @pytest.mark.parametrize("missing", ["all", "1.00", "0.00", "-1.00"])
    def test_is_the_same_for_a_row_and_for_the_filter(
        self, buyer: User, due_in: int, missing: str
    ) -> None:
        invoice = make_invoice(buyer)
        if missing != "all":
            pay(invoice, invoice.gross_total - Decimal(missing))
        today = invoice.due_on - timedelta(days=due_in)

        found = {
            status: row.payment
            for status in PaymentStatus
            for row in list_invoices(
                InvoiceFilter(payments=(status,)), company_id=buyer.company_id, today=today
            )
        }

        assert len(found) == 1
        assert all(status is said for status, said in found.items())


class TestTotals:
    def test_add_up_each_companys_own(self, buyer: User) -> None:
        mine, other = make_invoice(buyer), make_invoice()
        pay(mine, Decimal("10.00"))
        pay(other, Decimal("20.00"))

        ours = get_totals(company_id=None, today=TODAY)
        own = get_totals(company_id=buyer.company_id, today=TODAY)

        assert (own.paid_this_year, ours.paid_this_year) == (10, 30)
        assert own.to_pay == mine.gross_total - 10
        assert ours.to_pay == mine.gross_total + other.gross_total - 30
        assert (own.to_pay_count, ours.to_pay_count) == (1, 2)
        assert own.next_due_on == mine.due_on
