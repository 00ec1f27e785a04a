"""Response headers that hold for every page."""

from flask import Flask, Response
from flask_login import current_user

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)


def install(app: Flask) -> None:
    """Add the headers after every request."""
    is_production = app.config["SETTINGS"].is_production

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        if "Cache-Control" not in headers:
            is_somebody = current_user and current_user.is_authenticated
            headers["Cache-Control"] = f"private, {'no-store' if is_somebody else 'no-cache'}"
        if is_production:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
