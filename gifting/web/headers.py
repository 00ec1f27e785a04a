"""Response headers that hold for every page; docs/threat-model.md says what each is for."""

from flask import Flask, Response
from flask_login import current_user

import config

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Nothing inline at all, so there is no nonce to hand out (docs/adr/0007-no-inline.md)."""
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
FRAMED = "frame-ancestors 'self'"
"""In the policy of what our own pages show inside themselves: a PDF, a letter."""


def strict_transport(settings: config.Settings) -> str:
    """Return for how long browsers shall insist on HTTPS; empty where there is none."""
    if not settings.is_production:
        return ""
    below = "; includeSubDomains" if settings.has_subdomains_in_https else ""
    return f"max-age=31536000{below}"


def install(app: Flask) -> None:
    """Add the headers after every request, where a view has not said otherwise."""
    transport = strict_transport(app.config["SETTINGS"])

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        is_framed = FRAMED in headers["Content-Security-Policy"]
        headers.setdefault("X-Frame-Options", "SAMEORIGIN" if is_framed else "DENY")
        if "Cache-Control" not in headers:
            is_somebody = current_user and current_user.is_authenticated
            headers["Cache-Control"] = f"private, {'no-store' if is_somebody else 'no-cache'}"
        if transport:
            headers.setdefault("Strict-Transport-Security", transport)
        return response
