"""Owe a job in the same transaction as the change that causes it; run it once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import remember_owed, transaction

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the job over; this attempt's writes are rolled back."""


Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
PERIODIC: dict[str, tuple[timedelta, Handler]] = {}
LEASE = timedelta(minutes=4)  # longer than the hard time limit of a task
MAX_ATTEMPTS = 8
BACKOFF = timedelta(seconds=20)
BACKOFF_LIMIT = timedelta(hours=1)


def handles(task: str) -> Callable[[Handler], Handler]:
    """Register the function that does the job `task`; one function per name."""

    def register(handler: Handler) -> Handler:
        if task in HANDLERS:
            raise RuntimeError(f"{task} has two handlers")
        HANDLERS[task] = handler
        return handler

    return register


def every(interval: timedelta, name: str) -> Callable[[Handler], Handler]:
    """Register a function beat runs at an interval, in one transaction; it must bear repeating."""

    def register(handler: Handler) -> Handler:
        if name in PERIODIC:
            raise RuntimeError(f"{name} runs periodically twice")
        PERIODIC[name] = (interval, handler)
        return handler

    return register


def owe(
    task: str, *, key: str, now: datetime, after: timedelta = timedelta(), **payload: Any
) -> None:
    """Add a job to the outbox, due `after` now. The same `key` twice is an integrity error."""
    message = OutboxMessage(
        task=task, key=key, payload=payload, created_at=now, available_at=now + after
    )
    db.session.add(message)
    db.session.flush()
    if not after:
        remember_owed(message.id)


def run(message_id: int, *, now: datetime) -> bool:
    """Do the job if nobody else has done or is doing it; tell whether it was done.

    The handler's writes and `done_at` are one transaction. What a handler does
    outside the database can happen again after a crash, so it must bear repeating.

    :raises LeaseLost: if the job outlived its lease and another worker took it over
    """
    with transaction():
        attempt = _claim(message_id, now=now)
    if attempt is None:
        return False
    try:
        with transaction():
            message = db.session.get_one(OutboxMessage, message_id)
            HANDLERS[message.task](**message.payload, now=now)
            _finish(message_id, attempt, now=now)
    except LeaseLost:
        raise
    except Exception as error:
        with transaction():
            _postpone(message_id, attempt, error, now=now)
        raise
    return True


def retry(message_id: int, *, now: datetime) -> bool:
    """Make an open job due again from its first attempt; tell whether it is open.

    A job that a worker holds is running already and is left to it: its attempts count on, or
    the number would fence nothing off.
    """
    message = db.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.id == message_id).with_for_update()
    ).one_or_none()
    if message is None or message.done_at is not None:
        return False
    if message.leased_until is None or message.leased_until < now:
        message.available_at = now
        message.gave_up_at = message.leased_until = None
        message.attempts = 0
        db.session.flush()
        remember_owed(message_id)
    return True


def list_due(*, now: datetime, limit: int = 500) -> list[int]:
    """Return the ids of jobs that are due and that nobody holds, oldest first."""
    free = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now)
    return list(
        db.session.scalars(
            sa.select(OutboxMessage.id)
            .where(
                OutboxMessage.done_at.is_(None),
                OutboxMessage.gave_up_at.is_(None),
                OutboxMessage.available_at <= now,
                free,
            )
            .order_by(OutboxMessage.available_at, OutboxMessage.id)
            .limit(limit)
        )
    )


def _claim(message_id: int, *, now: datetime) -> int | None:
    """Take the lease by compare-and-set and return the attempt's number."""
    free = sa.or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until < now)
    return db.session.scalar(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.done_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.available_at <= now,
            free,
        )
        .values(leased_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.attempts)
        .execution_options(synchronize_session=False)
    )


def _finish(message_id: int, attempt: int, *, now: datetime) -> None:
    """Mark the job done, unless a later attempt owns it: the number is a fence."""
    finished = db.session.scalar(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.attempts == attempt,
            OutboxMessage.done_at.is_(None),
        )
        .values(done_at=now, leased_until=None, last_error=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if finished is None:
        raise LeaseLost(f"outbox message {message_id} was taken over after attempt {attempt}")


def _postpone(message_id: int, attempt: int, error: Exception, *, now: datetime) -> None:
    """Free the job for a later attempt, or give it up to a person after the last."""
    wait = min(BACKOFF * 4 ** (attempt - 1), BACKOFF_LIMIT)
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.attempts == attempt)
        .values(
            leased_until=None,
            available_at=now + wait,
            gave_up_at=now if attempt >= MAX_ATTEMPTS else None,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        .execution_options(synchronize_session=False)
    )
    logger.warning("job %s failed at attempt %s: %s", message_id, attempt, type(error).__name__)
