"""Error pages: what happened, in plain words, and a way on."""

import logging

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.platform.db import db

logger = logging.getLogger(__name__)
PAGES = (400, 403, 404, 409, 413, 429, 500)


def install(app: Flask) -> None:
    """Register the pages, and what the domain's exceptions mean to a browser."""
    for code in PAGES:
        app.register_error_handler(code, show_http_error)
    app.register_error_handler(CSRFError, lambda _error: page("csrf", 400))
    app.register_error_handler(NoResultFound, lambda _error: page("404", 404))
    app.register_error_handler(TransitionNotAllowed, lambda _error: page("409", 409))
    app.register_error_handler(StaleDataError, lambda _error: page("409", 409))
    app.register_error_handler(Exception, show_crash)


def page(name: str, code: int) -> ResponseReturnValue:
    """Render `templates/errors/<name>.html`; what the request left in the session is dropped."""
    db.session.rollback()
    return render_template(f"errors/{name}.html"), code


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an HTTP error."""
    code = error.code or 500
    return page(str(code), code)


def show_crash(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw and show a page that needs nothing."""
    if isinstance(error, HTTPException):
        return error
    logger.error("unhandled", exc_info=error)
    return page("500", 500)
