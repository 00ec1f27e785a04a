"""A person's second factor: a telephone, codes on paper, browsers that are trusted.

What is sensitive is told to the person by letter, so that who did not do it can answer.
"""

import logging
import secrets
from base64 import b32encode
from datetime import datetime, timedelta

import sqlalchemy as sa

from gifting.accounts import queries
from gifting.accounts.models import PendingSignIn, RecoveryCode, SecondFactor, TrustedBrowser, User
from gifting.accounts.queries.factors import get_next_secret
from gifting.accounts.service.sessions import forget_second_steps
from gifting.core import one_time_codes
from gifting.core.one_time_codes import Checked, CodeError
from gifting.platform import outbox, sealing, transitions
from gifting.platform.db import db

logger = logging.getLogger(__name__)
MAIL_FACTOR = "accounts.mail_factor"
RECOVERY_CODES = 10
TRUSTED_FOR = timedelta(days=30)
_RECOVERY_BYTES = 10
"""80 bits: nobody tries them all, and four groups of four letters can still be typed."""
_SECRET = "second-factor"  # noqa: S105 - a purpose
_RECOVERY = "recovery-code"
_TOKEN_BYTES = 32


def prepare(user_id: int) -> None:
    """Draw the secret of a new telephone; the one in use goes on until the new one's first code."""
    factor = db.session.get(SecondFactor, user_id, with_for_update=True)
    if factor is None:
        factor = SecondFactor(user_id=user_id, last_step=None, confirmed_at=None)
        db.session.add(factor)
    factor.next_secret = sealing.seal(_SECRET, one_time_codes.draw_secret())
    db.session.flush()


def secret_to_set_up(user_id: int) -> str:
    """Return the secret that waits for its first code, as an authenticator app takes it.

    One that cannot be read any more is drawn anew: nothing depends on it yet.
    """
    try:
        return sealing.unseal(_SECRET, get_next_secret(user_id))
    except sealing.SealBroken:
        prepare(user_id)
        return sealing.unseal(_SECRET, get_next_secret(user_id))


def confirm(user: User, code: str, *, now: datetime) -> CodeError | None:
    """Put the prepared telephone into use if this is its code; else say what is wrong."""
    factor = db.session.get(SecondFactor, user.id, with_for_update=True)
    if factor is None or not factor.next_secret:
        return CodeError.WRONG
    checked = _check_against(factor.next_secret, code, now=now, last_step=None)
    if checked.error:
        return checked.error
    factor.secret, factor.next_secret = factor.next_secret, ""
    factor.last_step, factor.confirmed_at = checked.step, now
    forget_browsers(user.id)
    _tell(user, "second_factor_on", now=now)
    return None


def check(user_id: int, code: str, *, now: datetime) -> CodeError | None:
    """Use up the code that the telephone shows; a code lets in once (RFC 6238 5.2)."""
    factor = db.session.get(SecondFactor, user_id, with_for_update=True, populate_existing=True)
    if factor is None or factor.confirmed_at is None:
        return CodeError.WRONG
    checked = _check_against(factor.secret, code, now=now, last_step=factor.last_step)
    if checked.step is not None:
        factor.last_step = checked.step
    db.session.flush()
    return checked.error


def draw_recovery_codes(user: User, *, now: datetime) -> list[str]:
    """Return new codes for paper, shown this once; the ones before are void."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_draw_recovery_code() for _ in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_mark=_marks(user.id, code)[0]) for code in codes
    )
    transitions.log(user.subject, "draw_recovery_codes", actor_id=user.id, now=now)
    db.session.flush()
    return codes


def use_recovery_code(user: User, code: str, *, now: datetime) -> bool:
    """Use a code on paper up; of two that use it at once, one does."""
    used = db.session.execute(
        sa.delete(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_mark.in_(_marks(user.id, code)))
        .returning(RecoveryCode.id)
    ).one_or_none()
    if used is None:
        return False
    _tell(user, "recovery_code_used", now=now)
    return True


def end_factor(user: User, *, actor_id: int | None, now: datetime) -> bool:
    """Take a person's telephone and codes away; False if there was none."""
    factor = db.session.get(SecondFactor, user.id, with_for_update=True)
    if factor is None:
        return False
    was_on = factor.confirmed_at is not None
    db.session.delete(factor)
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    close_half_open(user.id)
    forget_second_steps(user.id)
    if was_on:
        _tell(user, "second_factor_off", actor_id=actor_id, now=now)
    db.session.flush()
    return was_on


def trust_browser(user_id: int, *, now: datetime) -> str:
    """Let a password be enough in one browser for a time; return the token of its cookie."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(
        TrustedBrowser(
            user_id=user_id, token_hash=queries.hash_token(token), expires_at=now + TRUSTED_FOR
        )
    )
    db.session.flush()
    return token


def forget_browsers(user_id: int) -> None:
    """Ask for a code everywhere."""
    db.session.execute(sa.delete(TrustedBrowser).where(TrustedBrowser.user_id == user_id))


def close_half_open(user_id: int) -> None:
    """Ask for everything everywhere: trusted browsers and half sign-ins end with their keys."""
    forget_browsers(user_id)
    db.session.execute(sa.delete(PendingSignIn).where(PendingSignIn.user_id == user_id))


def seal_again() -> tuple[int, list[str]]:
    """Seal every telephone under the secret in use; return how many, and whose cannot be read."""
    factors = sa.select(SecondFactor, User.email).join(User, User.id == SecondFactor.user_id)
    confirmed = factors.where(SecondFactor.confirmed_at.is_not(None)).order_by(User.email)
    done, lost = 0, []
    for factor, email in db.session.execute(confirmed.with_for_update(of=SecondFactor)):
        try:
            factor.secret = sealing.seal(_SECRET, sealing.unseal(_SECRET, factor.secret))
            done += 1
        except sealing.SealBroken:
            lost.append(email)
    db.session.flush()
    return done, lost


def purge(*, now: datetime) -> None:
    """Delete what makes browsers trusted no longer."""
    db.session.execute(sa.delete(TrustedBrowser).where(TrustedBrowser.expires_at < now))


def tell_of_wrong_codes(user: User, *, now: datetime) -> None:
    """Write, once a day, that somebody has the password and tries codes."""
    key = f"{MAIL_FACTOR}:wrong_codes:{user.id}:"
    if not queries.has_job_since(key, now - timedelta(days=1)):
        _tell(user, "wrong_codes", now=now)


def _tell(user: User, what: str, *, now: datetime, actor_id: int | None = None) -> None:
    transitions.log(user.subject, what, actor_id=actor_id or user.id, now=now)
    letter = f"{MAIL_FACTOR}:{what}:{user.id}:{now.isoformat()}"
    outbox.owe(MAIL_FACTOR, key=letter, now=now, record_id=user.id, letter=letter, what=what)


def _draw_recovery_code() -> str:
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _check_against(sealed: str, code: str, *, now: datetime, last_step: int | None) -> Checked:
    try:
        secret = sealing.unseal(_SECRET, sealed)
    except sealing.SealBroken:
        logger.exception("a second factor was sealed under a SECRET_KEY that no setting names")
        return Checked(None, CodeError.UNREADABLE)
    return one_time_codes.check_code(secret, code, now=now, last_step=last_step)


def _marks(user_id: int, code: str) -> list[bytes]:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return sealing.marks(_RECOVERY, f"{user_id}:{plain}")
