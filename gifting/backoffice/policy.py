"""Who may reach the routes of the backoffice slice."""

from gifting.billing.policy import READERS
from gifting.core.roles import SALES, STAFF, Role, Roles

JOBS: Roles = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR, Role.SALES_MANAGER})

ROUTES: dict[str, Roles | None] = {
    "backoffice.home": STAFF,
    "backoffice.system": JOBS,
    "backoffice.retry_job": JOBS,
    "backoffice.confirm_archive_job": JOBS,
    "backoffice.archive_job": JOBS,
    "backoffice.mails": STAFF,
    "backoffice.mail": STAFF,
    "backoffice.mail_html": STAFF,
}

LETTERS: dict[str, Roles] = {
    "accounts": frozenset({Role.ADMINISTRATOR}),
    "quotes": SALES,
    "orders": STAFF,
    "billing": READERS,
    "backoffice": JOBS,
}
"""Need to know: who reads the letters of which slice, the first word of their keys."""

PERSONAL = frozenset({"accounts"})
"""Their letters carry links that open an account: that they left is all the staff is shown."""


def areas_for(role: Role) -> frozenset[str]:
    """Return the slices whose letters this role reads."""
    return frozenset(area for area, roles in LETTERS.items() if role in roles)


WRITES = frozenset({"backoffice.retry_job", "backoffice.archive_job"})
