"""Owed jobs: what failed, what waits, what runs, and what was finished in the last day.

However many jobs were ever done, a page reads the open and the failed ones and one day of the
rest, each through an index of its own.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from gifting.billing.models import Invoice
from gifting.orders.models import Order
from gifting.platform.addresses import read_id
from gifting.platform.counting import count_few
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.outbox import LEASE, LONGEST_LEASE, MAX_ATTEMPTS, QUEUES, Queue, queue_of
from gifting.quotes.models import Quote

SHOWN = 50
DONE_WITHIN = timedelta(hours=24)
"""Finished jobs are shown so long; what they made is found with what they were for."""


class JobView(StrEnum):
    """The ways to look at the jobs, from the most urgent."""

    FAILED = "failed"
    RETRYING = "retrying"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


WATCHED = (JobView.FAILED, JobView.RETRYING, JobView.RUNNING)
"""What is worth a look; the page without a view shows these together."""


@dataclass(frozen=True, slots=True)
class JobRow:
    id: int
    task: str
    payload: dict[str, Any]
    created_at: datetime
    available_at: datetime
    leased_until: datetime | None
    attempts: int
    done_at: datetime | None
    gave_up_at: datetime | None
    last_error: str | None
    request_id: str | None
    view: JobView
    about: str = ""
    """Reference of the quote, order or invoice it is for; empty if it is for none of them."""
    max_attempts: int = MAX_ATTEMPTS

    @property
    def area(self) -> str:
        """The slice that does it."""
        return self.task.partition(".")[0]

    @property
    def queue(self) -> Queue:
        return queue_of(self.task)

    @property
    def failure(self) -> str:
        """The name of what went wrong, as in `platform.failures`; empty if nothing did."""
        return (self.last_error or "").partition(":")[0]

    @property
    def since(self) -> datetime:
        """Since when it is as it is."""
        if self.view is JobView.RUNNING and self.leased_until:
            return self.leased_until - LEASE
        return self.done_at or self.gave_up_at or self.created_at


@dataclass(frozen=True, slots=True)
class JobPage:
    rows: list[JobRow]
    next: int | None
    """The id before which the next page begins."""


def _condition(view: JobView, now: datetime) -> sa.ColumnElement[bool]:
    message = OutboxMessage
    is_open = sa.and_(message.done_at.is_(None), message.gave_up_at.is_(None))
    is_held = sa.func.coalesce(message.leased_until >= now - LONGEST_LEASE, sa.false())
    return {
        JobView.FAILED: sa.and_(message.gave_up_at.is_not(None), message.archived_at.is_(None)),
        JobView.RETRYING: sa.and_(is_open, sa.not_(is_held), message.last_error.is_not(None)),
        JobView.WAITING: sa.and_(is_open, sa.not_(is_held), message.last_error.is_(None)),
        JobView.RUNNING: sa.and_(is_open, is_held),
        JobView.DONE: message.done_at >= now - DONE_WITHIN,
    }[view]


def count_jobs(now: datetime) -> dict[JobView, int]:
    """Count the jobs in every view, those of a long one up to a bound."""
    counts = [count_few(OutboxMessage.id, _condition(view, now)) for view in JobView]
    return dict(zip(JobView, db.session.execute(sa.select(*counts)).one(), strict=True))


def list_jobs(
    view: JobView | None,
    *,
    now: datetime,
    search: str = "",
    queue: Queue | None = None,
    before: int | None = None,
) -> JobPage:
    """Return a page of jobs, newest first; without a view those worth a look, gravest first."""
    rows: list[JobRow] = []
    for one in (view,) if view else WATCHED:
        query = sa.select(*_COLUMNS).where(_condition(one, now))
        if search:
            query = query.where(_matches(search))
        if queue:
            query = query.where(_waits_in(queue))
        if before:
            query = query.where(OutboxMessage.id < before)
        limit = SHOWN + 1 - len(rows)
        found = db.session.execute(query.order_by(OutboxMessage.id.desc()).limit(limit))
        rows += [_row(row, one) for row in found]
    is_longer = len(rows) > SHOWN
    rows = _with_references(rows[:SHOWN])
    return JobPage(rows, rows[-1].id if is_longer and view else None)


def find_failed(job_id: int, *, now: datetime) -> JobRow | None:
    """Return a job that was given up and not put aside."""
    condition = sa.and_(OutboxMessage.id == job_id, _condition(JobView.FAILED, now))
    row = db.session.execute(sa.select(*_COLUMNS).where(condition)).one_or_none()
    return _with_references([_row(row, JobView.FAILED)])[0] if row else None


_COLUMNS = (
    OutboxMessage.id,
    OutboxMessage.task,
    OutboxMessage.payload,
    OutboxMessage.created_at,
    OutboxMessage.available_at,
    OutboxMessage.leased_until,
    OutboxMessage.attempts,
    OutboxMessage.done_at,
    OutboxMessage.gave_up_at,
    OutboxMessage.last_error,
    OutboxMessage.request_id,
)


def _row(row: sa.Row[Any], view: JobView) -> JobRow:
    return JobRow(**row._mapping, view=view)  # noqa: SLF001 - its public name has an underscore


_REFERENCED: dict[str, type[Quote | Order | Invoice]] = {
    "quotes": Quote,
    "orders": Order,
    "billing": Invoice,
}
_JOB_NUMBER = re.compile(r"(?:J-)?(\d+)", re.IGNORECASE)


def _matches(search: str) -> sa.ColumnElement[bool]:
    """Take what was searched for as a job's number or as the reference of what it is for."""
    chances = []
    number = _JOB_NUMBER.fullmatch(search)
    if number:
        try:
            chances.append(OutboxMessage.id == read_id(number[1]))
        except ValueError:
            return sa.false()
    for area, model in _REFERENCED.items():
        record_id = db.session.scalar(sa.select(model.id).where(model.reference == search.upper()))
        if record_id is not None:
            is_for_it = OutboxMessage.payload["record_id"].astext == str(record_id)
            chances.append(sa.and_(OutboxMessage.task.startswith(f"{area}."), is_for_it))
    return sa.or_(*chances) if chances else sa.false()


def _waits_in(queue: Queue) -> sa.ColumnElement[bool]:
    if queue is Queue.DEFAULT:
        return OutboxMessage.task.not_in([t for t, q in QUEUES.items() if q is not queue])
    return OutboxMessage.task.in_(
        [task for task, its_queue in QUEUES.items() if its_queue is queue]
    )


def _with_references(rows: list[JobRow]) -> list[JobRow]:
    """Say of each job what it is for, with one query for each kind of record on the page."""
    references: dict[tuple[str, int], str] = {}
    for area, model in _REFERENCED.items():
        ids = {row.payload["record_id"] for row in rows if row.area == area}
        if ids:
            found = db.session.execute(
                sa.select(model.id, model.reference).where(model.id.in_(ids))
            )
            references |= {(area, number): reference or "" for number, reference in found}
    return [
        replace(row, about=references.get((row.area, row.payload.get("record_id", 0)), ""))
        for row in rows
    ]
