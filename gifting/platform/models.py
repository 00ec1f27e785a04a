"""Event log, outbox, mail log and number series: what happened, and what is still owed."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gifting.platform.db import Base, Moment


class EventLogEntry(Base):
    """One line of history. Append-only: never updated, never deleted."""

    __tablename__ = "event_log"
    __table_args__ = (sa.Index("ix_event_log_subject_id", "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[Moment]
    actor_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(sa.String(60))
    action: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str] = mapped_column(sa.String(32), default="")
    target: Mapped[str] = mapped_column(sa.String(32), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class OutboxMessage(Base):
    """A job owed to the world, written in the transaction that owes it.

    The row is the job; the broker only carries its id as a wake-up call.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index(
            "ix_outbox_message_open",
            "available_at",
            postgresql_where=sa.text("done_at IS NULL AND gave_up_at IS NULL"),
        ),
        sa.Index(
            "ix_outbox_message_failed",
            "gave_up_at",
            postgresql_where=sa.text("gave_up_at IS NOT NULL AND archived_at IS NULL"),
        ),
        sa.Index(
            "ix_outbox_message_done", "done_at", postgresql_where=sa.text("done_at IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    task: Mapped[str] = mapped_column(sa.String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    available_at: Mapped[Moment]
    leased_until: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[Moment | None]
    gave_up_at: Mapped[Moment | None]
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    """The request or job that owed it: the log's lines of both carry it."""
    archived_at: Mapped[Moment | None]
    """A given-up job that a person put aside; the event log says who and why."""


class PeriodicRun(Base):
    """The last run of one of beat's jobs; the relay's says that beat and a worker are alive."""

    __tablename__ = "periodic_run"

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    error: Mapped[str | None] = mapped_column(sa.Text)


class MailLogEntry(Base):
    """One message that left: its key makes sure that it leaves once."""

    __tablename__ = "mail_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(200))
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(300))
    sent_at: Mapped[Moment]


class NumberSeries(Base):
    """One sequence of document numbers in one year."""

    __tablename__ = "number_series"

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int] = mapped_column(default=0)
    last_date: Mapped[date]


class BackupRun(Base):
    """One backup made, or one played back to prove it: what the status page says of them."""

    __tablename__ = "backup_run"
    __table_args__ = (sa.Index("ix_backup_run_kind_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    """`backup` or `drill`."""
    name: Mapped[str] = mapped_column(sa.String(40))
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    """Bytes of the dump and the files."""
    files: Mapped[int]
    problem: Mapped[str | None] = mapped_column(sa.Text)
    """What was wrong with it, in our own words; empty if nothing was."""
