"""The job that sends a revision, as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes.models import (
    QuoteRevision,
)

RENDER_TASK = "quotes.render_and_send"


class SendState(StrEnum):
    """Where the sending of a revision stands."""

    WAITING = "waiting"
    FAILING = "failing"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True)
class SendJob:
    """The job that renders and sends a revision; `error` is of its last attempt."""

    message_id: int
    state: SendState
    attempts: int
    error: str
    requested_at: datetime
    next_attempt_at: datetime


def send_key(revision: QuoteRevision) -> str:
    """Return the key of the job that sends this revision as it was when sending was asked for."""
    moment = revision.send_requested_at
    return f"{RENDER_TASK}:{revision.id}:{int(moment.timestamp() * 1000) if moment else 0}"


def find_send_job(revision: QuoteRevision) -> SendJob | None:
    """Return the sending that is under way, or None."""
    if revision.send_requested_at is None or revision.sent_at is not None:
        return None
    job = db.session.scalar(
        sa.select(OutboxMessage).where(
            OutboxMessage.key == send_key(revision), OutboxMessage.done_at.is_(None)
        )
    )
    if job is None:
        return None
    if job.gave_up_at is not None:
        state = SendState.GAVE_UP
    else:
        state = SendState.FAILING if job.last_error else SendState.WAITING
    return SendJob(
        message_id=job.id,
        state=state,
        attempts=job.attempts,
        error=job.last_error or "",
        requested_at=job.created_at,
        next_attempt_at=job.available_at,
    )


def list_failing_sends(revisions: Iterable[QuoteRevision]) -> frozenset[int]:
    """Return the ids of those revisions whose sending failed at its last attempt."""
    keys = {send_key(revision): revision.id for revision in revisions}
    if not keys:
        return frozenset()
    failing = db.session.scalars(
        sa.select(OutboxMessage.key).where(
            OutboxMessage.key.in_(keys),
            OutboxMessage.done_at.is_(None),
            OutboxMessage.last_error.is_not(None),
        )
    )
    return frozenset(keys[key] for key in failing)
