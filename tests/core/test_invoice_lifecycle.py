from datetime import date
from decimal import Decimal

import pytest

from gifting.core.invoice_lifecycle import (
    INVOICE_LIFECYCLE,
    InvoiceAction,
    InvoiceState,
    PaymentStatus,
    payment_status,
)
from gifting.core.lifecycle import TransitionNotAllowed

ROWS = [
    ("draft", "issue", "issued"),
    ("issued", "send_to_sdi", "sent_to_sdi"),
    ("sent_to_sdi", "record_delivery", "delivered"),
    ("sent_to_sdi", "record_non_delivery", "not_delivered"),
    ("sent_to_sdi", "record_rejection", "rejected"),
    ("rejected", "reissue", "reissued"),
    ("reissued", "send_to_sdi", "sent_to_sdi"),
]


class TestInvoiceLifecycle:
    @pytest.mark.parametrize(("source", "action", "target"), ROWS)
    def test_every_row_moves(self, source: str, action: str, target: str) -> None:
        assert INVOICE_LIFECYCLE.move(InvoiceState(source), InvoiceAction(action)).target == target

    def test_every_other_move_is_refused(self) -> None:
        allowed = {(source, action) for source, action, _ in ROWS}
        for state in InvoiceState:
            for action in InvoiceAction:
                if (state, action) not in allowed:
                    with pytest.raises(TransitionNotAllowed):
                        INVOICE_LIFECYCLE.move(state, action)

    def test_starts_as_a_draft_and_never_goes_back_to_one(self) -> None:
        assert INVOICE_LIFECYCLE.create(InvoiceAction.DRAFT).target is InvoiceState.DRAFT
        assert [e.source for e in INVOICE_LIFECYCLE.edges if e.target == "draft"] == [None]

    def test_issuing_owes_the_pdf_and_the_mail(self) -> None:
        edge = INVOICE_LIFECYCLE.move(InvoiceState.DRAFT, InvoiceAction.ISSUE)

        assert edge.emits == ("billing.render_invoice", "billing.mail_invoice")
        assert edge.by == {"accounting"}


class TestPaymentStatus:
    @pytest.mark.parametrize(
        ("paid", "today", "status"),
        [
            ("0.00", date(2027, 1, 18), PaymentStatus.UNPAID),
            ("0.00", date(2027, 1, 19), PaymentStatus.OVERDUE),
            ("50.00", date(2027, 1, 18), PaymentStatus.PARTLY_PAID),
            ("50.00", date(2027, 1, 19), PaymentStatus.OVERDUE),
            ("122.00", date(2027, 3, 1), PaymentStatus.PAID),
            ("122.01", date(2027, 3, 1), PaymentStatus.OVERPAID),
        ],
    )
    def test_follows_from_what_was_paid_by_when(
        self, paid: str, today: date, status: PaymentStatus
    ) -> None:
        assert payment_status(Decimal("122.00"), Decimal(paid), date(2027, 1, 18), today) is status
