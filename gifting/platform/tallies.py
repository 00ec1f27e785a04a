"""Counts that may be lost: what was done how often and how long it took, kept by the broker.

They feed the metrics and the alarms of every host; what must not be lost is a row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, perf_counter
from urllib.parse import parse_qsl, urlencode

import redis
from flask import has_app_context

from gifting.platform import broker

COUNTS = "gifting:tallies"
TROUBLES = "gifting:troubles"
SILENCE_SECONDS = 10
"""So long nothing is counted after the broker did not answer, or everything would wait for it."""


@dataclass(frozen=True, slots=True)
class Tally:
    name: str
    labels: dict[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong since it was last taken note of: how often, and one case of it."""

    kind: str
    count: int
    example: str


class _Silence:
    until = 0.0


def _is_silent() -> bool:
    """Tell whether nothing is counted now; outside the application no broker is known."""
    return not has_app_context() or monotonic() < _Silence.until


@contextmanager
def _if_it_answers() -> Iterator[None]:
    try:
        yield
    except redis.RedisError:
        _Silence.until = monotonic() + SILENCE_SECONDS


def add(name: str, value: float = 1, **labels: str) -> None:
    """Add to a count; without a broker it is lost."""
    if _is_silent():
        return
    with _if_it_answers():
        broker.client().hincrbyfloat(COUNTS, f"{name}?{urlencode(labels)}", value)


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Count how often the block ended well (`name`s) and its seconds (`name`_seconds)."""
    started = perf_counter()
    yield
    add(f"{name}s")
    add(f"{name}_seconds", perf_counter() - started)


def read() -> list[Tally]:
    """Return every count.

    :raises redis.RedisError: if the broker does not answer
    """
    found = []
    for field, value in broker.client().hgetall(COUNTS).items():
        name, _, labels = str(field).partition("?")
        found.append(Tally(name, dict(parse_qsl(labels)), float(value)))
    return found


def note_trouble(kind: str, example: str) -> None:
    """Count a case of trouble that a letter tells of later; the example names no person."""
    if _is_silent():
        return
    with _if_it_answers(), broker.client().pipeline() as pipe:
        pipe.hincrby(TROUBLES, kind, 1)
        pipe.hset(f"{TROUBLES}:examples", kind, example[:1000])
        pipe.execute()


def find_trouble(kind: str) -> Trouble | None:
    """Return what was counted of this kind, if the broker knows of any."""
    with _if_it_answers():
        count = broker.client().hget(TROUBLES, kind)
        example = broker.client().hget(f"{TROUBLES}:examples", kind)
        return Trouble(kind, int(count), str(example or "")) if count else None
    return None


def settle_trouble(trouble: Trouble) -> None:
    """Take from the count what has been told."""
    with _if_it_answers():
        broker.client().hincrby(TROUBLES, trouble.kind, -trouble.count)
