"""Who may reach the routes of the accounts slice."""

from gifting.core.roles import ANYONE, COMPANY, SIGNED_IN, Role, Roles

_MANAGERS: Roles = COMPANY | {Role.ADMINISTRATOR}
_SALES: Roles = frozenset({Role.SALES, Role.SALES_MANAGER, Role.ADMINISTRATOR})

ROUTES: dict[str, Roles | None] = {
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.set_language": ANYONE,
    "accounts.confirm_email": ANYONE,
    "accounts.resend_confirmation": ANYONE,
    "accounts.ask_for_link": ANYONE,
    "accounts.follow_link": ANYONE,
    "accounts.try_password": ANYONE,
    "accounts.account": SIGNED_IN,
    "accounts.change_email": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.end_other_sessions": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.second_step": ANYONE,
    "accounts.mail_code": ANYONE,
    "accounts.recovery_code": ANYONE,
    "accounts.cannot_enter": ANYONE,
    "accounts.enrol": ANYONE,
    "accounts.second_factor": SIGNED_IN,
    "accounts.prepare_second_factor": SIGNED_IN,
    "accounts.set_up_factor": SIGNED_IN,
    "accounts.renew_recovery_codes": SIGNED_IN,
    "accounts.end_second_factor": SIGNED_IN,
    "accounts.invitation": ANYONE,
    "accounts.ask_invitation_again": ANYONE,
    "accounts.company": COMPANY,
    "accounts.company_history": COMPANY,
    "accounts.change_invoicing": COMPANY,
    "accounts.logo": COMPANY | _SALES,
    "accounts.change_logo": COMPANY,
    "accounts.remove_logo": COMPANY,
    "accounts.staff_people": frozenset({Role.ADMINISTRATOR}),
    "accounts.staff_history": frozenset({Role.ADMINISTRATOR}),
    "accounts.invite": _MANAGERS,
    "accounts.resend_invitation": _MANAGERS,
    "accounts.revoke_invitation": _MANAGERS,
    "accounts.change_role": _MANAGERS,
    "accounts.remove_person": _MANAGERS,
}

WRITES = frozenset(
    {
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.confirm_email",
        "accounts.resend_confirmation",
        "accounts.account",
        "accounts.ask_for_link",
        "accounts.follow_link",
        "accounts.try_password",
        "accounts.change_email",
        "accounts.change_password",
        "accounts.second_step",
        "accounts.mail_code",
        "accounts.recovery_code",
        "accounts.enrol",
        "accounts.set_up_factor",
        "accounts.prepare_second_factor",
        "accounts.renew_recovery_codes",
        "accounts.end_second_factor",
        "accounts.invitation",
        "accounts.ask_invitation_again",
        "accounts.change_invoicing",
        "accounts.change_logo",
        "accounts.remove_logo",
        "accounts.invite",
        "accounts.resend_invitation",
        "accounts.revoke_invitation",
        "accounts.change_role",
        "accounts.remove_person",
        "accounts.end_session",
        "accounts.end_other_sessions",
    }
)

MANAGERS_ONLY = frozenset(
    {
        "accounts.company_history",
        "accounts.change_invoicing",
        "accounts.change_logo",
        "accounts.remove_logo",
        "accounts.invite",
        "accounts.resend_invitation",
        "accounts.revoke_invitation",
        "accounts.change_role",
        "accounts.remove_person",
    }
)
"""Of the people whom the row lets in, only those who manage the people of their company, or of
the staff. They manage their own only: each of these views asks by `current_user.company_id`."""
