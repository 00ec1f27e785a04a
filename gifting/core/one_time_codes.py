"""Codes of six digits by the clock: TOTP (RFC 6238) with HMAC-SHA-1 and steps of 30 seconds.

That is what every authenticator app reads, whatever else its QR code may ask for.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
DRIFT = 1
"""Steps by which a telephone's clock, and slow fingers, may be off (RFC 6238 5.2)."""
_REMEMBERED = 10
"""Steps back that we still know a code by, to say that it is too old and not merely wrong."""


class CodeError(StrEnum):
    """Why a code does not let in."""

    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    UNREADABLE = "unreadable"
    """There is no secret any more that it could be checked against."""


class Checked(NamedTuple):
    """The step of a right code, or what is wrong with it."""

    step: int | None
    error: CodeError | None = None


def draw_secret() -> str:
    """Return a new secret: 160 bits (RFC 4226 4, R6) in base 32."""
    return random_base32(32)


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """Return the otpauth address that authenticator apps read from a QR code."""
    return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def compact(code: str) -> str:
    """Return a code without the spaces that apps show and people type."""
    return "".join(code.split())


def check_code(secret: str, code: str, *, now: datetime, last_step: int | None) -> Checked:
    """Find the step that a code belongs to; one that was used, or an earlier one, is refused.

    Every step is computed, whatever the code is: what it costs tells nothing.
    """
    current = int(now.timestamp()) // STEP_SECONDS
    typed, totp = compact(code).encode(), TOTP(secret)
    steps = range(current - _REMEMBERED, current + DRIFT + 1)
    matching = [s for s in steps if hmac.compare_digest(totp.generate_otp(s).encode(), typed)]
    if not matching:
        return Checked(None, CodeError.WRONG)
    step = matching[-1]
    if last_step is not None and step <= last_step:
        return Checked(None, CodeError.USED)
    return Checked(step) if step >= current - DRIFT else Checked(None, CodeError.EXPIRED)
