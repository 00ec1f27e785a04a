"""Slow down who guesses passwords, without locking anybody out of their own account.

Wrong pairs are counted, right ones are not. From a browser that has signed in as the person before
only its own mistakes count: a stranger who tries an address from elsewhere never stops its owner.
Everybody else is counted by address and network together, by network, and by address. The scheme
is OWASP's «Slow Down Online Guessing Attacks with Device Cookies»; a new device that is stopped
by a stranger's tries still gets in by a link in a letter.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address, ip_network

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from gifting.accounts.queries import normalise_email
from gifting.platform import settings, tokens
from gifting.platform.limits import limiter, scaled

_DEVICE = "device"
DEVICE_LIFE = timedelta(days=365)
_V6_NETWORK_BITS = 64
"""What a household or an office gets of IPv6: one network, many addresses (RFC 6177)."""

View = Callable[[], ResponseReturnValue]


def limited(view: View) -> View:
    """Put the limits on a view that answers 422 to a wrong pair."""
    for rate, key, is_for_known in (
        ("10 per minute; 60 per hour", _by_device, True),
        ("5 per minute; 30 per hour", _by_address_and_network, False),
        (scaled(60, "per 10 minutes"), _by_network, False),
        (scaled(120, "per hour"), _by_address, False),
    ):
        view = limiter.limit(
            rate,
            key_func=key,
            methods=["POST"],
            deduct_when=_is_wrong_pair,
            exempt_when=_is_unknown_device if is_for_known else _is_known_device,
        )(view)
    return view


def remember_device(response: Response, email: str) -> Response:
    """Let this browser be known as one from which the person has signed in."""
    value = tokens.sign(_DEVICE, [_name(email), secrets.token_urlsafe(16)])
    response.set_cookie(
        _cookie(),
        value,
        max_age=DEVICE_LIFE,
        httponly=True,
        samesite="Lax",
        secure=settings.current().is_production,
    )
    return response


def _is_wrong_pair(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def _is_known_device() -> bool:
    return _device() is not None


def _is_unknown_device() -> bool:
    return _device() is None


def _device() -> str | None:
    """Return the number of this browser if it has signed in with the address that is tried."""
    try:
        cookie = request.cookies.get(_cookie(), "")
        name, number = tokens.read(_DEVICE, cookie, max_age=DEVICE_LIFE)
    except (tokens.TokenNotOurs, tokens.TokenExpired, ValueError):
        return None
    return str(number) if name == _name(request.form.get("email", "")) else None


def _by_device() -> str:
    return f"device:{_device()}"


def _by_address_and_network() -> str:
    return f"pair:{_name(request.form.get('email', ''))}:{_network()}"


def _by_network() -> str:
    return f"network:{_network()}"


def _by_address() -> str:
    return f"address:{_name(request.form.get('email', ''))}"


def _network() -> str:
    """Return the network of who asks: an IPv4 address, or the first 64 bits of an IPv6 one."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    return str(ip_network((address, _V6_NETWORK_BITS), strict=False))


def _name(email: str) -> str:
    return sha256(normalise_email(email).encode()).hexdigest()


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"
