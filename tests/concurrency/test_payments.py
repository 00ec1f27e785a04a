"""Eight processes pay the same invoices: what each says is owed lacks no payment."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from gifting.billing import service
from gifting.billing.models import Invoice, Payment
from gifting.billing.queries import get_invoice_to_pay
from gifting.billing.service import PaymentMethod
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.orders import TODAY, make_invoice
from tests.support.processes import in_processes

PROCESSES = 8
TIMES = 10
AMOUNT = Decimal("1.07")
VALUES = {
    "amount": AMOUNT,
    "received_on": TODAY,
    "method": PaymentMethod.TRANSFER,
    "note": "",
}


def reckoned():
    """Return of every invoice its total, what it says is owed, and the sum of its payments."""
    paid = sa.func.coalesce(sa.func.sum(Payment.amount), 0)
    rows = db.session.execute(
        sa.select(Invoice.gross_total, Invoice.owed_total, paid)
        .outerjoin(Payment, Payment.invoice_id == Invoice.id)
        .group_by(Invoice.id)
    )
    return [tuple(row) for row in rows]


def register(reference, key):
    """Pay as the page does: the invoice is held first."""
    with transaction():
        invoice = get_invoice_to_pay(reference)
        actor_id = invoice.issued_by_id
        service.register_payment(invoice, **VALUES, submission_key=key, actor_id=actor_id, now=NOW)


def insert(reference, key):
    """Write the row and nothing else, as anybody may who holds no lock."""
    with transaction():
        invoice = db.session.scalars(sa.select(Invoice).where(Invoice.reference == reference)).one()
        values = VALUES | {"registered_by_id": invoice.issued_by_id, "registered_at": NOW}
        db.session.add(Payment(invoice_id=invoice.id, submission_key=key, **values))


@pytest.mark.parametrize("pay", [register, insert])
class TestPaymentsAtOnce:
    def test_are_all_taken_off(self, app, pay):
        references = [make_invoice().reference for _ in range(2)]

        def pay_both(number):
            for turn in range(TIMES):
                for reference in references[:: 1 if number % 2 else -1]:
                    pay(reference, f"{reference}-{number}-{turn}")
            return "done"

        results = in_processes(app, PROCESSES, pay_both)

        assert results == ["done"] * PROCESSES
        paid = AMOUNT * PROCESSES * TIMES
        assert [(gross - owed, total) for gross, owed, total in reckoned()] == [(paid, paid)] * 2
