"""One log line and one measurement for each request, under an id that its jobs carry on."""

import re
from time import perf_counter
from uuid import uuid4

from flask import Flask, Response, g, request

from gifting.platform import logs, statements
from gifting.web import metrics

logger = logs.get(__name__)

HEADER = "X-Request-ID"
QUIET = frozenset({"probes.live", "probes.ready", "probes.show_metrics"})
"""Asked every few seconds by machines: their lines are for debugging."""
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


def install(app: Flask) -> None:
    """Begin before everything else and end after it."""
    has_proxy = app.config["SETTINGS"].trusted_proxies > 0

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "") if has_proxy else ""
        g.request_id = given if _GIVEN.fullmatch(given) else uuid4().hex
        g.started = perf_counter()
        statements.start_counting()
        logs.begin(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "started" in g:
            response.headers[HEADER] = g.request_id
            _report(response)
        return response


def _report(response: Response) -> None:
    seconds = perf_counter() - g.pop("started")
    route = request.endpoint or "none"  # never the path: it may hold a key
    metrics.observe(route, response.status_code, seconds, statements.count())
    user_id, company_id = _who()
    log = logger.debug if route in QUIET else logger.info
    log(
        "request",
        method=request.method if request.method in KNOWN_METHODS else "other",
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000),
        queries=statements.count(),
        user=user_id,
        company=company_id,
    )


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _who() -> tuple[int | None, int | None]:
    """Return the ids of the person and their company, if they are loaded; loads nothing."""
    person = g.get("_login_user")
    return getattr(person, "id", None), getattr(person, "company_id", None)
