"""Error pages: what happened, in plain words, and a way on."""

import logging

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.platform.db import db
from gifting.platform.failures import Outage, is_outage

logger = logging.getLogger(__name__)
PAGES = (400, 403, 404, 409, 413, 429, 500)
CRASH = 500
RETRY_AFTER_SECONDS = 30


def install(app: Flask) -> None:
    """Register the pages, and what the domain's exceptions mean to a browser."""
    for code in PAGES:
        app.register_error_handler(code, show_http_error)
    app.register_error_handler(CSRFError, lambda _error: page("csrf", 400))
    app.register_error_handler(NoResultFound, lambda _error: page("404", 404))
    app.register_error_handler(TransitionNotAllowed, lambda _error: page("409", 409))
    app.register_error_handler(StaleDataError, lambda _error: page("409", 409))
    for outage in (OperationalError, NoConnectionFree, Outage):
        app.register_error_handler(outage, show_outage)
    app.register_error_handler(Exception, show_crash)


def page(name: str, code: int) -> ResponseReturnValue:
    """Render `templates/errors/<name>.html`; what the request left in the session is dropped."""
    db.session.rollback()
    return render_template(f"errors/{name}.html"), code


def alone(name: str, code: int) -> ResponseReturnValue:
    """Render a page that asks nobody who is signed in, for that asks the database."""
    template = current_app.jinja_env.get_template(f"errors/{name}.html")
    return template.render(request=request), code


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an HTTP error."""
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # another error page failed in its turn
        return show_outage(cause) if is_outage(cause) else show_crash(cause)
    code = error.code or CRASH
    return page(str(code), code) if code != CRASH else alone("500", CRASH)


def show_crash(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw and show a page that needs nothing."""
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return show_outage(error)
    logger.error("unhandled", exc_info=error)
    return alone("500", CRASH)


def show_outage(error: Exception) -> ResponseReturnValue:
    """Say that we are back soon, on a page that needs nothing; the log says what is away."""
    if isinstance(error, Outage):
        logger.error("%s: see that the file storage has room and answers", error)
    else:
        cause = getattr(error, "orig", error)
        logger.error(
            "the database does not answer (%s): see that PostgreSQL runs and has connections free",
            type(cause).__name__,
        )
    response = make_response(alone("503", 503))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"  # said here: who is signed in cannot be asked
    return response
