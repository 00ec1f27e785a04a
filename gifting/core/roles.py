"""Who may be what: the roles of people, and the groups that policies speak of."""

from enum import StrEnum


class Role(StrEnum):
    BUYER = "buyer"
    APPROVER = "approver"
    FINANCE = "finance"
    SALES = "sales"
    SALES_MANAGER = "sales_manager"
    OPERATIONS = "operations"
    ACCOUNTING = "accounting"
    ADMINISTRATOR = "administrator"


Roles = frozenset[Role]

COMPANY: Roles = frozenset({Role.BUYER, Role.APPROVER, Role.FINANCE})
STAFF: Roles = frozenset(Role) - COMPANY
SALES: Roles = frozenset({Role.SALES, Role.SALES_MANAGER, Role.ADMINISTRATOR})
BILLING: Roles = frozenset({Role.ACCOUNTING, Role.ADMINISTRATOR})
SIGNED_IN: Roles = COMPANY | STAFF
COSTS: Roles = SALES
"""Need to know: who is shown what things cost us, and so what we earn on them."""
ANYONE: None = None
"""A route that needs no sign-in has no set of roles."""
