"""Between the password and the person's pages: the second step of signing in.

Five codes may be tried in one sign-in, fifty in a day over all of a person's. After that only a
code on paper lets in, which nobody guesses: whoever has stolen a password and tries codes never
shuts its owner out, and a new password makes all sign-ins begun with the old one void.
"""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from gifting.accounts.models import PendingSignIn
from gifting.accounts.queries import Person, get_user, hash_token
from gifting.accounts.queries.factors import PENDING_FOR, Pending, count_tries, has_factor
from gifting.accounts.service import factors
from gifting.core.one_time_codes import CodeError, compact
from gifting.platform import outbox, sealing, settings
from gifting.platform.db import db

MAIL_CODE = "accounts.mail_code"
TRIES = 5
TRIES_A_DAY = 50
LETTERS = 3
_KEPT = timedelta(days=1)
_TOKEN_BYTES = 32
_MAILED = "mailed-code"


class Step(StrEnum):
    """What a person still has to do after the first step."""

    CODE = "code"
    ENROL = "enrol"


def next_step(person: Person) -> Step | None:
    """Return what is left to do: codes for who has them, and for staff, where they must, to begin.

    The setting `staff_second_factor` says whether they must.
    """
    if has_factor(person.id):
        return Step.CODE
    return Step.ENROL if is_required(person) else None


def is_required(person: Person) -> bool:
    """Tell whether this person may not do without a second factor."""
    return person.is_staff and settings.current().staff_second_factor


def begin(person_id: int, *, is_remembered: bool, is_by_mail: bool, now: datetime) -> str:
    """Note that the first step was made; return the token by which the second finds it."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(
        PendingSignIn(
            user_id=person_id,
            token_hash=hash_token(token),
            is_remembered=is_remembered,
            is_by_mail=is_by_mail,
            lettered_at=None,
            ended_at=None,
            created_at=now,
        )
    )
    db.session.flush()
    return token


def end(pending: Pending, *, now: datetime) -> bool:
    """Take the sign-in to its end; False if another request was first."""
    ended = db.session.execute(
        sa.update(PendingSignIn)
        .where(PendingSignIn.id == pending.id, PendingSignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(PendingSignIn.id)
    ).one_or_none()
    return ended is not None


def try_code(pending: Pending, code: str, *, now: datetime) -> CodeError | None:
    """Try the telephone's code, or the one in the last letter; None lets in.

    The try is counted before the code is looked at, under the row's lock: tries at once count too.
    """
    row = _count_try(pending, now=now)
    if row is None:
        return CodeError.WRONG
    if row.letters and _is_mailed_code(row, code, now=now):
        row.lettered_at = None
        return None
    error = factors.check(pending.person.id, code, now=now)
    if error is not None and row.tries >= TRIES:
        factors.tell_of_wrong_codes(get_user(pending.person.id), now=now)
    return error


def tries_left(pending: Pending, *, now: datetime) -> int:
    """Return how many codes may still be tried in this sign-in."""
    today = count_tries(pending.person.id, since=now - _KEPT)
    tries = db.session.scalar(sa.select(PendingSignIn.tries).where(PendingSignIn.id == pending.id))
    return max(0, min(TRIES - (TRIES if tries is None else tries), TRIES_A_DAY - today))


def takes_letters(pending: Pending) -> bool:
    """Tell whether a code may go by letter.

    Not after a link in a letter, for the same mailbox would be both factors, and not for staff
    who must have a second one.
    """
    return not pending.is_by_mail and not is_required(pending.person)


def ask_for_letter(pending: Pending, *, now: datetime) -> bool:
    """Owe a letter with a code, which makes the one before void; False if there were enough."""
    row = _lock(pending)
    if row is None or row.letters >= LETTERS or not takes_letters(pending):
        return False
    row.letters, row.lettered_at = row.letters + 1, now
    letter = f"{MAIL_CODE}:{row.id}:{row.letters}"
    outbox.owe(MAIL_CODE, key=letter, now=now, record_id=row.id, number=row.letters, letter=letter)
    return True


def code_of_letter(pending_id: int, number: int) -> str:
    """Return the six digits of this letter: kept nowhere, made again from what it is for."""
    return _codes_of_letter(pending_id, number)[0]


def purge(*, now: datetime) -> None:
    """Delete sign-ins whose tries no longer count."""
    db.session.execute(sa.delete(PendingSignIn).where(PendingSignIn.created_at < now - _KEPT))


def _count_try(pending: Pending, *, now: datetime) -> PendingSignIn | None:
    row = _lock(pending)
    if row is None or row.tries >= TRIES:
        return None
    if count_tries(pending.person.id, since=now - _KEPT) >= TRIES_A_DAY:
        return None
    row.tries += 1
    db.session.flush()
    return row


def _lock(pending: Pending) -> PendingSignIn | None:
    """Lock the sign-in, and its person first: tries in several browsers count one by one."""
    get_user(pending.person.id, for_update=True)
    return db.session.scalars(
        sa.select(PendingSignIn)
        .where(PendingSignIn.id == pending.id, PendingSignIn.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _codes_of_letter(pending_id: int, number: int) -> list[str]:
    """Return the letter's code, and those that it had under earlier secrets."""
    marks = sealing.marks(_MAILED, f"{pending_id}:{number}")
    return [f"{int.from_bytes(mark[:8]) % 1_000_000:06d}" for mark in marks]


def _is_mailed_code(row: PendingSignIn, code: str, *, now: datetime) -> bool:
    if row.lettered_at is None or row.lettered_at < now - PENDING_FOR:
        return False
    typed = compact(code).encode()
    known = _codes_of_letter(row.id, row.letters)
    return any(secrets.compare_digest(one.encode(), typed) for one in known)
