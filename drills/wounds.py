"""What a drill does to a process from inside, so that the product has no hook for it.

The functions of the product are wrapped in the process of the drill; the code of the product
stays as it is.
"""

import os
import signal
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import Celery
from fsspec.implementations.local import LocalFileSystem

from gifting.platform import clock, mail, outbox, pdf, storage

BEFORE, AFTER = "before", "after"
POINTS: dict[str, tuple[object, str, str]] = {
    "woken, before the claim": (outbox, "_claim", BEFORE),
    "claimed, before the row is held": (outbox, "_hold", BEFORE),
    "held, before the handler": (outbox, "_hold", AFTER),
    "rendered": (pdf, "render", AFTER),
    "file drafted, before its name": (LocalFileSystem, "mv", BEFORE),
    "file stored, before its row": (storage, "store", AFTER),
    "letter written, before it leaves": (mail, "_deliver", BEFORE),
    "letter left, before that is written down": (mail, "_deliver", AFTER),
    "letter written down, before the commit": (mail, "_deliver_logged", AFTER),
    "finished, before the commit": (outbox, "_finish", AFTER),
    "committed, before the answer to the broker": (outbox, "run", AFTER),
}
"""Every step of a job at which its process may die, in the order in which they come."""
LEFT = "letter left, before that is written down"
"""The one step that SMTP gives no way to repeat unseen: the letter comes again, the same one."""


def wrap(place: Any, name: str, when: str, act: Callable[[], None]) -> None:
    """Do `act` before or after every call of `place.name`."""
    original = getattr(place, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if when == BEFORE:
            act()
        result = original(*args, **kwargs)
        if when == AFTER:
            act()
        return result

    setattr(place, name, wrapped)


def die_at(point: str) -> None:
    """Make this process kill itself when it comes to this point."""
    wrap(*POINTS[point], lambda: os.kill(os.getpid(), signal.SIGKILL))


def die_once_at(points: Iterable[str], notes: Path) -> None:
    """Make processes kill themselves at each of these points, once for all of them together."""
    names = list(POINTS)
    for point in points:
        number = names.index(point)
        note = notes / str(number)

        def die(note: Path = note) -> None:
            try:
                note.touch(exist_ok=False)
            except FileExistsError:
                return
            os.kill(os.getpid(), signal.SIGKILL)

        wrap(*POINTS[point], die)


def follow_clock(celery: Celery, note: Path) -> None:
    """Let product and schedule read a clock that is wrong by the seconds written in a file."""
    right, beat_right = clock.now, celery.now

    def offset() -> timedelta:
        return timedelta(seconds=float(note.read_text() or 0) if note.exists() else 0)

    clock.now = lambda: right() + offset()
    celery.now = lambda: beat_right() + offset()
