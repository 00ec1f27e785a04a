"""Run migrations as the owner of the schema, with short waits for locks.

Everybody who needs a table waits behind a migration that waits for it. So it waits a few seconds
only; `gifting/web/rights.py` tries again. See docs/migrations.md.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from gifting.platform.db import Base, UtcDateTime

LOCK_TIMEOUT = current_app.config.get("MIGRATION_LOCK_TIMEOUT", "4s")
STATEMENT_TIMEOUT = "15min"


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types in migrations as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate online; there is no offline mode."""
    engine = sa.create_engine(current_app.config["DATABASE_ADMIN_URL"], poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
            context.run_migrations()


run()
