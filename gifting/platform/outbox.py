"""Owe a job in the same transaction as the change that causes it; run it once.

Who runs a job holds the lock of its row as long as the work lasts. PostgreSQL lets go of it the
moment the process dies, so a dead worker's job is free at once and a living one's never is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import perf_counter
from typing import Any, NamedTuple

import sqlalchemy as sa

from gifting.platform import logs, tallies
from gifting.platform.db import db
from gifting.platform.failures import FromBackup, MailRefused, WorkerLost, describe, is_outage
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import Bell, remember_owed, transaction

logger = logs.get(__name__)


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


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    POSTPONED = "postponed"
    GAVE_UP = "gave_up"
    LOST = "lost"


class Claimed(NamedTuple):
    """A job as the attempt knows it that took its lease."""

    task: str
    attempt: int
    request_id: str | None


Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
QUEUES: dict[str, Queue] = {}
"""Which queue each kind of job waits in, as its handler says; the rest wait in the default one."""
PERIODIC: dict[str, tuple[timedelta, Handler]] = {}
RUNG_BY_WORKERS: set[str] = set()
LEASE = timedelta(seconds=2)
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


def every(
    interval: timedelta, name: str, *, by_workers: bool = False
) -> Callable[[Handler], Handler]:
    """Register a function beat runs at an interval, in one transaction; it must bear repeating.

    `by_workers`: each worker rings for it by its own clock, for it looks whether beat is alive.
    """

    def register(handler: Handler) -> Handler:
        if name in PERIODIC:
            raise RuntimeError(f"{name} runs periodically twice")
        PERIODIC[name] = (interval, handler)
        if by_workers:
            RUNG_BY_WORKERS.add(name)
        return handler

    return register


def owe(
    task: str, *, key: str, now: datetime, after: timedelta = timedelta(), **payload: Any
) -> None:
    """Add a job to the outbox, due `after` now. The same `key` twice is an integrity error."""
    message = OutboxMessage(
        task=task,
        key=key,
        payload=payload,
        created_at=now,
        available_at=now + after,
        request_id=logs.request_id(),
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
        job = _claim(message_id, now=now)
    if job is None:
        return False
    logs.begin(job=message_id, request_id=job.request_id)
    started = perf_counter()
    try:
        with transaction():
            payload = _hold(message_id, job.attempt)
            HANDLERS[job.task](**payload, now=now)
            _finish(message_id, job.attempt, payload, now=now)
    except LeaseLost:
        _report(job, Outcome.LOST, started)
        raise
    except Exception as error:
        with transaction():
            outcome = _postpone(message_id, job.attempt, error, now=now)
        _report(job, outcome, started, error)
        raise
    _report(job, Outcome.DONE, started)
    return True


def _report(job: Claimed, outcome: Outcome, started: float, error: Exception | None = None) -> None:
    """Write the one line that every attempt leaves in the log."""
    seconds = perf_counter() - started
    tallies.add("jobs", task=job.task, outcome=outcome.value)
    tallies.add("job_seconds", seconds, task=job.task)
    log = logger.info if outcome is Outcome.DONE else logger.warning
    log(
        "job",
        task=job.task,
        attempt=job.attempt,
        queue=queue_of(job.task).value,
        ms=round(seconds * 1000),
        outcome=outcome.value,
        exc_info=error,
    )


def retry(message_id: int, *, now: datetime) -> bool:
    """Make an open job due again from its first attempt; tell whether it is open.

    A job that a worker holds is running already and is left to it: its attempts count on, or
    the number would fence nothing off.
    """
    is_open = sa.and_(
        OutboxMessage.id == message_id,
        OutboxMessage.done_at.is_(None),
        OutboxMessage.archived_at.is_(None),
    )
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


def hold_due(connection: sa.Connection, *, backup: str, now: datetime) -> int:
    """Give every job that is due up to a person, in a database restored from this backup; count.

    Nobody knows any more which of them were done after the backup was made.
    """
    held = connection.execute(
        sa.update(OutboxMessage)
        .where(_is_due(now))
        .values(
            gave_up_at=now,
            leased_until=None,
            last_error=describe(FromBackup(f"open in the backup {backup}")),
        )
    )
    return held.rowcount


def archive(message_id: int, *, now: datetime) -> bool:
    """Put a given-up job aside for good, with nobody's words; tell whether there was one."""
    message = db.session.scalars(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.gave_up_at.is_not(None),
            OutboxMessage.done_at.is_(None),
            OutboxMessage.archived_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if message is None:
        return False
    message.archived_at = now
    message.payload = _numbers_of(message.payload)
    return True


def purge(*, before: datetime, limit: int) -> int:
    """Delete the oldest jobs that were done before this moment, so many at most; count them."""
    old = (
        sa.select(OutboxMessage.id)
        .where(OutboxMessage.done_at < before)
        .order_by(OutboxMessage.done_at)
        .limit(limit)
    )
    rows = db.session.execute(
        sa.delete(OutboxMessage)
        .where(OutboxMessage.id.in_(old))
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


def list_due(*, now: datetime, limit: int = 1000) -> list[Bell]:
    """Return the jobs that are due, oldest first; running ones may be among them.

    No more than `limit` of each queue, so that a long one does not hide the others.
    """
    used = [queue for queue in Queue if queue in {Queue.DEFAULT, *QUEUES.values()}]
    return [bell for queue in used for bell in _list_due_in(queue, now=now, limit=limit)]


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


@dataclass(frozen=True, slots=True)
class Wait:
    """What stands in a queue and could be done: how many jobs, and since when the oldest."""

    queue: Queue
    jobs: int
    since: datetime | None

    def waits(self, now: datetime) -> timedelta:
        """Return how long the oldest has waited."""
        return max(now - self.since, timedelta()) if self.since else timedelta()


def list_waits(connection: sa.Connection, *, now: datetime) -> list[Wait]:
    """Return what waits in each queue, empty ones too; reads the open jobs and no others."""
    rows = connection.execute(
        sa.select(OutboxMessage.task, sa.func.count(), sa.func.min(OutboxMessage.available_at))
        .where(_is_due(now), OutboxMessage.leased_until.is_(None))
        .group_by(OutboxMessage.task)
    ).all()
    waits = []
    for queue in Queue:
        here = [(jobs, since) for task, jobs, since in rows if queue_of(task) is queue]
        since = min((since for _jobs, since in here), default=None)
        waits.append(Wait(queue, sum(jobs for jobs, _since in here), since))
    return waits


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


def _claim(message_id: int, *, now: datetime) -> Claimed | None:
    """Take the lease, unless somebody has it or works on the row.

    A row that is claimed, unlocked and not done was left by a process that died.
    """
    row = db.session.execute(
        sa.select(
            OutboxMessage.task,
            OutboxMessage.attempts,
            OutboxMessage.leased_until,
            OutboxMessage.request_id,
        )
        .where(OutboxMessage.id == message_id, _is_due(now), _is_free(now))
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    task, attempts, lease, request_id = row
    if lease is not None and attempts > LOSSES_AT_ONCE:
        loss = WorkerLost(f"attempt {attempts}")
        outcome = _postpone(message_id, attempts, loss, now=now)
        _report(Claimed(task, attempts, request_id), outcome, perf_counter(), loss)
        return None
    db.session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(leased_until=now + LEASE, attempts=attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return Claimed(task, attempts + 1, request_id)


def _hold(message_id: int, attempt: int) -> dict[str, Any]:
    """Lock the row until the work is committed or the process ends; return what is to be done.

    :raises LeaseLost: if it was claimed again meanwhile
    """
    payload = db.session.scalar(
        sa.select(OutboxMessage.payload)
        .where(OutboxMessage.id == message_id, OutboxMessage.attempts == attempt)
        .with_for_update()
    )
    if payload is None:
        raise LeaseLost(f"outbox message {message_id} was taken over after attempt {attempt}")
    return dict(payload)


def _finish(message_id: int, attempt: int, payload: dict[str, Any], *, now: datetime) -> None:
    """Mark the job done, unless a later attempt owns it: the number is a fence.

    Of what it was given the numbers of rows stay; words may be somebody's, and are done with.
    """
    finished = db.session.scalar(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.attempts == attempt,
            OutboxMessage.done_at.is_(None),
        )
        .values(done_at=now, leased_until=None, last_error=None, payload=_numbers_of(payload))
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if finished is None:
        raise LeaseLost(f"outbox message {message_id} was taken over after attempt {attempt}")


def _numbers_of(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if isinstance(value, int)}


def _postpone(message_id: int, attempt: int, error: Exception, *, now: datetime) -> Outcome:
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
            last_error=describe(error),
        )
        .execution_options(synchronize_session=False)
    )
    return Outcome.GAVE_UP if is_over else Outcome.POSTPONED
