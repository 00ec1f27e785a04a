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


def is_manager(role: Role, *, is_company_admin: bool) -> bool:
    """Tell whether somebody says who else belongs to their company, or to the staff."""
    return is_company_admin or role is Role.ADMINISTRATOR


def roles_of(company_id: int | None) -> Roles:
    """Return what people of a company may be; without one, what staff may be."""
    return STAFF if company_id is None else COMPANY


def part_of(role: Role, *, is_company_admin: bool) -> str:
    """Return what somebody is among the people here, in one word: «buyer», «buyer+admin»."""
    return f"{role}+admin" if is_company_admin else str(role)
