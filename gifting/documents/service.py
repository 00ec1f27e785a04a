"""Files of a record, kept once: the same key always means the same bytes."""

from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gifting.documents import queries
from gifting.documents.models import StoredDocument
from gifting.documents.queries import Document
from gifting.platform import storage
from gifting.platform.db import db

PDF = "application/pdf"
_FILENAME_LENGTH = 120


class DocumentAlreadyKept(Exception):
    """Other bytes are already kept under this subject, kind and revision."""


def keep(
    *,
    subject: str,
    kind: str,
    company_id: int,
    filename: str,
    content: bytes,
    now: datetime,
    revision: int = 1,
    media_type: str = PDF,
) -> Document:
    """Store the bytes and file them under (subject, kind, revision).

    Keeping the same bytes again changes nothing and returns the row that is there.

    :raises DocumentAlreadyKept: if other bytes are there
    """
    sha256 = storage.store(content)
    db.session.execute(
        insert(StoredDocument)
        .values(
            subject=subject,
            kind=kind,
            revision=revision,
            company_id=company_id,
            filename=tidy_filename(filename),
            media_type=media_type,
            sha256=sha256,
            size=len(content),
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["subject", "kind", "revision"])
    )
    kept = queries.find(subject, kind, revision)
    if kept is None:
        raise sa.exc.NoResultFound(f"{subject} {kind} {revision}")
    if (kept.sha256, kept.company_id) != (sha256, company_id):
        raise DocumentAlreadyKept(f"{subject} {kind} {revision}")
    return kept


def keep_once(
    *,
    subject: str,
    kind: str,
    company_id: int,
    filename: str,
    render: Callable[[], bytes],
    now: datetime,
    revision: int = 1,
) -> bytes:
    """Return the bytes kept under (subject, kind, revision), rendering and keeping them first.

    A job that runs again, even after an upgrade that would print the page otherwise, sends what
    was kept.

    :raises StoredFileDamaged: if what was kept is no longer itself
    """
    kept = queries.find(subject, kind, revision)
    if kept is not None and kept.company_id == company_id:
        return storage.load(kept.sha256)
    content = render()
    keep(
        subject=subject,
        kind=kind,
        revision=revision,
        company_id=company_id,
        filename=filename,
        content=content,
        now=now,
    )
    return content


def tidy_filename(filename: str) -> str:
    """Drop folders and unprintable characters; shorten the stem and keep the suffix."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    path = PurePosixPath("".join(c for c in name if c.isprintable()) or "documento")
    suffix = path.suffix[:10]
    return path.stem[: _FILENAME_LENGTH - len(suffix)] + suffix
