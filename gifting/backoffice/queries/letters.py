"""Letters that left."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import sqlalchemy as sa

from gifting.platform import mail
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry

PAGE = 50


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
        html=_html(message),
        attachments=_attachments(message),
        is_personal=is_personal,
    )


_AREA = sa.func.split_part(MailLogEntry.key, ".", 1)
"""The slice a letter is of: keys begin with it."""


def _read(path: Path) -> EmailMessage | None:
    if not path.exists():
        return None
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


def _html(message: EmailMessage | None) -> str:
    """Return the HTML part with its pictures written into it: a browser knows no `cid:`."""
    html = _body(message, "html")
    for part in message.walk() if message else ():
        if part["Content-ID"] and part.get_content_maintype() == "image":
            content = base64.b64encode(part.get_content()).decode()
            address = f"data:{part.get_content_type()};base64,{content}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", address)
    return html


def _body(message: EmailMessage | None, kind: str) -> str:
    part = message.get_body((kind,)) if message else None
    return str(part.get_content()) if part else ""


def _attachments(message: EmailMessage | None) -> tuple[tuple[str, int], ...]:
    parts = message.iter_attachments() if message else ()
    return tuple((part.get_filename() or "", len(part.get_content())) for part in parts)
