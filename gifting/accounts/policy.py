"""Who may reach the routes of the accounts slice."""

from gifting.core.roles import ANYONE, Roles

ROUTES: dict[str, Roles | None] = {
    "accounts.sign_in": ANYONE,
    "accounts.set_language": ANYONE,
}
