"""Bring a database up to date: safe on two hosts at once, and while the last version serves."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask_migrate import upgrade
from psycopg.errors import LockNotAvailable

from gifting.platform.embedded import APPLICATION

logger = logging.getLogger(__name__)

LOCK = 817
ATTEMPTS = 10
WAIT_SECONDS = 3.0
ASK_SECONDS = 0.5
ROW_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
RIGHTS = (
    f"GRANT USAGE ON SCHEMA public TO {APPLICATION}",
    f"GRANT {ROW_RIGHTS} ON ALL TABLES IN SCHEMA public TO {APPLICATION}",
    f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}",
    f"REVOKE UPDATE, DELETE ON event_log FROM {APPLICATION}",
    f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {APPLICATION}",
)


def prepare(admin_url: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
    """Migrate and give the application's role its rights; another host that does it is waited for.

    :raises OperationalError: if a table stayed locked through every attempt
    """
    with _alone(admin_url):
        _migrate(wait_seconds)
        grant_to_application(admin_url)


def _migrate(wait_seconds: float) -> None:
    """Migrate; where a table is busy, let those through who wait behind us and try again.

    A migration that waits for its lock makes everybody wait who comes after it: so it gives up
    after the few seconds of `migrations/env.py`, and steps back.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            upgrade()
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable) or attempt == ATTEMPTS:
                raise
            logger.warning("a table is busy: attempt %s of %s gave way", attempt, ATTEMPTS)
            time.sleep(wait_seconds)
        else:
            return


def grant_to_application(admin_url: str) -> None:
    """Let the application's role read and write rows, and nothing else, if there is such a role.

    One transaction: while it lasts, the last version's rights stay what they were.
    """
    engine = sa.create_engine(admin_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        known = sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role")
        if connection.scalar(known, {"role": APPLICATION}):
            for statement in RIGHTS:
                connection.execute(sa.text(statement))
    engine.dispose()


@contextmanager
def _alone(admin_url: str) -> Iterator[None]:
    """Hold the lock that one host holds at a time; whoever comes second finds nothing to do.

    It asks again and again: a statement that waited for the lock would keep its snapshot, and an
    index that is built concurrently waits for every older snapshot. Each would wait for the other.
    """
    engine = sa.create_engine(admin_url, poolclass=sa.NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({LOCK})")):
            time.sleep(ASK_SECONDS)
        yield
    engine.dispose()
