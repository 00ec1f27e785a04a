"""What goes wrong outside the product, by the name under which a failed job shows it.

`last_error` of a job begins with one of these names (or with the class of an error that nobody
foresaw); the back office puts the name into words and says what to do.
"""

from typing import Final

from sqlalchemy.exc import OperationalError


class Outage(Exception):
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


class MailRefused(Exception):
    """The mail server will never take this letter (500 to 599): a person has to mend it."""


class WorkerLost(Exception):
    """The process that did the job ended in the middle of it, and again at the second try."""


DATABASE_AWAY: Final = "DatabaseAway"
TOO_SLOW: Final = "SoftTimeLimitExceeded"
KINDS: Final = (
    *(kind.__name__ for kind in Outage.__subclasses__()),
    MailRefused.__name__,
    WorkerLost.__name__,
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
