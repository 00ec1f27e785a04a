"""Table of the documents slice."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from gifting.platform.db import Base, Moment


class StoredDocument(Base):
    """A stored file of a record: one per (subject, kind, revision), named by its content's hash."""

    __tablename__ = "stored_document"
    __table_args__ = (sa.UniqueConstraint("subject", "kind", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(40))
    revision: Mapped[int] = mapped_column(default=1)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(60))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    created_at: Mapped[Moment]
