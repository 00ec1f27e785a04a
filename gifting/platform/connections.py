"""How many connections all processes may open, against how many PostgreSQL gives."""

import logging

import sqlalchemy as sa

from config import Settings

logger = logging.getLogger(__name__)

LIMIT = sa.text(
    "SELECT current_setting('max_connections')::int"
    " - current_setting('superuser_reserved_connections')::int"
    " - current_setting('reserved_connections')::int"
)
KEPT_FREE = 5
"""For the migration, the backup and a person who looks."""


def warn_of_shortage(engine: sa.Engine, settings: Settings) -> None:
    """Say in the log if a busy hour would be refused connections, or that nobody counted."""
    if not settings.database_processes:
        logger.warning("DATABASE_PROCESSES is not set: nobody checks that the connections suffice")
        return
    with engine.connect() as connection:
        limit = connection.scalar(LIMIT) or 0
    wanted = settings.database_processes * settings.database_connections + KEPT_FREE
    if wanted > limit:
        logger.warning(
            "%s processes may open %s connections each, and %s stay free for commands: %s in all,"
            " but PostgreSQL gives %s; lower DATABASE_CONNECTIONS or raise max_connections",
            settings.database_processes,
            settings.database_connections,
            KEPT_FREE,
            wanted,
            limit,
        )
