"""Second factors, and the sign-ins that wait for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from gifting.accounts.models import (
    PendingSignIn,
    RecoveryCode,
    SecondFactor,
    TrustedBrowser,
    User,
)
from gifting.accounts.queries import PERSON, Person, hash_token
from gifting.platform.db import db

PENDING_FOR = timedelta(minutes=10)
"""How long a first step waits for the second."""
HAS_FACTOR = sa.exists().where(
    SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)
)
"""Of a row of `User`: whether the person's codes come from a telephone."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that waits for its second step."""

    id: int
    person: Person
    is_remembered: bool
    is_by_mail: bool
    tries: int
    has_factor: bool


def find_pending(token: str, *, now: datetime) -> Pending | None:
    """Return the sign-in that this token began, while it waits and the person may come in."""
    row = db.session.execute(
        PERSON.add_columns(
            PendingSignIn.id.label("pending_id"),
            PendingSignIn.is_remembered,
            PendingSignIn.is_by_mail,
            PendingSignIn.tries,
            HAS_FACTOR.label("has_factor"),
        )
        .join(PendingSignIn, PendingSignIn.user_id == User.id)
        .where(
            PendingSignIn.token_hash == hash_token(token),
            PendingSignIn.ended_at.is_(None),
            PendingSignIn.created_at > now - PENDING_FOR,
            User.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    known = row._mapping  # noqa: SLF001 - its public mapping
    person = Person(**{name: known[name] for name in Person.__dataclass_fields__})
    return Pending(
        known["pending_id"],
        person,
        is_remembered=known["is_remembered"],
        is_by_mail=known["is_by_mail"],
        tries=known["tries"],
        has_factor=known["has_factor"],
    )


def find_person_waiting(pending_id: int) -> Person | None:
    """Return whose sign-in this is, while it is neither ended nor deleted."""
    row = db.session.execute(
        PERSON.join(PendingSignIn, PendingSignIn.user_id == User.id).where(
            PendingSignIn.id == pending_id, PendingSignIn.ended_at.is_(None), User.is_active
        )
    ).one_or_none()
    return None if row is None else Person(**row._mapping)  # noqa: SLF001 - its public mapping


def has_factor(user_id: int) -> bool:
    """Tell whether a person's codes come from a telephone."""
    return bool(db.session.scalar(sa.select(HAS_FACTOR).where(User.id == user_id)))


def get_next_secret(user_id: int) -> str:
    """Return the sealed secret that waits for its first code, or «»."""
    waiting = sa.select(SecondFactor.next_secret).where(SecondFactor.user_id == user_id)
    return db.session.scalar(waiting) or ""


def count_recovery_codes(user_id: int) -> int:
    """Return how many codes on paper a person has left."""
    left = sa.select(sa.func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id)
    return db.session.scalar(left) or 0


def is_trusted(user_id: int, token: str, *, now: datetime) -> bool:
    """Tell whether a person's password is enough in the browser that has this token."""
    known = sa.exists().where(
        TrustedBrowser.user_id == user_id,
        TrustedBrowser.token_hash == hash_token(token),
        TrustedBrowser.expires_at > now,
    )
    return bool(db.session.scalar(sa.select(known)))


def count_tries(user_id: int, *, since: datetime) -> int:
    """Return how many codes were tried for a person, in whatever browser."""
    tries = sa.select(sa.func.coalesce(sa.func.sum(PendingSignIn.tries), 0))
    mine = tries.where(PendingSignIn.user_id == user_id, PendingSignIn.created_at > since)
    return int(db.session.scalar(mine) or 0)
