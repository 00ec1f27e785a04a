"""Every SQL statement is counted, and a slow one is told by its shape, never by its values."""

from contextvars import ContextVar
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from flask import has_app_context

from gifting.platform import logs, tallies

logger = logs.get(__name__)

SLOW = "slow_query"
_count: ContextVar[int] = ContextVar("statements", default=0)
_STARTED = "statement_started"


class _Limit:
    ms = 500.0


def watch(*, slow_ms: int) -> None:
    """Tell of statements that take longer than this."""
    _Limit.ms = slow_ms


def start_counting() -> None:
    """Begin again at nought, for this request or job."""
    _count.set(0)


def count() -> int:
    """Return how many statements ran since the count began."""
    return _count.get()


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _start(connection: sa.Connection, *_call: Any) -> None:
    connection.info[_STARTED] = perf_counter()


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def _end(connection: sa.Connection, _cursor: Any, statement: str, *_call: Any) -> None:
    _count.set(_count.get() + 1)
    ms = (perf_counter() - connection.info.pop(_STARTED, perf_counter())) * 1000
    if ms >= _Limit.ms:
        shape = " ".join(statement.split())[:600]
        logger.warning("slow query", ms=round(ms), statement=shape)
        if not has_app_context():  # a command's own connection: nobody's counts are at hand
            return
        tallies.add("slow_queries")
        tallies.note_trouble(SLOW, f"{ms:.0f} ms: {shape}")
