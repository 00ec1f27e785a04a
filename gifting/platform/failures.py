"""What goes wrong outside the product, by the name under which a failed job shows it.

`last_error` of a job begins with one of these names (or with the class of an error that nobody
foresaw); the back office puts the name into words and says what to do.
"""

import os
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

ROOT = Path(__file__).resolve().parents[2]


class Told(Exception):
    """An error whose words are ours and name no person: they may be logged and shown."""


class Outage(Told):
    """Something the product needs does not work now. Waiting helps: the job is never given up."""


class MailServerAway(Outage):
    """The mail server cannot be reached, is too slow, or hung up before it took the letter."""


class MailDeferred(Outage):
    """The mail server says: not now (a reply of 400 to 499, RFC 5321 4.2.1)."""


class MailLoginRefused(Outage):
    """The mail server does not take our user name and password."""


class StorageFull(Outage):
    """There is no room to keep a file."""


class StorageAway(Outage):
    """The place where files are kept cannot be reached."""


class MailRefused(Told):
    """The mail server will never take this letter (500 to 599): a person has to mend it."""


class WorkerLost(Told):
    """The process that did the job ended in the middle of it, and again at the second try."""


class FromBackup(Told):
    """The job was open in a backup that was played back: it may have been done since."""


NOT_KEPT: Final = (StorageFull, StorageAway)
"""What is raised when a file cannot be kept."""
LOOK_AT_STORAGE: Final = "%s: see that the file storage has room and answers"
"""What the log says of it, where no job is there to show it."""
DATABASE_AWAY: Final = "DatabaseAway"
TOO_SLOW: Final = "SoftTimeLimitExceeded"
KINDS: Final = (
    *(kind.__name__ for kind in Outage.__subclasses__()),
    MailRefused.__name__,
    WorkerLost.__name__,
    FromBackup.__name__,
    DATABASE_AWAY,
    TOO_SLOW,
    "StoredFileDamaged",
)
"""Every name the back office has words for."""


def name_of(error: BaseException) -> str:
    """Return the name under which a failure is shown."""
    return DATABASE_AWAY if isinstance(error, OperationalError) else type(error).__name__


def is_outage(error: BaseException) -> bool:
    """Whether the failure passes without anyone changing the job."""
    return isinstance(error, Outage | OperationalError)


def describe(error: BaseException) -> str:
    """Return an error's name and what may be known of it: never what quotes people's data.

    What an exception says may hold an address, a key or SQL parameters; told is what has a
    form we know (our own words, a constraint, an errno) or else where it happened.
    """
    return f"{name_of(error)}: {_detail(error)}"[:2000]


def _detail(error: BaseException) -> str:
    places = [place for place in places_of(error) if "/" in place]
    place = places[-1] if places else ""
    if isinstance(error, Told):
        return conceal(str(error)) or place
    if isinstance(error, DBAPIError):
        diagnosis = getattr(error.orig, "diag", None)
        facts = (getattr(error.orig, "sqlstate", None), getattr(diagnosis, "constraint_name", None))
        return " ".join(str(fact) for fact in (*facts, place) if fact)
    if isinstance(error, OSError) and error.errno:
        return f"{os.strerror(error.errno)}, {place}"
    return place


def places_of(error: BaseException) -> Iterator[str]:
    """Yield where an error passed, causes first, the place that raised it last of each.

    Files of the product with their path, those of libraries with their name.
    """
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from places_of(cause)
        yield f"{name_of(cause)}, and then:"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        is_ours = path.is_relative_to(ROOT) and ".venv" not in path.parts
        where = path.relative_to(ROOT).as_posix() if is_ours else path.name
        yield f"{where}:{frame.lineno} in {frame.name}"


_PERSONAL = re.compile(
    r"[^\s@<>\"'(]+@[^\s@<>\"')]+"  # an address
    r"|(?<![\w.:-])\+?\d(?:[ ./-]?\d){7,}(?![\w:.-])"  # a telephone number
    r"|[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_.-]{16,}|[A-Za-z0-9_-]{40,}"  # a key in a link, a hash
)


def conceal(words: str) -> str:
    """Return the words without addresses, telephone numbers and keys."""
    return _PERSONAL.sub("…", words)
