"""Who may reach the routes of the orders slice."""

from gifting.core.roles import COMPANY, SALES, STAFF, Role, Roles

MAY_ACCEPT: Roles = frozenset({Role.BUYER, Role.APPROVER})

ROUTES: dict[str, Roles | None] = {
    "orders.accept": MAY_ACCEPT,
    "orders.accept_on_behalf": SALES,
    "orders.mine": COMPANY,
    "orders.detail": COMPANY,
    "orders.staff_list": STAFF,
    "orders.staff_detail": STAFF,
}
