"""Secrets at rest: sealed so that we can read them again, or marked so that nobody can.

Both keys are derived from the application's secret, one for each purpose (HKDF, RFC 5869); who
reads the database without it has nothing.
"""

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gifting.platform import settings


class SealBroken(Exception):
    """What was sealed was changed, or the application's secret is another one now."""


def seal(purpose: str, text: str) -> str:
    """Return the text encrypted and signed (Fernet)."""
    return Fernet(urlsafe_b64encode(_key(purpose))).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Return what was sealed for this purpose.

    :raises SealBroken: if it cannot be read
    """
    try:
        return Fernet(urlsafe_b64encode(_key(purpose))).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


def mark(purpose: str, text: str) -> bytes:
    """Return 32 bytes that the text always has here, and that tell nobody else what it is.

    Fit for short secrets too, which a plain hash would give away to whoever tries them all.
    """
    return hmac.digest(_key(purpose), text.encode(), "sha256")


def _key(purpose: str) -> bytes:
    secret = settings.current().secret_key.encode()
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
