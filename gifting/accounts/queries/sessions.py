"""Where people are signed in."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gifting.accounts.models import User, UserSession
from gifting.accounts.queries import PERSON, Person, hash_token
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in: since when, seen last when, from where."""

    id: int
    created_at: datetime
    last_seen_at: datetime
    has_second_step: bool
    address: str
    agent: str


_OPEN_SESSION = (
    UserSession.id,
    UserSession.created_at,
    UserSession.last_seen_at,
    UserSession.has_second_step,
    UserSession.address,
    UserSession.agent,
)


def find_signed_in(token: str, *, now: datetime) -> tuple[Person, OpenSession] | None:
    """Return who is signed in by this token and where, in one query; None if it no longer counts.

    It ends with its time, by being ended, and with the person's access.
    """
    row = db.session.execute(
        PERSON.add_columns(*(column.label(f"session_{column.key}") for column in _OPEN_SESSION))
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == hash_token(token),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
            User.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    known = row._mapping  # noqa: SLF001 - its public mapping
    person = {name: known[name] for name in Person.__dataclass_fields__}
    session = {column.key: known[f"session_{column.key}"] for column in _OPEN_SESSION}
    return Person(**person), OpenSession(**session)


def list_open_sessions(user_id: int, *, now: datetime) -> list[OpenSession]:
    """Return where a person is signed in now, the most recently seen first."""
    rows = db.session.execute(
        sa.select(*_OPEN_SESSION)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(50)
    )
    return [OpenSession(*row) for row in rows]
