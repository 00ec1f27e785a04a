"""Tokens that prove a right: signed, for one purpose, for a time. They hide nothing.

Beside them, secrets that a job can make again: `derive`.
"""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from gifting.platform import clock, sealing, settings


class TokenNotOurs(Exception):
    """The token was cut, changed, made for another purpose, or never came from here."""


class TokenExpired(Exception):
    """The token is ours, and too old; `value` is what it was made for."""

    def __init__(self, value: Any) -> None:
        super().__init__("the token is too old")
        self.value = value


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def sign(purpose: str, value: Any) -> str:
    """Return a token, fit for an address, that carries the value (JSON) for this purpose."""
    return str(_serializer(purpose).dumps(value))


def read(purpose: str, token: str, *, max_age: timedelta) -> Any:
    """Return the value the token carries.

    :raises TokenExpired: if it was signed more than `max_age` ago
    :raises TokenNotOurs: if it was not signed here for this purpose
    """
    serializer = _serializer(purpose)
    try:
        return serializer.loads(token, max_age=int(max_age.total_seconds()))
    except SignatureExpired as error:
        raise TokenExpired(serializer.load_payload(error.payload or b"")) from error
    except BadData as error:
        raise TokenNotOurs("the token is not ours") from error


def derive(purpose: str, key: str) -> str:
    """Return the 256-bit secret, fit for an address, that this key always has for this purpose.

    Nobody without the application's own secret can guess it, and a job that is repeated after a
    crash makes the one that its letter carried. The key must not be used for a second secret.
    """
    return urlsafe_b64encode(sealing.mark(purpose, key)).rstrip(b"=").decode()


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    """Sign with the application's secret; read what earlier ones signed, too."""
    known = settings.current()
    oldest_first = [*reversed(known.secret_key_fallbacks), known.secret_key]
    return URLSafeTimedSerializer(oldest_first, salt=purpose, signer=_Signer)
