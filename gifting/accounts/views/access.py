"""Signing in and out, choosing a language."""

from http import HTTPStatus

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from gifting.accounts import service
from gifting.accounts.forms import SignInForm
from gifting.accounts.service import sessions
from gifting.accounts.views import bp, guessing
from gifting.accounts.views.admission import admit, landing_endpoint
from gifting.accounts.views.session import local_path
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.route("/accedi", methods=["GET", "POST"])
@guessing.limited
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password; one answer for every pair that does not fit."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or url_for(landing_endpoint(current_user.role)))
    form = SignInForm()
    if not form.validate_on_submit():
        return _show(form, target, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else 200)
    with transaction():
        person = service.check_password(form.email.data, form.password.data)
    if person is None:
        form.form_errors.append(_("E-mail o password non tornano"))
        return _show(form, target, HTTPStatus.UNPROCESSABLE_ENTITY)
    return admit(person, is_remembered=form.remember.data, target=target)


@bp.post("/esci")
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database; only the language stays."""
    if current_user.is_authenticated:
        with transaction():
            sessions.end_session(current_user.id, current_user.session.id, now=clock.now())
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
