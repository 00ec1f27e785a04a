"""The state of the whole: letters, the last hours, what runs at its times."""

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
    """When a letter last left, how many wait to be tried again, and why the last of these does."""

    last_at: datetime | None
    retrying: int
    failure: str


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
    retrying, error = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(OutboxMessage.last_error)).where(
            OutboxMessage.done_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.last_error.is_not(None),
            OutboxMessage.task.in_(letters),
        )
    ).one()
    return PostState(last_at, retrying, (error or "").partition(":")[0])


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
