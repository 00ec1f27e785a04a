"""Whether each part the product stands on works, asked quickly and told without details."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from time import perf_counter
from typing import Any

import redis
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from gifting.platform import broker, deaths, outbox, periodic, storage, workers
from gifting.platform.db import db
from gifting.platform.failures import StorageAway, StorageFull, name_of
from gifting.platform.models import PeriodicRun
from gifting.platform.outbox import Queue

ANSWER_MS = 2000
"""So long the database may take to answer a question about itself."""
BEAT_LIMIT = timedelta(seconds=90)
CLOCK_LIMIT = timedelta(minutes=1)
"""So far this host's clock and the database's may be apart."""
DEATHS_SHOWN = timedelta(minutes=10)
"""So long a process of the web server that was killed is told of."""
DISK_LIMIT_PERCENT = 90
WAIT_LIMITS = {
    Queue.DOCUMENTS: timedelta(minutes=5),
    Queue.MAIL: timedelta(minutes=5),
    Queue.DEFAULT: timedelta(minutes=2),
}
"""How long a job may wait in its queue before somebody should look."""


class Part(StrEnum):
    DATABASE = "database"
    MIGRATIONS = "migrations"
    BROKER = "broker"
    STORAGE = "storage"
    DISK = "disk"
    CLOCK = "clock"
    WEB = "web"
    BEAT = "beat"
    WORKERS = "workers"
    QUEUES = "queues"


ESSENTIAL = frozenset({Part.DATABASE, Part.MIGRATIONS})
"""Without these no page can be served; with any other part away work goes on or waits."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part; the facts are for the staff."""

    part: Part
    is_ok: bool
    facts: dict[str, Any] = field(default_factory=dict)


def examine(now: datetime) -> dict[Part, Finding]:
    """Ask every part. Each has its time limit; one that fails hides no other."""
    switchboard = _ask(Part.BROKER, _examine_broker)
    found = (
        _examine_database(),
        *_examine_tables(now),
        switchboard,
        _ask(Part.STORAGE, storage.probe),
        _ask(Part.DISK, _examine_disk),
        _ask(Part.WEB, lambda: _examine_web(now)),
        _ask(Part.WORKERS, lambda: _examine_workers(now))
        if switchboard.is_ok
        else Finding(Part.WORKERS, is_ok=False),  # it would only keep us waiting once more
    )
    return {finding.part: finding for finding in found}


def _ask(part: Part, question: Callable[[], tuple[bool, dict[str, Any]]]) -> Finding:
    try:
        return Finding(part, *question())
    except (redis.RedisError, OSError, StorageAway, StorageFull) as error:
        return Finding(part, is_ok=False, facts={"failure": name_of(error)})


def _examine_database() -> Finding:
    started = perf_counter()
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except (SQLAlchemyError, NoConnectionFree):
        return Finding(Part.DATABASE, is_ok=False)
    return Finding(Part.DATABASE, is_ok=True, facts={"ms": (perf_counter() - started) * 1000})


def _examine_tables(now: datetime) -> list[Finding]:
    """Read from the database how the others are; without it nothing is known of them."""
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"SET LOCAL statement_timeout = {ANSWER_MS}"))
            version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            beat_at = connection.scalar(
                sa.select(PeriodicRun.started_at).where(PeriodicRun.name == periodic.RELAY)
            )
            waits = outbox.list_waits(connection, now=now)
            ahead = now - connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    except (SQLAlchemyError, NoConnectionFree):
        untold = (Part.MIGRATIONS, Part.BEAT, Part.QUEUES, Part.CLOCK)
        return [Finding(part, is_ok=False) for part in untold]
    late = [wait for wait in waits if wait.waits(now) > WAIT_LIMITS.get(wait.queue, timedelta.max)]
    return [
        Finding(Part.MIGRATIONS, is_ok=version not in _outdated()),
        Finding(
            Part.BEAT,
            is_ok=beat_at is not None and now - beat_at < BEAT_LIMIT,
            facts={"at": beat_at},
        ),
        Finding(Part.QUEUES, is_ok=not late, facts={"waits": waits}),
        Finding(Part.CLOCK, is_ok=abs(ahead) < CLOCK_LIMIT, facts={"ahead": ahead}),
    ]


@lru_cache(maxsize=1)
def _outdated() -> frozenset[str | None]:
    """Return the versions of the schema that lack something this code needs.

    One that this code does not know is newer: during an upgrade the migration runs first, and
    this code must go on serving (docs/migrations.md).
    """
    folder = current_app.extensions["migrate"].directory
    _newest, *older = (script.revision for script in ScriptDirectory(folder).walk_revisions())
    return frozenset({*older, None})


def _examine_broker() -> tuple[bool, dict[str, Any]]:
    return bool(broker.client().ping()), {}


def _examine_disk() -> tuple[bool, dict[str, Any]]:
    usage = shutil.disk_usage(current_app.config["SETTINGS"].instance)
    percent = round(100 * (1 - usage.free / usage.total))
    return percent < DISK_LIMIT_PERCENT, {"percent": percent}


def _examine_web(now: datetime) -> tuple[bool, dict[str, Any]]:
    """Ask whether processes of this host's web server were killed of late."""
    killed = deaths.count(since=now - DEATHS_SHOWN)
    return not killed, {"killed": killed}


def _examine_workers(now: datetime) -> tuple[bool, dict[str, Any]]:
    """Ask for a living worker for every queue."""
    seen = workers.list_seen(now=now)
    served = {queue for worker in seen if worker.is_alive(now) for queue in worker.queues}
    return served >= {queue.value for queue in Queue}, {"workers": seen}
