"""Who may reach the routes of the accounts slice."""

from gifting.core.roles import ANYONE, SIGNED_IN, Roles

ROUTES: dict[str, Roles | None] = {
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.set_language": ANYONE,
    "accounts.confirm_email": ANYONE,
    "accounts.resend_confirmation": ANYONE,
    "accounts.account": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
}

WRITES = frozenset(
    {
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.confirm_email",
        "accounts.resend_confirmation",
        "accounts.account",
        "accounts.change_password",
    }
)
