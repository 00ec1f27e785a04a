"""Counts beside lists: exact while there are few, and never a walk through all there is."""

from typing import Any

import sqlalchemy as sa

MOST = 1_000
"""What is counted; one more says that there are more (the format `tally` writes «1.000+»)."""


def count_few(column: sa.SQLColumnExpression[Any], *where: sa.ColumnElement[bool]) -> Any:
    """Return the scalar subquery that counts the rows, but no more than `MOST` and one."""
    few = sa.select(column).where(*where).limit(MOST + 1).subquery()
    return sa.select(sa.func.count()).select_from(few).scalar_subquery()
