"""The state of the whole: letters, the last hours, what runs at its times."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from gifting.platform import outbox, periodic
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry, OutboxMessage
from gifting.platform.outbox import QUEUES, Queue
from gifting.platform.periodic import LastRun

HOURS = 12


@dataclass(frozen=True, slots=True)
class PostState:
    """When a letter last left, and how many wait to be tried again."""

    last_at: datetime | None
    retrying: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What keeps open jobs from being done, by its name in `platform.failures`.

    `jobs` wait for it, `given_up` of them for a person.
    """

    name: str
    jobs: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Hour:
    """What ended in one hour of the clock."""

    begins_at: datetime
    done: int
    failed: int


def get_post_state() -> PostState:
    """Read how the letters fare."""
    last_at = db.session.scalar(
        sa.select(MailLogEntry.sent_at).order_by(MailLogEntry.id.desc()).limit(1)
    )
    letters = [task for task, queue in QUEUES.items() if queue is Queue.MAIL]
    retrying = db.session.scalar(
        sa.select(sa.func.count()).where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.last_error.is_not(None),
            OutboxMessage.task.in_(letters),
        )
    )
    return PostState(last_at, retrying or 0)


def list_failures() -> list[Failure]:
    """Return what keeps jobs from being done now, what was given up to a person first."""
    message = OutboxMessage
    given_up = _by_failure(message.gave_up_at.is_not(None), message.archived_at.is_(None))
    waiting = _by_failure(message.done_at.is_(None), message.gave_up_at.is_(None))
    return [
        Failure(name, waiting[name] + given_up[name], given_up[name])
        for name in dict.fromkeys([*given_up, *waiting])
    ]


def _by_failure(*which: sa.ColumnElement[bool]) -> Counter[str]:
    """Count the jobs of one index that failed, by the name of the failure."""
    name = sa.func.split_part(OutboxMessage.last_error, ":", 1)
    rows = db.session.execute(
        sa.select(name, sa.func.count())
        .where(*which, OutboxMessage.last_error.is_not(None))
        .group_by(name)
        .order_by(sa.func.count().desc(), name)
    )
    return Counter({found: count for found, count in rows})  # noqa: C416 - as below


def list_hours(now: datetime) -> list[Hour]:
    """Count what was done and what was given up in each of the last hours, the present one last."""
    present = now.replace(minute=0, second=0, microsecond=0)
    first = present - timedelta(hours=HOURS - 1)
    done = _by_hour(OutboxMessage.done_at, first)
    failed = _by_hour(OutboxMessage.gave_up_at, first, OutboxMessage.archived_at.is_(None))
    hours = [first + timedelta(hours=number) for number in range(HOURS)]
    return [Hour(hour, done.get(hour, 0), failed.get(hour, 0)) for hour in hours]


def _by_hour(
    moment: InstrumentedAttribute[datetime | None], first: datetime, *which: sa.ColumnElement[bool]
) -> dict[datetime, int]:
    hour = sa.func.date_trunc("hour", moment, "UTC")
    rows = db.session.execute(
        sa.select(hour, sa.func.count()).where(moment >= first, *which).group_by(sa.text("1"))
    )
    return {found: count for found, count in rows}  # noqa: C416 - rows are no pairs to the types


def list_schedule() -> list[tuple[str, LastRun | None]]:
    """Return every job of beat's with its last run, None if it never ran."""
    last = periodic.list_last()
    return [(name, last.get(name)) for name in sorted(outbox.PERIODIC)]
