"""Count what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from gifting.platform.db import db


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """Yield a list that the statements run inside the block are added to."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
