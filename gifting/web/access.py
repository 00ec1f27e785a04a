"""One gate for every request: the route's row in the policy table decides."""

from http import HTTPStatus

from flask import Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from gifting.accounts.views.session import load_signed_in, note_seen, why_sign_in
from gifting.core.roles import ANYONE
from gifting.web.errors import page, wants_json
from gifting.web.registry import MANAGERS_ONLY, ROUTES


def install(app: Flask, login: LoginManager) -> None:
    """Load the signed-in person and put the gate before every view."""
    login.user_loader(load_signed_in)
    login.session_protection = "basic"
    app.before_request(check_access)


def check_access() -> ResponseReturnValue | None:
    """Let the request pass, ask for sign-in, or refuse it. A route without a row is refused."""
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no such page: the 404 handler answers
    if endpoint not in ROUTES:
        abort(403)
    roles = ROUTES[endpoint]
    if roles is ANYONE:
        return None
    if not current_user.is_authenticated:
        if wants_json():
            return page("401", HTTPStatus.UNAUTHORIZED, message=why_sign_in())
        if request.method == "GET":
            target = request.full_path if request.query_string else request.path
        else:
            target = None
        flash(why_sign_in(), "info")
        return redirect(url_for("accounts.sign_in", next=target))
    if current_user.role not in roles:
        abort(403)
    if endpoint in MANAGERS_ONLY and not current_user.is_manager:
        abort(403)
    note_seen(current_user)
    return None
