"""What happened to a quote, and what was said in its thread."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gifting.accounts.models import User
from gifting.accounts.queries import initials_of
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry
from gifting.quotes.models import (
    Quote,
    QuoteMessage,
)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a quote's history."""

    id: int
    happened_at: datetime
    actor_id: int | None
    actor_name: str
    is_staff: bool
    action: str
    source: str
    target: str
    data: dict[str, object]


def list_events(quote: Quote) -> list[Event]:
    """Return the history of a quote, oldest first, with names."""
    rows = db.session.execute(
        sa.select(
            EventLogEntry.id,
            EventLogEntry.happened_at,
            EventLogEntry.actor_id,
            sa.func.coalesce(User.name, ""),
            User.company_id.is_(None) & User.id.is_not(None),
            EventLogEntry.action,
            EventLogEntry.source,
            EventLogEntry.target,
            EventLogEntry.data,
        )
        .outerjoin(User, User.id == EventLogEntry.actor_id)
        .where(EventLogEntry.subject == quote.subject)
        .order_by(EventLogEntry.id)
    )
    return [Event(*row) for row in rows]


def find_last_event(quote: Quote, action: str) -> EventLogEntry | None:
    """Return the last time this happened to the quote."""
    return db.session.scalar(
        sa.select(EventLogEntry)
        .where(EventLogEntry.subject == quote.subject, EventLogEntry.action == action)
        .order_by(EventLogEntry.id.desc())
        .limit(1)
    )


def get_event(event_id: int) -> EventLogEntry:
    """Return the line of history a job is owed by."""
    return db.session.get_one(EventLogEntry, event_id)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the thread."""

    id: int
    author_id: int
    author_name: str
    author_initials: str
    is_staff: bool
    body: str
    written_at: datetime


def list_messages(quote_id: int) -> list[Message]:
    """Return the thread, oldest first."""
    rows = db.session.execute(
        sa.select(QuoteMessage, User.name, User.company_id)
        .join(User, User.id == QuoteMessage.author_id)
        .where(QuoteMessage.quote_id == quote_id)
        .order_by(QuoteMessage.id)
    )
    return [
        Message(
            id=message.id,
            author_id=message.author_id,
            author_name=name,
            author_initials=initials_of(name),
            is_staff=company_id is None,
            body=message.body,
            written_at=message.written_at,
        )
        for message, name, company_id in rows
    ]


def get_message(message_id: int) -> QuoteMessage:
    """Return the message a letter is about."""
    return db.session.get_one(QuoteMessage, message_id)


def find_message(
    quote_id: int, author_id: int, body: str, *, since: datetime
) -> QuoteMessage | None:
    """Return the message that this person wrote in these words since then, if there is one."""
    return db.session.scalars(
        sa.select(QuoteMessage)
        .where(
            QuoteMessage.quote_id == quote_id,
            QuoteMessage.author_id == author_id,
            QuoteMessage.body == body,
            QuoteMessage.written_at >= since,
        )
        .order_by(QuoteMessage.id.desc())
        .limit(1)
    ).one_or_none()
