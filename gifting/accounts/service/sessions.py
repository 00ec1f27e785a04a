"""Begin, note and end the sessions of people in their browsers."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from gifting.accounts.models import User, UserSession
from gifting.accounts.queries import hash_token
from gifting.core.calendar import rome_date
from gifting.platform.db import db

SHORT = timedelta(hours=12)
"""A working day: how long whoever did not ask to be remembered stays signed in."""
REMEMBERED = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=5)
"""A page that is read writes nothing, but for this often when its reader was last seen."""
KEPT = timedelta(days=90)
_TOKEN_BYTES = 32
_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """From where a browser asks: its network address, and what it says it is."""

    address: str
    agent: str


def begin_session(
    user_id: int,
    visit: Visit,
    *,
    is_remembered: bool,
    has_second_step: bool = False,
    now: datetime,
) -> str:
    """Sign a person in where the visit comes from; return the token, which is kept nowhere here."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(
        UserSession(
            user_id=user_id,
            token_hash=hash_token(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + (REMEMBERED if is_remembered else SHORT),
            has_second_step=has_second_step,
            address=visit.address,
            agent=visit.agent[:_AGENT_LENGTH],
        )
    )
    db.session.flush()
    _note_day(user_id, now=now)
    return token


def note_seen(user_id: int, session_id: int, *, now: datetime) -> None:
    """Note that a session is in use."""
    db.session.execute(
        sa.update(UserSession).where(UserSession.id == session_id).values(last_seen_at=now)
    )
    _note_day(user_id, now=now)


def note_second_step(session_id: int) -> None:
    """Note that the person has shown a code in this session."""
    db.session.execute(
        sa.update(UserSession).where(UserSession.id == session_id).values(has_second_step=True)
    )


def forget_second_steps(user_id: int) -> None:
    """Let no open session of a person count as one with a second step: what it was is gone."""
    db.session.execute(
        sa.update(UserSession).where(UserSession.user_id == user_id).values(has_second_step=False)
    )


def end_session(user_id: int, session_id: int, *, now: datetime) -> bool:
    """End one session of this person; False if it was over, or is somebody else's."""
    return _end(user_id, UserSession.id == session_id, now=now) > 0


def end_sessions(user_id: int, *, now: datetime, except_id: int | None = None) -> int:
    """End a person's sessions, all or all but one; return how many were open."""
    others = sa.true() if except_id is None else UserSession.id != except_id
    return _end(user_id, others, now=now)


def purge_sessions(*, now: datetime) -> None:
    """Delete what is over for so long that nobody asks from where it was."""
    over = sa.func.coalesce(UserSession.ended_at, UserSession.expires_at)
    db.session.execute(sa.delete(UserSession).where(over < now - KEPT))


def _note_day(user_id: int, *, now: datetime) -> None:
    """Note with the person on which day they were last here; the same day is written once."""
    today = rome_date(now)
    is_news = sa.or_(User.last_seen_on.is_(None), User.last_seen_on < today)
    db.session.execute(
        sa.update(User).where(User.id == user_id, is_news).values(last_seen_on=today)
    )


def _end(user_id: int, which: sa.ColumnElement[bool], *, now: datetime) -> int:
    ended = db.session.execute(
        sa.update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), which)
        .values(ended_at=now)
        .returning(UserSession.id)
    )
    return len(ended.all())
