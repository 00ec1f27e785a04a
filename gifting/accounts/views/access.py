"""Signing in and out, choosing a language."""

from hashlib import sha256
from http import HTTPStatus

from flask import Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from gifting.accounts import service
from gifting.accounts.forms import SignInForm
from gifting.accounts.queries import normalise_email
from gifting.accounts.views import bp
from gifting.accounts.views.session import SignedIn, local_path
from gifting.core.roles import STAFF, Role
from gifting.platform import clock
from gifting.platform.limits import limiter
from gifting.platform.uow import transaction

_LANDING = {
    Role.SALES: "quotes.queue",
    Role.SALES_MANAGER: "quotes.queue",
    Role.ACCOUNTING: "billing.staff_list",
}
_KEPT = ("language", "visitor", "open_hamper")
"""What a browser's session keeps when its person changes."""


def landing_endpoint(role: Role) -> str:
    """Return the page on which a person of this role begins."""
    return _LANDING.get(role, "backoffice.home" if role in STAFF else "web.buyer_home")


def _tried_address() -> str:
    return sha256(normalise_email(request.form.get("email", "")).encode()).hexdigest()


def _is_wrong_pair(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@bp.route("/accedi", methods=["GET", "POST"])
@limiter.limit(
    "5 per minute; 30 per hour",
    key_func=_tried_address,
    methods=["POST"],
    deduct_when=_is_wrong_pair,
)
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password; one answer for every pair that does not fit."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or url_for(landing_endpoint(current_user.role)))
    form = SignInForm()
    if not form.validate_on_submit():
        return _show(form, target, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else 200)
    with transaction():
        person = service.sign_in(
            email=form.email.data, password=form.password.data, now=clock.now()
        )
    if person is None:
        form.form_errors.append(_("E-mail o password non tornano"))
        return _show(form, target, HTTPStatus.UNPROCESSABLE_ENTITY)
    _renew_session()
    session.permanent = form.remember.data
    login_user(SignedIn(person))
    reminding = {None, url_for("web.buyer_home"), url_for("accounts.account")}
    if not person.is_confirmed and target not in reminding:
        flash(_("Conferma il tuo indirizzo con il link che ti abbiamo mandato."), "warning")
    return redirect(target or url_for(landing_endpoint(person.role)))


@bp.post("/esci")
def sign_out() -> ResponseReturnValue:
    """End the session; only the language stays."""
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    flash(_("Sei uscito. A presto."), "success")
    return redirect(url_for("accounts.sign_in"))


@bp.get("/lingua/<any(it, en):lang>")
def set_language(lang: str) -> ResponseReturnValue:
    """Remember the visitor's language and go back to where they were."""
    session["language"] = lang
    return redirect(local_path(request.args.get("next")) or url_for("catalogue.home"))


def _show(form: SignInForm, target: str | None, status: int) -> ResponseReturnValue:
    days = current_app.permanent_session_lifetime.days
    page = render_template("accounts/sign_in.html", form=form, next=target, days=days)
    return page, status


def _renew_session() -> None:
    """Leave behind whatever somebody else may have put into this browser's session."""
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
