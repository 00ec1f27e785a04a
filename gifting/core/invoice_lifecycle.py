"""The life of an invoice as a tax document and, beside it, the state of its payment."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from gifting.core.lifecycle import Edge, Lifecycle


class InvoiceState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    SENT_TO_SDI = "sent_to_sdi"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    """Valid all the same: the buyer finds it in the reserved area of the tax agency."""
    REJECTED = "rejected"
    REISSUED = "reissued"
    """Corrected with the same number and date, to be sent under a new file name."""


class InvoiceAction(StrEnum):
    DRAFT = "draft"
    ISSUE = "issue"
    SEND_TO_SDI = "send_to_sdi"
    RECORD_DELIVERY = "record_delivery"
    RECORD_NON_DELIVERY = "record_non_delivery"
    RECORD_REJECTION = "record_rejection"
    REISSUE = "reissue"


_ACCOUNTING = frozenset({"accounting"})
_SYSTEM = frozenset({"system"})
_BOTH = _ACCOUNTING | _SYSTEM
_S, _A = InvoiceState, InvoiceAction

INVOICE_LIFECYCLE = Lifecycle(
    "invoice",
    InvoiceState.DRAFT,
    (
        Edge(None, _A.DRAFT, _S.DRAFT, (), _BOTH),
        Edge(
            _S.DRAFT,
            _A.ISSUE,
            _S.ISSUED,
            ("billing.render_invoice", "billing.mail_invoice"),
            _ACCOUNTING,
            "complete_and_date_not_before_last_number",
        ),
        Edge(_S.ISSUED, _A.SEND_TO_SDI, _S.SENT_TO_SDI, (), _BOTH),
        Edge(_S.SENT_TO_SDI, _A.RECORD_DELIVERY, _S.DELIVERED, (), _BOTH),
        Edge(_S.SENT_TO_SDI, _A.RECORD_NON_DELIVERY, _S.NOT_DELIVERED, (), _BOTH),
        Edge(_S.SENT_TO_SDI, _A.RECORD_REJECTION, _S.REJECTED, (), _BOTH),
        Edge(_S.REJECTED, _A.REISSUE, _S.REISSUED, (), _ACCOUNTING, "within_five_days"),
        Edge(_S.REISSUED, _A.SEND_TO_SDI, _S.SENT_TO_SDI, (), _BOTH),
    ),
)


class PaymentStatus(StrEnum):
    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    OVERPAID = "overpaid"


def payment_status(gross: Decimal, paid: Decimal, due_on: date, today: date) -> PaymentStatus:
    """Judge what was paid of `gross`; on the due date itself nothing is overdue yet."""
    if paid > gross:
        return PaymentStatus.OVERPAID
    if paid == gross:
        return PaymentStatus.PAID
    if today > due_on:
        return PaymentStatus.OVERDUE
    return PaymentStatus.PARTLY_PAID if paid > 0 else PaymentStatus.UNPAID
