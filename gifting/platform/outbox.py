"""Owe a job in the same transaction as the change that causes it; run it once.

Who runs a job holds the lock of its row as long as the work lasts. PostgreSQL lets go of it the
moment the process dies, so a dead worker's job is free at once and a living one's never is.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.platform.failures import MailRefused, WorkerLost, is_outage, name_of
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import Bell, remember_owed, transaction

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the job over; this attempt's writes are rolled back."""


class Queue(StrEnum):
    """The lines in which jobs wait: a long one holds none of the others up.

    The values are the broker's names, for `celery worker -Q`.
    """

    DOCUMENTS = "documents"
    MAIL = "mail"
    PERIODIC = "periodic"
    DEFAULT = "gifting"


Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
QUEUES: dict[str, Queue] = {}
"""Which queue each kind of job waits in, as its handler says; the rest wait in the default one."""
PERIODIC: dict[str, tuple[timedelta, Handler]] = {}
LEASE = timedelta(seconds=10)
"""Covers the moment between the claim's commit and the lock of the row; the lock does the rest."""
LONGEST_LEASE = timedelta(minutes=5)
"""A lease that ends later than this was written before the clock was set back: it is void."""
MAX_ATTEMPTS = 8
LOSSES_AT_ONCE = 1
"""So often a job whose worker died starts again without waiting; more may be the job's fault."""
BACKOFF = timedelta(seconds=20)
BACKOFF_LIMIT = timedelta(hours=1)
OUTAGE_LIMIT = timedelta(minutes=10)
"""What waits for a server to come back looks again at least so often, and never gives up."""


def handles(task: str, *, queue: Queue = Queue.DEFAULT) -> Callable[[Handler], Handler]:
    """Register the function that does the job `task`, and where such jobs wait; one per name."""

    def register(handler: Handler) -> Handler:
        if task in HANDLERS:
            raise RuntimeError(f"{task} has two handlers")
        HANDLERS[task], QUEUES[task] = handler, queue
        return handler

    return register


def queue_of(task: str) -> Queue:
    """Return the queue in which jobs of this kind wait."""
    return QUEUES.get(task, Queue.DEFAULT)


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
        remember_owed(Bell(message.id, task))


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
            task, payload = _hold(message_id, attempt)
            HANDLERS[task](**payload, now=now)
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
    is_open = sa.and_(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
    if db.session.scalar(sa.select(OutboxMessage.id).where(is_open)) is None:
        return False
    message = db.session.scalars(
        sa.select(OutboxMessage)
        .where(is_open, _is_free(now))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if message is not None:
        message.available_at = now
        message.gave_up_at = message.leased_until = None
        message.attempts = 0
        db.session.flush()
        remember_owed(Bell(message_id, message.task))
    return True


def list_due(*, now: datetime, limit: int = 1000) -> list[Bell]:
    """Return the jobs that are due, oldest first; running ones may be among them.

    No more than `limit` of each queue, so that a long one does not hide the others.
    """
    return [bell for queue in Queue for bell in _list_due_in(queue, now=now, limit=limit)]


def _list_due_in(queue: Queue, *, now: datetime, limit: int) -> list[Bell]:
    named = [task for task, its_queue in QUEUES.items() if its_queue is queue]
    elsewhere = [task for task, its_queue in QUEUES.items() if its_queue is not queue]
    task = OutboxMessage.task
    waits_here = task.not_in(elsewhere) if queue is Queue.DEFAULT else task.in_(named)
    rows = db.session.execute(
        sa.select(OutboxMessage.id, task)
        .where(_is_due(now), _is_free(now), waits_here)
        .order_by(OutboxMessage.available_at, OutboxMessage.id)
        .limit(limit)
    )
    return [Bell(*row) for row in rows]


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """What was owed for at once is due whatever the clock says since; what waits, when it says."""
    return sa.and_(
        OutboxMessage.done_at.is_(None),
        OutboxMessage.gave_up_at.is_(None),
        sa.or_(
            OutboxMessage.available_at <= now,
            OutboxMessage.available_at == OutboxMessage.created_at,
        ),
    )


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    """Nobody has just claimed it; whether somebody still works on it, the row's lock tells."""
    lease = OutboxMessage.leased_until
    return sa.or_(lease.is_(None), lease < now, lease > now + LONGEST_LEASE)


def _claim(message_id: int, *, now: datetime) -> int | None:
    """Take the lease, unless somebody has it or works on the row, and return the attempt's number.

    A row that is claimed, unlocked and not done was left by a process that died.
    """
    row = db.session.execute(
        sa.select(OutboxMessage.attempts, OutboxMessage.leased_until)
        .where(OutboxMessage.id == message_id, _is_due(now), _is_free(now))
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    attempts, lease = row
    if lease is not None and attempts > LOSSES_AT_ONCE:
        _postpone(message_id, attempts, WorkerLost(f"attempt {attempts}"), now=now)
        return None
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(leased_until=now + LEASE, attempts=attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return int(attempts) + 1


def _hold(message_id: int, attempt: int) -> tuple[str, dict[str, Any]]:
    """Lock the row until the work is committed or the process ends; return what is to be done.

    :raises LeaseLost: if it was claimed again meanwhile
    """
    row = db.session.execute(
        sa.select(OutboxMessage.task, OutboxMessage.payload)
        .where(OutboxMessage.id == message_id, OutboxMessage.attempts == attempt)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise LeaseLost(f"outbox message {message_id} was taken over after attempt {attempt}")
    return row.task, row.payload


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
    """Free the job for a later attempt, or give it up to a person.

    An outage is nobody's fault here and is waited out; a letter that will never be taken is
    given up at once; anything else after the last attempt.
    """
    if is_outage(error):
        limit, is_over = OUTAGE_LIMIT, False
    else:
        limit, is_over = BACKOFF_LIMIT, isinstance(error, MailRefused) or attempt >= MAX_ATTEMPTS
    wait = min(BACKOFF * 4 ** min(attempt - 1, MAX_ATTEMPTS), limit)
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.attempts == attempt)
        .values(
            leased_until=None,
            available_at=now + wait,
            gave_up_at=now if is_over else None,
            last_error=f"{name_of(error)}: {error}"[:2000],
        )
        .execution_options(synchronize_session=False)
    )
    logger.warning("job %s failed at attempt %s: %s", message_id, attempt, name_of(error))
