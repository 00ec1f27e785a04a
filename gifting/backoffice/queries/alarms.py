"""What somebody should be told of: how often it happened, and one case of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from gifting.platform import outbox, periodic, statements, storage, tallies
from gifting.platform.db import db
from gifting.platform.health import BEAT_LIMIT, WAIT_LIMITS
from gifting.platform.models import OutboxMessage

STUCK_AFTER = timedelta(minutes=15)
"""An outage is waited out; one that lasts longer is told of."""
KEY = "backoffice.alarm"


class Alarm(StrEnum):
    FAILED_JOBS = "failed_jobs"
    STUCK_JOBS = "stuck_jobs"
    LATE_QUEUE = "late_queue"
    BEAT_SILENT = "beat_silent"
    PERIODIC_FAILED = "periodic_failed"
    SLOW_QUERIES = statements.SLOW
    STORAGE_DAMAGED = storage.DAMAGED


COUNTED_BY_BROKER = (Alarm.SLOW_QUERIES, Alarm.STORAGE_DAMAGED)


@dataclass(frozen=True, slots=True)
class Matter:
    """What one letter is about. The example names no person."""

    alarm: Alarm
    count: int
    example: str


def key_of(alarm: Alarm, now: datetime) -> str:
    """Return the key of a letter: two of one kind in one hour of the clock cannot be owed."""
    return f"{KEY}:{alarm.value}:{now:%Y%m%d%H}"


def find_told_at(alarm: Alarm, now: datetime) -> datetime | None:
    """Return when the last letter of this kind was owed, if that is a day ago at most."""
    keys = [key_of(alarm, now - timedelta(hours=hours)) for hours in range(25)]
    return db.session.scalar(
        sa.select(sa.func.max(OutboxMessage.created_at)).where(OutboxMessage.key.in_(keys))
    )


def list_matters(now: datetime) -> list[Matter]:
    """Return what is to be told of now, each kind once."""
    found = (*_failed_jobs(now), *_stuck_jobs(now), *_late_queues(now), *_periodic(now))
    return [*found, *_counted_by_broker()]


def _failed_jobs(now: datetime) -> Iterator[Matter]:
    """Those given up since the letter before."""
    since = find_told_at(Alarm.FAILED_JOBS, now) or now - timedelta(days=1)
    rows = db.session.execute(
        sa.select(OutboxMessage.task, OutboxMessage.last_error)
        .where(OutboxMessage.gave_up_at > since, OutboxMessage.archived_at.is_(None))
        .order_by(OutboxMessage.gave_up_at.desc())
        .limit(1000)
    ).all()
    if rows:
        yield Matter(Alarm.FAILED_JOBS, len(rows), f"{rows[0].task}: {rows[0].last_error}")


def _stuck_jobs(now: datetime) -> Iterator[Matter]:
    """Jobs that are tried again and again while something they need is away."""
    count, example = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.max(sa.func.concat(OutboxMessage.task, ": ", OutboxMessage.last_error)),
        ).where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.last_error.is_not(None),
            OutboxMessage.created_at < now - STUCK_AFTER,
        )
    ).one()
    if count:
        yield Matter(Alarm.STUCK_JOBS, count, example)


def _late_queues(now: datetime) -> Iterator[Matter]:
    waits = outbox.list_waits(db.session.connection(), now=now)
    late = [wait for wait in waits if wait.waits(now) > WAIT_LIMITS.get(wait.queue, timedelta.max)]
    if late:
        worst = max(late, key=lambda wait: wait.waits(now))
        minutes = round(worst.waits(now).total_seconds() / 60)
        jobs = sum(wait.jobs for wait in late)
        yield Matter(Alarm.LATE_QUEUE, jobs, f"{worst.queue.value}: {minutes} min")


def _periodic(now: datetime) -> Iterator[Matter]:
    """Beat's own silence, and what of its jobs failed last."""
    last = periodic.list_last()
    relay = last.pop(periodic.RELAY, None)
    if relay and now - relay.started_at > BEAT_LIMIT:
        minutes = round((now - relay.started_at).total_seconds() / 60)
        yield Matter(Alarm.BEAT_SILENT, 1, f"{minutes} min")
    failed = [run for run in last.values() if run.error]
    if failed:
        yield Matter(Alarm.PERIODIC_FAILED, len(failed), f"{failed[0].name}: {failed[0].error}")


def _counted_by_broker() -> Iterator[Matter]:
    for alarm in COUNTED_BY_BROKER:
        trouble = tallies.find_trouble(alarm.value)
        if trouble and trouble.count > 0:
            yield Matter(alarm, trouble.count, trouble.example)
