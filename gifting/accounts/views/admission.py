"""From a proof of who somebody is to the page they were going to."""

from flask import flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gifting.accounts.queries import Person
from gifting.accounts.views.guessing import remember_device
from gifting.accounts.views.session import begin_session
from gifting.core.roles import STAFF, Role

_LANDING = {
    Role.SALES: "quotes.queue",
    Role.SALES_MANAGER: "quotes.queue",
    Role.ACCOUNTING: "billing.staff_list",
}


def landing_endpoint(role: Role) -> str:
    """Return the page on which a person of this role begins."""
    return _LANDING.get(role, "backoffice.home" if role in STAFF else "web.buyer_home")


def admit(person: Person, *, is_remembered: bool, target: str | None) -> ResponseReturnValue:
    """Sign in who has proved to be this person, and lead them where they were going."""
    begin_session(person, is_remembered=is_remembered)
    reminding = {None, url_for("web.buyer_home"), url_for("accounts.account")}
    if not person.is_confirmed and target not in reminding:
        flash(_("Conferma il tuo indirizzo con il link che ti abbiamo mandato."), "warning")
    response = make_response(redirect(target or url_for(landing_endpoint(person.role))))
    return remember_device(response, person.email)
