"""Everything that reads which files are kept; rows leave here as frozen dataclasses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gifting.documents.models import StoredDocument
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class Document:
    """A kept file, by what it is about; its bytes are in the storage under `sha256`."""

    id: int
    subject: str
    kind: str
    revision: int
    company_id: int
    filename: str
    media_type: str
    sha256: str
    size: int
    created_at: datetime


_DOCUMENT = sa.select(
    *(getattr(StoredDocument, name) for name in Document.__dataclass_fields__)
).select_from(StoredDocument)


def get(document_id: int, *, company_id: int | None) -> Document:
    """Return a document; with `company_id`, only one of that company.

    :raises NoResultFound: if there is none
    """
    asked = _DOCUMENT.where(StoredDocument.id == document_id)
    if company_id is not None:
        asked = asked.where(StoredDocument.company_id == company_id)
    return _read(db.session.execute(asked).one())


def find(subject: str, kind: str, revision: int | None = None) -> Document | None:
    """Return the document of this kind, or None; the latest unless a revision is named."""
    asked = _DOCUMENT.where(StoredDocument.subject == subject, StoredDocument.kind == kind)
    if revision is not None:
        asked = asked.where(StoredDocument.revision == revision)
    row = db.session.execute(asked.order_by(StoredDocument.revision.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def list_for(subjects: Collection[str]) -> list[Document]:
    """List the documents of these records, the oldest first."""
    asked = _DOCUMENT.where(StoredDocument.subject.in_(subjects)).order_by(StoredDocument.id)
    return [_read(row) for row in db.session.execute(asked)]


def _read(row: sa.Row[tuple[object, ...]]) -> Document:
    return Document(**row._mapping)  # noqa: SLF001 - its public mapping
