"""Which of beat's jobs ran last when, and how it ended: one row each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gifting.platform import clock, logs
from gifting.platform.db import db
from gifting.platform.failures import describe
from gifting.platform.models import PeriodicRun
from gifting.platform.uow import transaction

logger = logs.get(__name__)
RELAY = "relay"


@dataclass(frozen=True, slots=True)
class LastRun:
    """`ended_at` None: it runs now, or its worker died."""

    name: str
    started_at: datetime
    ended_at: datetime | None
    error: str | None


@contextmanager
def recorded(name: str) -> Iterator[None]:
    """Write down when the block began and how it ended, whatever becomes of its transaction."""
    logs.begin(periodic=name)
    started = perf_counter()
    _write(name, started_at=clock.now(), ended_at=None, error=None)
    try:
        yield
    except Exception as error:
        _end(name, started, error)
        raise
    _end(name, started, None)


def _end(name: str, started: float, error: Exception | None) -> None:
    log = logger.warning if error else logger.debug if name == RELAY else logger.info
    ms = round((perf_counter() - started) * 1000)
    log("periodic job", ms=ms, outcome="failed" if error else "done", exc_info=error)
    _write(name, ended_at=clock.now(), error=describe(error) if error else None)


def _write(name: str, **values: Any) -> None:
    row = {"name": name, "started_at": clock.now(), **values}
    with transaction():
        db.session.execute(
            insert(PeriodicRun)
            .values(row)
            .on_conflict_do_update(index_elements=[PeriodicRun.name], set_=values)
        )


def list_last() -> dict[str, LastRun]:
    """Return the last run of every periodic job that ever ran, by name."""
    rows = db.session.execute(
        sa.select(PeriodicRun.name, PeriodicRun.started_at, PeriodicRun.ended_at, PeriodicRun.error)
    )
    return {row.name: LastRun(*row) for row in rows}
