"""Who may reach the routes of the backoffice slice."""

from gifting.core.roles import STAFF, Role, Roles

JOBS: Roles = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR, Role.SALES_MANAGER})

ROUTES: dict[str, Roles | None] = {
    "backoffice.home": STAFF,
    "backoffice.jobs": JOBS,
    "backoffice.retry_job": JOBS,
    "backoffice.mails": STAFF,
    "backoffice.mail": STAFF,
    "backoffice.mail_html": STAFF,
}

WRITES = frozenset({"backoffice.retry_job"})
