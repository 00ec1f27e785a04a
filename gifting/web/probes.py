"""What machines ask: is it alive, can it serve, what does it measure."""

from hmac import compare_digest
from ipaddress import ip_address, ip_network
from time import monotonic

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from gifting.platform import clock, health
from gifting.platform.health import Finding, Part
from gifting.web import metrics

bp = Blueprint("probes", __name__)

KEPT_SECONDS = 5
"""An answer is given again so long: asking is no way to keep the product busy."""


class _Kept:
    until = 0.0
    findings: dict[Part, Finding]


@bp.get("/health/live")
def live() -> ResponseReturnValue:
    """Answer when this process can."""
    return {"status": "ok"}


@bp.get("/health")
@bp.get("/health/ready")
def ready() -> ResponseReturnValue:
    """Say of each part whether it works; 503 when no page could be served."""
    if monotonic() >= _Kept.until:
        _Kept.findings = health.examine(clock.now())
        _Kept.until = monotonic() + KEPT_SECONDS
    bad = {part for part, finding in _Kept.findings.items() if not finding.is_ok}
    is_down = bool(bad & health.ESSENTIAL)
    parts = {part.value: "degraded" if part in bad else "ok" for part in Part}
    status = "down" if is_down else "degraded" if bad else "ok"
    return {"status": status, "parts": parts}, 503 if is_down else 200


@bp.get("/metrics")
def show_metrics() -> ResponseReturnValue:
    """Answer Prometheus, and nobody else; where it is not set up there is no such page."""
    settings = current_app.config["SETTINGS"]
    if not settings.metrics_token and not settings.metrics_networks:
        abort(404)
    if not _has_token(settings.metrics_token) and not _is_near(settings.metrics_networks):
        abort(404)
    return Response(metrics.expose(clock.now()), content_type=metrics.CONTENT_TYPE)


def _has_token(token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(token) and compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_near(networks: tuple[str, ...]) -> bool:
    """Whether the asker is in these networks; a stranger's proxy would lend its own address."""
    settings = current_app.config["SETTINGS"]
    if "X-Forwarded-For" in request.headers and not settings.trusted_proxies:
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in ip_network(network) for network in networks)
