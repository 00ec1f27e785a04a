"""From a proof of who somebody is to the page they were going to, by the second step if need be."""

from flask import current_app, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gifting.accounts.queries import Person
from gifting.accounts.queries.factors import Pending, find_pending, is_trusted
from gifting.accounts.service import factors, second_step
from gifting.accounts.service.second_step import Step
from gifting.accounts.views.guessing import remember_device
from gifting.accounts.views.session import begin_session, local_path, renew_session
from gifting.core.roles import STAFF, Role
from gifting.platform import clock
from gifting.platform.uow import transaction

_LANDING = {
    Role.SALES: "quotes.queue",
    Role.SALES_MANAGER: "quotes.queue",
    Role.ACCOUNTING: "billing.staff_list",
}
_NEXT = {Step.CODE: "accounts.second_step", Step.ENROL: "accounts.enrol"}
_TOKEN, _TARGET = "halfway", "halfway_target"


def landing_endpoint(role: Role) -> str:
    """Return the page on which a person of this role begins."""
    return _LANDING.get(role, "backoffice.home" if role in STAFF else "web.buyer_home")


def admit(
    person: Person, *, is_remembered: bool, target: str | None, is_by_mail: bool = False
) -> ResponseReturnValue:
    """Lead who made the first step to the second; sign in whom nothing more is asked of.

    Halfway, the browser has the token of a row that opens nothing: `current_user` is nobody.
    """
    step = second_step.next_step(person)
    is_proved = step is Step.CODE and _is_trusted_here(person)
    if step is None or is_proved:
        return sign_in_fully(
            person, is_remembered=is_remembered, has_second_step=is_proved, target=target
        )
    with transaction():
        if step is Step.ENROL:
            factors.prepare(person.id)
        token = second_step.begin(
            person.id, is_remembered=is_remembered, is_by_mail=is_by_mail, now=clock.now()
        )
    renew_session()
    session[_TOKEN], session[_TARGET] = token, target
    return redirect(url_for(_NEXT[step]))


def sign_in_fully(
    person: Person, *, is_remembered: bool, has_second_step: bool, target: str | None
) -> ResponseReturnValue:
    """Sign in who has proved all that is asked, and lead them where they were going."""
    begin_session(person, is_remembered=is_remembered, has_second_step=has_second_step)
    reminding = {None, url_for("web.buyer_home"), url_for("accounts.account")}
    if not person.is_confirmed and target not in reminding:
        flash(_("Conferma il tuo indirizzo con il link che ti abbiamo mandato."), "warning")
    response = make_response(redirect(target or url_for(landing_endpoint(person.role))))
    return remember_device(response, person.email)


def find_halfway() -> Pending | None:
    """Return the sign-in whose first step this browser has made, while it waits."""
    token = session.get(_TOKEN)
    return find_pending(token, now=clock.now()) if token else None


def halfway_target() -> str | None:
    """Return where the person was going before the first step."""
    return local_path(session.get(_TARGET))


def trusted_cookie() -> str:
    """Return the name of the cookie that makes a browser trusted; `__Host-` as the session's."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-trusted"


def _is_trusted_here(person: Person) -> bool:
    token = request.cookies.get(trusted_cookie(), "")
    return bool(token) and is_trusted(person.id, token, now=clock.now())
