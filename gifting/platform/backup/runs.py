"""What the status page may say of backups."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.platform.models import BackupRun


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup, and the newest one that was played back whole."""

    made_at: datetime | None
    size: int
    files: int
    problem: str
    verified_at: datetime | None


def get_last() -> LastBackup:
    """Return what is known of the newest backup; all empty if none was ever made."""
    made = _newest("backup", BackupRun.id.is_not(None))
    drilled = _newest("drill", BackupRun.problem.is_(None))
    return LastBackup(
        made_at=made.ended_at if made else None,
        size=made.size if made else 0,
        files=made.files if made else 0,
        problem=(made.problem or "") if made else "",
        verified_at=drilled.ended_at if drilled else None,
    )


def _newest(kind: str, condition: sa.ColumnElement[bool]) -> BackupRun | None:
    return db.session.scalar(
        sa.select(BackupRun)
        .where(BackupRun.kind == kind, condition)
        .order_by(BackupRun.id.desc())
        .limit(1)
    )
