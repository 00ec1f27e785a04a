"""Links by mail: asking for one, and following it.

Opening a link changes nothing, the button on its page does: mail scanners open every link.
"""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries, service
from gifting.accounts.forms.access import AskForLinkForm, NewPasswordForm
from gifting.accounts.models import LinkPurpose
from gifting.accounts.queries.links import Link, LinkState, find_link
from gifting.accounts.service import factors, links, sessions
from gifting.accounts.views import bp
from gifting.accounts.views.admission import admit
from gifting.platform import clock
from gifting.platform.uow import transaction

_ASKED = {"link": LinkPurpose.SIGN_IN, "password": LinkPurpose.NEW_PASSWORD}
_TOKEN_MAX = 100


@bp.route("/accedi/<any(link, password):wanted>", methods=["GET", "POST"])
def ask_for_link(wanted: str) -> ResponseReturnValue:
    """Mail a link to enter, or to choose a password; say the same whoever asks."""
    form = AskForLinkForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/ask_for_link.html", form=form, wanted=wanted), status
    with transaction():
        links.ask_for_link(_ASKED[wanted], form.email.data, now=clock.now())
    return render_template("accounts/ask_for_link.html", wanted=wanted, sent_to=form.email.data)


@bp.route("/link/<token>", methods=["GET", "POST"])
def follow_link(token: str) -> ResponseReturnValue:
    """Show what a link is for, or why it no longer works; its button does it."""
    link = find_link(token, now=clock.now()) if len(token) <= _TOKEN_MAX else None
    if link is None:
        return render_template("accounts/link.html", link=None, purposes=LinkPurpose), 404
    if link.state is not LinkState.OPEN:
        return _show(link, token, status=410)
    form = NewPasswordForm() if link.purpose is LinkPurpose.NEW_PASSWORD else None
    if request.method == "GET":
        return _show(link, token, form=form)
    if form is not None and not form.validate_on_submit():
        return _show(link, token, form=form, status=422)
    return _follow(link, token, form)


def _follow(link: Link, token: str, form: NewPasswordForm | None) -> ResponseReturnValue:
    try:
        return _FOLLOW[link.purpose](token, link, form)
    except links.LinkNotOpen:  # another click was first
        return _show(find_link(token, now=clock.now()) or abort(404), token, status=410)
    except links.EmailKnown:
        flash(
            _("Nel frattempo %(email)s è diventato di un altro accesso.", email=link.email), "error"
        )
        return redirect(url_for("accounts.account"))


def _enter(token: str, link: Link, _form: NewPasswordForm | None) -> ResponseReturnValue:
    with transaction():
        links.use_link(token, LinkPurpose.SIGN_IN, now=clock.now())
        service.confirm_email(link.person.id, now=clock.now())
    return _admit(link)


def _choose_password(token: str, link: Link, form: NewPasswordForm | None) -> ResponseReturnValue:
    with transaction():
        links.use_link(token, LinkPurpose.NEW_PASSWORD, now=clock.now())
        user = queries.get_user(link.person.id, for_update=True)
        password = form.new.data if form else ""
        service.set_password(user, password, actor_id=user.id, now=clock.now())
        service.confirm_email(link.person.id, now=clock.now())
    flash(_("Password cambiata. Gli altri dispositivi dovranno accedere di nuovo."), "success")
    return _admit(link)


def _change_email(token: str, link: Link, _form: NewPasswordForm | None) -> ResponseReturnValue:
    with transaction():
        links.change_email(token, now=clock.now())
    flash(_("Da adesso accedi con %(email)s.", email=link.email), "success")
    return redirect(url_for("accounts.account"))


def _undo_email(token: str, link: Link, _form: NewPasswordForm | None) -> ResponseReturnValue:
    """Give the old address back, close every door, and mail a link to a new password."""
    with transaction():
        user_id = links.undo_email_change(token, now=clock.now())
        sessions.end_sessions(user_id, now=clock.now())
        factors.close_half_open(user_id)
        links.ask_for_link(LinkPurpose.NEW_PASSWORD, link.email, now=clock.now())
    flash(
        _(
            "Accedi di nuovo con %(email)s. Ti mandiamo un link per scegliere una password nuova.",
            email=link.email,
        ),
        "success",
    )
    return redirect(url_for("accounts.sign_in"))


_FOLLOW: dict[LinkPurpose, Callable[[str, Link, NewPasswordForm | None], ResponseReturnValue]] = {
    LinkPurpose.SIGN_IN: _enter,
    LinkPurpose.NEW_PASSWORD: _choose_password,
    LinkPurpose.NEW_EMAIL: _change_email,
    LinkPurpose.OLD_EMAIL: _undo_email,
}


def _admit(link: Link) -> ResponseReturnValue:
    person = queries.get_person(link.person.id)
    return admit(person, is_remembered=False, target=None, is_by_mail=True)


def _show(
    link: Link, token: str, *, form: NewPasswordForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "accounts/link.html",
        link=link,
        token=token,
        form=form,
        purposes=LinkPurpose,
        is_other=current_user.is_authenticated and current_user.id != link.person.id,
    )
    return page, status
