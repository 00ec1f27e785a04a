"""Move a record along its lifecycle and leave the trace."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm.exc import StaleDataError

from gifting.core.lifecycle import Edge, Lifecycle
from gifting.platform import outbox
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class Stateful(Protocol):
    id: Any
    state: Any
    version: Any

    @property
    def subject(self) -> str: ...


def expect_version(record: Stateful, version: int) -> None:
    """Refuse to act on a record that moved on since the user's page was drawn.

    :raises StaleDataError: if it did, as a racing commit would
    """
    if record.version != version:
        raise StaleDataError(f"{record.subject} is at version {record.version}, not {version}")


def create(
    record: Stateful,
    lifecycle: Lifecycle[S, A],
    action: A,
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Bring a new record into its first state: add it, log the event, owe the jobs."""
    edge = lifecycle.create(action)
    record.state = edge.target
    db.session.add(record)
    db.session.flush()
    _trace(record, edge, actor_id=actor_id, now=now, data=data)


def apply(
    record: Stateful,
    lifecycle: Lifecycle[S, A],
    action: A,
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Change the state, log the event and owe the follow-up jobs, all or none.

    :raises TransitionNotAllowed: if the record's state has no such action
    """
    edge = lifecycle.move(record.state, action)
    record.state = edge.target
    db.session.flush()  # a stale version stops here, before anything is owed
    _trace(record, edge, actor_id=actor_id, now=now, data=data)


def log(
    subject: str,
    action: str,
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Write a line of history that changes no state (a message, a document, a view)."""
    db.session.add(
        EventLogEntry(
            happened_at=now, actor_id=actor_id, subject=subject, action=action, data=data or {}
        )
    )


def _trace(
    record: Stateful,
    edge: Edge[S, A],
    *,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None,
) -> None:
    entry = EventLogEntry(
        happened_at=now,
        actor_id=actor_id,
        subject=record.subject,
        action=edge.action,
        source=edge.source or "",
        target=edge.target,
        data=data or {},
    )
    db.session.add(entry)
    db.session.flush()
    for task in edge.emits:
        outbox.owe(task, key=f"{task}:{entry.id}", now=now, record_id=record.id, event_id=entry.id)
