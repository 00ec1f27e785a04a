"""Reads across slices for the staff: owed jobs and letters."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gifting.billing.models import Invoice
from gifting.orders.models import Order
from gifting.platform import mail
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry, OutboxMessage
from gifting.platform.outbox import LONGEST_LEASE, MAX_ATTEMPTS
from gifting.quotes.models import Quote

PAGE = 50


class JobView(StrEnum):
    """The ways to look at the jobs, from the most urgent."""

    FAILED = "failed"
    RETRYING = "retrying"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class JobRow:
    id: int
    task: str
    payload: dict[str, Any]
    created_at: datetime
    available_at: datetime
    attempts: int
    done_at: datetime | None
    last_error: str | None
    about: str = ""
    """Reference of the quote, order or invoice it is for; empty if it is for none of them."""
    max_attempts: int = MAX_ATTEMPTS

    @property
    def area(self) -> str:
        """The slice that does it."""
        return self.task.partition(".")[0]


@dataclass(frozen=True, slots=True)
class LetterRow:
    id: int
    recipient: str
    subject: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it left. Text and HTML are empty when it left by SMTP and no copy is here.

    `is_personal`: what it says is for its reader alone, and not here either.
    """

    recipient: str
    subject: str
    sent_at: datetime
    text: str
    html: str
    attachments: tuple[tuple[str, int], ...]
    is_personal: bool


def _condition(view: JobView, now: datetime) -> sa.ColumnElement[bool]:
    message = OutboxMessage
    is_open = sa.and_(message.done_at.is_(None), message.gave_up_at.is_(None))
    is_held = sa.and_(
        message.leased_until.is_not(None), message.leased_until >= now - LONGEST_LEASE
    )
    return {
        JobView.FAILED: message.gave_up_at.is_not(None),
        JobView.RETRYING: sa.and_(is_open, sa.not_(is_held), message.last_error.is_not(None)),
        JobView.WAITING: sa.and_(is_open, sa.not_(is_held), message.last_error.is_(None)),
        JobView.RUNNING: sa.and_(is_open, is_held),
        JobView.DONE: message.done_at.is_not(None),
    }[view]


def count_jobs(now: datetime) -> dict[JobView, int]:
    """Count the jobs in every view."""
    counts = db.session.execute(
        sa.select(
            *(
                sa.func.count().filter(sa.func.coalesce(_condition(view, now), sa.false()))
                for view in JobView
            )
        ).select_from(OutboxMessage)
    ).one()
    return dict(zip(JobView, counts, strict=True))


def list_jobs(view: JobView, *, now: datetime, before: int | None = None) -> list[JobRow]:
    """Return a page of jobs, newest first; one more than a page says that there are more."""
    query = sa.select(
        OutboxMessage.id,
        OutboxMessage.task,
        OutboxMessage.payload,
        OutboxMessage.created_at,
        OutboxMessage.available_at,
        OutboxMessage.attempts,
        OutboxMessage.done_at,
        OutboxMessage.last_error,
    ).where(_condition(view, now))
    if before:
        query = query.where(OutboxMessage.id < before)
    rows = db.session.execute(query.order_by(OutboxMessage.id.desc()).limit(PAGE + 1))
    return _with_references([JobRow(*row) for row in rows])


_REFERENCED: dict[str, type[Quote | Order | Invoice]] = {
    "quotes": Quote,
    "orders": Order,
    "billing": Invoice,
}


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


def list_letters(areas: Collection[str], *, before: int | None = None) -> list[LetterRow]:
    """Return a page of these slices' letters, newest first; one more says that there are more."""
    query = sa.select(
        MailLogEntry.id, MailLogEntry.recipient, MailLogEntry.subject, MailLogEntry.sent_at
    ).where(_AREA.in_(areas))
    if before:
        query = query.where(MailLogEntry.id < before)
    rows = db.session.execute(query.order_by(MailLogEntry.id.desc()).limit(PAGE + 1))
    return [LetterRow(*row) for row in rows]


def get_letter(letter_id: int, *, areas: Collection[str], personal: Collection[str]) -> Letter:
    """Return a letter of these slices, with its content where a copy was kept.

    :raises NoResultFound: if there is none
    """
    entry, area = db.session.execute(
        sa.select(MailLogEntry, _AREA).where(MailLogEntry.id == letter_id, _AREA.in_(areas))
    ).one()
    is_personal = area in personal
    message = None if is_personal else _read(mail.kept_copy(entry.message_id))
    return Letter(
        recipient=entry.recipient,
        subject=entry.subject,
        sent_at=entry.sent_at,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=_attachments(message),
        is_personal=is_personal,
    )


_AREA = sa.func.split_part(MailLogEntry.key, ".", 1)
"""The slice a letter is of: keys begin with it."""


def _read(path: Path) -> EmailMessage | None:
    if not path.exists():
        return None
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


def _body(message: EmailMessage | None, kind: str) -> str:
    part = message.get_body((kind,)) if message else None
    return str(part.get_content()) if part else ""


def _attachments(message: EmailMessage | None) -> tuple[tuple[str, int], ...]:
    parts = message.iter_attachments() if message else ()
    return tuple((part.get_filename() or "", len(part.get_content())) for part in parts)
