"""Confirming an e-mail address by link.

Opening the link confirms nothing, the button on its page does: mail scanners open every link.
"""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries, service
from gifting.accounts.queries import Person
from gifting.accounts.tasks import CONFIRM_EMAIL
from gifting.accounts.views import bp
from gifting.accounts.views.session import local_path
from gifting.platform import clock, tokens
from gifting.platform.uow import transaction

VALID_FOR = timedelta(days=7)


@bp.route("/conferma/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Show what the link is for, or why it no longer works; the button confirms."""
    try:
        person = _find_person(tokens.read(CONFIRM_EMAIL, token, max_age=VALID_FOR))
    except tokens.TokenNotOurs:
        return render_template("accounts/confirm_email.html", state="wrong", token=token), 404
    except tokens.TokenExpired as error:
        person = _find_person(error.value)
        if not person.is_confirmed:
            return _show("expired", person, token, 410)
    if person.is_confirmed:
        return _show("already", person, token)
    if request.method == "GET":
        return _show("asked", person, token)
    with transaction():
        service.confirm_email(person.id, now=clock.now())
    return _show("confirmed", person, token)


@bp.post("/conferma")
def resend_confirmation() -> ResponseReturnValue:
    """Send the link again: to whoever is signed in, or to the person of an expired link."""
    person = current_user if current_user.is_authenticated else _find_by_old_link()
    with transaction():
        is_owed = service.resend_confirmation(person.id, now=clock.now())
    if is_owed:
        flash(_("Ti abbiamo mandato un nuovo link a %(email)s.", email=person.email), "success")
    else:
        flash(_("Il tuo indirizzo è già confermato."), "success")
    target = local_path(request.form.get("next"))
    fallback = "accounts.account" if current_user.is_authenticated else "accounts.sign_in"
    return redirect(target or url_for(fallback))


def _find_by_old_link() -> Person:
    token = request.form.get("token", "")
    try:
        return _find_person(tokens.read(CONFIRM_EMAIL, token, max_age=VALID_FOR))
    except tokens.TokenExpired as error:
        return _find_person(error.value)
    except tokens.TokenNotOurs:
        abort(400)


def _find_person(value: list[object]) -> Person:
    """Return the person a link was made for, while the address is still theirs; else 404."""
    user_id, email = value
    person = queries.find_person(int(str(user_id)))
    if person is None or not person.is_active or person.email != email:
        abort(404)
    return person


def _show(state: str, person: Person, token: str, status: int = 200) -> ResponseReturnValue:
    page = render_template("accounts/confirm_email.html", state=state, person=person, token=token)
    return page, status
