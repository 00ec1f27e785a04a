"""Secrets at rest: sealed so that we can read them again, or marked so that nobody can.

Both keys are derived from the application's secret, one for each purpose (HKDF, RFC 5869); who
reads the database without it has nothing. What was made under an earlier secret counts while the
settings still name that one.
"""

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gifting.platform import settings


class SealBroken(Exception):
    """What was sealed was changed, or it was sealed under a secret nobody named."""


def seal(purpose: str, text: str) -> str:
    """Return the text encrypted and signed (Fernet)."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Return what was sealed for this purpose, under this secret or an earlier one.

    :raises SealBroken: if it cannot be read
    """
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


def mark(purpose: str, text: str) -> bytes:
    """Return 32 bytes that the text always has here, and that tell nobody else what it is.

    Fit for short secrets too, which a plain hash would give away to whoever tries them all.
    """
    return marks(purpose, text)[0]


def marks(purpose: str, text: str) -> list[bytes]:
    """Return the text's mark, and those it had under earlier secrets."""
    return [hmac.digest(key, text.encode(), "sha256") for key in _keys(purpose)]


def _box(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in _keys(purpose)])


def _keys(purpose: str) -> list[bytes]:
    """Return this purpose's key of each secret, the one in use first."""
    known = settings.current()
    return [
        HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
        for secret in (known.secret_key, *known.secret_key_fallbacks)
    ]
