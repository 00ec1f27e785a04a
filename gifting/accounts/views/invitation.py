"""The page of an invitation's link. Opening it changes nothing: mail scanners open every link."""

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts.forms.people import AcceptForm
from gifting.accounts.queries.invitations import Invited, find_invited
from gifting.accounts.queries.links import LinkState
from gifting.accounts.service import invitations
from gifting.accounts.service.links import EmailKnown
from gifting.accounts.tasks import INVITATION
from gifting.accounts.views import bp
from gifting.platform import clock, tokens
from gifting.platform.uow import transaction

_WRONG, _SOMEBODY_ELSE, _HAS_ACCOUNT = "wrong", "somebody_else", "has_account"
_STATUS = {LinkState.OPEN: HTTPStatus.OK, _WRONG: HTTPStatus.NOT_FOUND}


@bp.route("/invito/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Show who invites whom to what, or why the link no longer serves; the button accepts."""
    try:
        invited, letter_number = _read(token)
    except tokens.TokenNotOurs:
        return _show(_WRONG, token)
    state = _state(invited, letter_number)
    if state != LinkState.OPEN:
        return _show(state, token, invited)
    form = AcceptForm(name=invited.name, locale=str(get_locale()))
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return _show(state, token, invited, form=form, status=status)
    try:
        with transaction():
            invitations.accept(
                invited,
                letter_number,
                name=form.name.data,
                password=form.password.data,
                locale=form.locale.data,
                now=clock.now(),
            )
    except invitations.InvitationOver as error:
        return _show(error.state, token, invited)
    except EmailKnown:
        return _show(_HAS_ACCOUNT, token, invited)
    with force_locale(form.locale.data):
        flash(_("Benvenuto: adesso entra con la password che hai scelto."), "success")
    return redirect(url_for("accounts.sign_in"))


@bp.post("/invito/<token>/nuovo")
def ask_invitation_again(token: str) -> ResponseReturnValue:
    """Ask those who may invite for a new letter, on behalf of whoever holds the old one."""
    try:
        invited, _letter_number = _read(token)
    except tokens.TokenNotOurs:
        abort(HTTPStatus.BAD_REQUEST)
    with transaction():
        invitations.ask_again(invited, now=clock.now())
    return render_template("accounts/invitation.html", state="asked", token=token, invited=invited)


def _read(token: str) -> tuple[Invited, int]:
    """Return the invitation of a link and the number of its letter, however old it is.

    :raises TokenNotOurs: if it is no link of ours
    """
    try:
        value = tokens.read(INVITATION, token, max_age=invitations.VALID_FOR)
    except tokens.TokenExpired as error:  # the invitation itself says until when it is open
        value = error.value
    invitation_id, letter_number = value
    invited = find_invited(invitation_id)
    if invited is None:
        raise tokens.TokenNotOurs("no such invitation")
    return invited, letter_number


def _state(invited: Invited, letter_number: int) -> str:
    """Tell what to show, to whoever is signed in."""
    if current_user.is_authenticated and current_user.email != invited.email:
        return _SOMEBODY_ELSE
    return invited.link_state(letter_number, now=clock.now())


def _show(
    state: str,
    token: str,
    invited: Invited | None = None,
    *,
    form: AcceptForm | None = None,
    status: int | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "accounts/invitation.html", state=str(state), token=token, invited=invited, form=form
    )
    if status is None:
        status = _STATUS.get(state, HTTPStatus.GONE)
    return page, status
