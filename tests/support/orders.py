"""Orders and invoices for tests, made through the services that make them in life."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from gifting.accounts.models import User
from gifting.billing import service as billing
from gifting.billing.models import Invoice, Payment
from gifting.billing.service import PaymentMethod
from gifting.core.calendar import rome_date
from gifting.core.roles import Role
from gifting.orders import service
from gifting.orders.models import Order
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.quotes import make_offer, signature

TODAY = rome_date(NOW)
_serial = count(1)


def make_accepted_order(
    user: User | None = None, *, now: datetime = NOW, is_reserved: bool = True, **signed: Any
) -> Order:
    """Add the order of an offer that the person accepted, with its stock set aside."""
    user = user or make_user()
    quote = make_offer(user)
    order = service.accept_offer(quote, signature=signature(quote, user, **signed), now=now).order
    if is_reserved:
        service.reserve_stock(order, now=now)
    db.session.commit()
    return order


def make_invoice(
    user: User | None = None,
    *,
    order: Order | None = None,
    issued_on: date = TODAY,
    now: datetime = NOW,
) -> Invoice:
    """Add the issued invoice of the order, or of a new one of this person's."""
    order = order or make_accepted_order(user)
    invoice = billing.issue_invoice(
        order, issued_on=issued_on, actor_id=make_user(Role.ACCOUNTING).id, now=now
    )
    db.session.commit()
    return invoice


def pay(invoice: Invoice, amount: Decimal | None = None, **overrides: Any) -> Payment:
    """Register money for the invoice: all of it unless told how much."""
    values: dict[str, Any] = {
        "amount": invoice.gross_total if amount is None else amount,
        "received_on": TODAY,
        "method": PaymentMethod.TRANSFER,
        "note": "",
        "submission_key": f"a-payment-of-the-tests-{next(_serial)}",
        "actor_id": invoice.issued_by_id,
        "now": NOW,
    }
    payment = billing.register_payment(invoice, **values | overrides)
    db.session.commit()
    return payment
