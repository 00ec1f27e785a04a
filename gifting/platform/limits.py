"""How often something may be tried, counted in Valkey; without Valkey, by each process."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from gifting.platform import broker, settings

View = Callable[..., Any]
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, headers_enabled=False)


def install(app: Flask) -> None:
    """Count where the broker is."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["REDIS_URL"]
    app.config["RATELIMIT_STORAGE_OPTIONS"] = dict.fromkeys(
        ("socket_timeout", "socket_connect_timeout"), broker.ANSWER_SECONDS
    )
    app.config["RATELIMIT_KEY_PREFIX"] = "gifting"
    limiter.init_app(app)


def limit_views(app: Flask, rates: Mapping[str, str], *, key: Callable[[], str]) -> None:
    """Put a table of rates on the views it names.

    A row reads «120 per minute; 20 per hour, POST»: every rate counts by itself, a method narrows
    one to requests by it. The setting `rate_factor` multiplies them all.
    """
    for endpoint, row in rates.items():
        app.view_functions[endpoint] = _limited(app.view_functions[endpoint], row, key)


@cache  # the limiter is the process's: a second application must not count a visit twice
def _limited(view: View, row: str, key: Callable[[], str]) -> View:
    for rate in row.split(";"):
        times, _per, rest = rate.strip().partition(" ")
        period, _comma, method = rest.partition(",")
        view = limiter.limit(
            scaled(int(times), period),
            key_func=key,
            methods=[method.strip()] if method else None,
        )(view)
    return view


def scaled(times: int, period: str) -> Callable[[], str]:
    """Return a rate that the setting `rate_factor` multiplies, read at each request."""
    return lambda: f"{times * settings.current().rate_factor} {period}"
