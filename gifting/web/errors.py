"""Error pages: what happened, in plain words, and a way on; as JSON for programs (RFC 9457)."""

import logging
from html import unescape
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, json, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from gifting.core.lifecycle import MoveRefused
from gifting.platform.db import db
from gifting.platform.failures import LOOK_AT_STORAGE, Outage, is_outage
from gifting.web.refusals import explain

logger = logging.getLogger(__name__)
PAGES = (400, 401, 403, 404, 405, 409, 413, 429)
"""Errors with a page of their own; what else a request can do wrong gets that of 400."""
PROBLEM = "application/problem+json"
_JSON = ("application/json", PROBLEM)
CRASH = 500
_OFFICE = "/ufficio"
RETRY_AFTER_SECONDS = 30


def install(app: Flask) -> None:
    """Register the pages, and what the domain's exceptions mean to a browser."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(SecurityError, lambda _error: alone("host", 400))
    app.register_error_handler(RateLimitExceeded, show_too_often)
    app.register_error_handler(CSRFError, lambda _error: page("csrf", 400))
    app.register_error_handler(NoResultFound, lambda _error: page("404", 404))
    app.register_error_handler(MoveRefused, show_refusal)
    app.register_error_handler(StaleDataError, lambda _error: page("409", 409))
    for outage in (OperationalError, NoConnectionFree, Outage):
        app.register_error_handler(outage, show_outage)
    app.register_error_handler(Exception, show_crash)


def wants_json() -> bool:
    """Tell whether the caller would rather read JSON than a page."""
    asked = request.accept_mimetypes
    return max(map(asked.quality, _JSON)) > asked.quality("text/html")


def page(
    name: str,
    code: int,
    *,
    message: str = "",
    record: str | None = None,
    members: dict[str, Any] | None = None,
) -> Response:
    """Answer with `templates/errors/<name>.html`, or with its words as a problem in JSON.

    What the request left in the database's session is dropped. `message` is what is known of
    this case, `record` the address of what it is about, `members` what a problem says beside.
    """
    db.session.rollback()
    context = {"message": message, "record": record, "in_office": _is_in_office()}
    if wants_json():
        return _answer_problem(_problem(name, code, context) | (members or {}))
    return _answer_page(render_template(f"errors/{name}.html", **context), code)


def _is_in_office() -> bool:
    """Tell whether somebody of the staff asked for a page of the office, whichever it was."""
    is_office = request.path == _OFFICE or request.path.startswith(f"{_OFFICE}/")
    return is_office and current_user.is_authenticated and current_user.is_staff


def alone(name: str, code: int) -> Response:
    """Answer without asking who is signed in, for that asks the database."""
    if wants_json():
        return _answer_problem(_bare_problem(code))
    template = current_app.jinja_env.get_template(f"errors/{name}.html")
    return _answer_page(template.render(request=request), code)


def _answer_page(text: str, code: int) -> Response:
    response = make_response(text, code)
    response.vary.add("Accept")
    return response


def _answer_problem(problem: dict[str, Any]) -> Response:
    response = _answer_page(json.dumps(problem, ensure_ascii=False), problem["status"])
    response.mimetype = PROBLEM
    return response


def _problem(name: str, code: int, context: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says, from the blocks of its template."""
    template = current_app.jinja_env.get_template(f"errors/{name}.html")
    current_app.update_template_context(context)
    words = template.new_context(context)
    heading, text = ("".join(template.blocks[block](words)) for block in ("heading", "text"))
    said = {"title": unescape(heading).strip(), "detail": unescape(text).strip()}
    return _bare_problem(code) | said


def _bare_problem(code: int) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "status": code,
        "title": HTTPStatus(code).phrase,
        "instance": request.path,
    }


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an HTTP error, with the headers that belong to it."""
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # another error page failed in its turn
        return show_outage(cause) if is_outage(cause) else show_crash(cause)
    code = error.code or CRASH
    if code >= CRASH:
        return alone("500", code)
    response = page(str(code if code in PAGES else 400), code)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def show_too_often(error: RateLimitExceeded) -> ResponseReturnValue:
    """Say that it was too often, and for how long at most."""
    seconds = error.limit.limit.get_expiry() if error.limit else RETRY_AFTER_SECONDS
    response = page("429", HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    return response


def show_refusal(error: MoveRefused) -> ResponseReturnValue:
    """Show in what state the record is now, and lead to it."""
    refusal = explain(error)
    known = {"state": refusal.state, "allowed": refusal.allowed} if refusal.state else {}
    return page("409", 409, message=refusal.detail, record=refusal.page, members=known)


def show_crash(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw and show a page that needs nothing."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return show_outage(error)
    logger.error("unhandled", exc_info=error)
    return alone("500", CRASH)


def show_outage(error: Exception) -> ResponseReturnValue:
    """Say that we are back soon, on a page that needs nothing; the log says what is away."""
    if isinstance(error, Outage):
        logger.error(LOOK_AT_STORAGE, error)
    else:
        cause = getattr(error, "orig", error)
        logger.error(
            "the database does not answer (%s): see that PostgreSQL runs and has connections free",
            type(cause).__name__,
        )
    response = alone("503", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"  # said here: who is signed in cannot be asked
    return response
