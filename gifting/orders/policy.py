"""Who may reach the routes of the orders slice."""

from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction
from gifting.core.roles import COMPANY, STAFF, Roles
from gifting.core.verbs import VerbTable
from gifting.quotes.policy import VERBS as QUOTE_VERBS

_FULFILMENT = "the pages of fulfilment"

VERBS = VerbTable(
    ORDER_LIFECYCLE,
    (),
    unreached={
        OrderAction.HOLD: _FULFILMENT,
        OrderAction.RESUME: _FULFILMENT,
        OrderAction.CANCEL: _FULFILMENT,
    },
)

ROUTES: dict[str, Roles | None] = {
    **QUOTE_VERBS.routes("orders"),
    "orders.mine": COMPANY,
    "orders.detail": COMPANY,
    "orders.staff_list": STAFF,
    "orders.export": STAFF,
    "orders.staff_detail": STAFF,
}
