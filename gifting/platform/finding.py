"""Pages of lists, however much lies behind them.

An OR over tables or an IN over states comes out of no index in the order of the list: the database
would read all there is. So each way into a page is asked for by itself, and the page cut from
these.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

SEARCHED = 5_000
"""Rows that a search for words reads, from where the page begins: several seasons of them."""

Page = sa.Select[int]
"""Ids in the order of a list, from where a page of it begins, and cut."""


def each_way(page: Page, ways: Sequence[sa.ColumnElement[bool]]) -> sa.CompoundSelect[int]:
    """Return the ids of a page, by every way into it."""
    return sa.union(*(sa.select(page.where(way).subquery()) for way in ways))


def find(page: Page, text: str, columns: Sequence[sa.SQLColumnExpression[Any]]) -> Page:
    """Return which of the next rows have the text in a column; `page` has joined their tables."""
    read: list[sa.Label[Any]] = [
        column.label(f"text_{number}") for number, column in enumerate(columns)
    ]
    rows = page.add_columns(*read).limit(SEARCHED).subquery()
    return sa.select(rows.c.id).where(has_text(text, [rows.c[one.name] for one in read]))


def has_text(text: str, columns: Sequence[sa.SQLColumnExpression[Any]]) -> sa.ColumnElement[bool]:
    """Say that one of the columns has the text, whatever the case of its letters."""
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))
