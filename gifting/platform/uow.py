"""The one place that commits, and so the one place that wakes the workers."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from flask import current_app

from gifting.platform.db import db

logger = logging.getLogger(__name__)
_OWED = "owed_bells"


class Bell(NamedTuple):
    """A wake-up call for one job: which row it is, and its kind, which tells the queue."""

    message_id: int
    task: str


Waker = Callable[[Bell], None]


def remember_owed(bell: Bell) -> None:
    """Note a job to be woken when the present transaction commits."""
    db.session.info.setdefault(_OWED, []).append(bell)


@contextmanager
def transaction(wake: Waker | None = None) -> Iterator[None]:
    """Commit on a clean exit, roll back on any exception; then wake the workers.

    Views, tasks and commands open exactly one; services never commit. The wake-up
    may fail: the relay finds every owed job again within half a minute.
    """
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        owed = db.session.info.pop(_OWED, [])
    wake = wake or current_app.extensions.get("wake") or (lambda _bell: None)
    for bell in owed:
        try:
            wake(bell)
        except Exception:  # the relay will find it; the commit stands
            logger.exception("could not wake a worker for outbox message %s", bell.message_id)
