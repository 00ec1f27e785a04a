"""Who may reach the routes of the billing slice."""

from gifting.core.roles import BILLING, COMPANY, Role, Roles

READERS: Roles = BILLING | {Role.SALES_MANAGER}

ROUTES: dict[str, Roles | None] = {
    "billing.mine": COMPANY,
    "billing.detail": COMPANY,
    "billing.staff_list": READERS,
    "billing.staff_detail": READERS,
    "billing.issue": BILLING,
    "billing.register_payment": BILLING,
}
