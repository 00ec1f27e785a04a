"""Processes of the web server that were killed, noted by their parent in gunicorn's own folder.

A process leaves a mark at its start and takes it away at its end; whose mark is still there when
the parent hears of the end was killed: by a person, or by a system that had no memory left.
"""

import os
from datetime import datetime
from pathlib import Path

ALIVE, KILLED = ".alive", ".killed"
_folders: list[Path] = []


def note_in(folder: str) -> None:
    """Name the folder, in the parent; without one nothing is known."""
    _folders[:] = [Path(folder)]


def begin(pid: int) -> None:
    """Note that a process is there."""
    _mark_of(pid).touch()


def end(pid: int) -> None:
    """Note that it ends by itself."""
    _mark_of(pid).unlink(missing_ok=True)


def bury(pid: int, *, now: datetime) -> None:
    """Note that a process is gone: killed, unless it had said that it ends."""
    mark = _mark_of(pid)
    if mark.exists():
        os.utime(mark, (now.timestamp(), now.timestamp()))
        mark.rename(mark.with_suffix(KILLED))


def count(*, since: datetime) -> int:
    """Return how many were killed since then, on this host and since the server's start."""
    marks = [mark for folder in _folders for mark in folder.glob(f"*{KILLED}")]
    return sum(mark.stat().st_mtime >= since.timestamp() for mark in marks)


def _mark_of(pid: int) -> Path:
    (folder,) = _folders
    return folder / f"{pid}{ALIVE}"
