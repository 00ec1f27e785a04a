"""Who may reach the routes of the billing slice."""

from gifting.core.invoice_lifecycle import INVOICE_LIFECYCLE, InvoiceAction
from gifting.core.roles import BILLING, COMPANY, Role, Roles
from gifting.core.verbs import Verb, VerbTable

READERS: Roles = BILLING | {Role.SALES_MANAGER}

_A = InvoiceAction
_EXCHANGE = "the exchange with SdI"

VERBS = VerbTable(
    INVOICE_LIFECYCLE,
    (
        Verb(_A.DRAFT, "accounting", "billing.issue", BILLING, repeats=True),
        Verb(_A.ISSUE, "accounting", "billing.issue", BILLING, repeats=True),
    ),
    unreached={
        _A.SEND_TO_SDI: _EXCHANGE,
        _A.RECORD_DELIVERY: _EXCHANGE,
        _A.RECORD_NON_DELIVERY: _EXCHANGE,
        _A.RECORD_REJECTION: _EXCHANGE,
        _A.REISSUE: _EXCHANGE,
    },
)
"""An invoice is drafted and issued in one step."""

ROUTES: dict[str, Roles | None] = {
    **VERBS.routes("billing"),
    "billing.mine": COMPANY,
    "billing.export_mine": COMPANY,
    "billing.detail": COMPANY,
    "billing.staff_list": READERS,
    "billing.export": READERS,
    "billing.staff_detail": READERS,
    "billing.register_payment": BILLING,
}

WRITES = frozenset({"billing.register_payment"})
