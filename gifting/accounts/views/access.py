"""Signing in and out, confirming an e-mail address, choosing a language."""

from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from gifting.accounts.views import bp


@bp.route("/accedi", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail and password."""
    abort(404)


@bp.get("/lingua/<any(it, en):lang>")
def set_language(lang: str) -> ResponseReturnValue:
    """Remember the visitor's language and go back to where they were."""
    session["language"] = lang
    target = request.args.get("next", "")
    is_local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return redirect(target if is_local else url_for("catalogue.home"))
