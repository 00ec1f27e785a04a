"""Ids and moments read from addresses, which anybody may write: what no row has is no value."""

from datetime import UTC, datetime

LARGEST_ID = 2**31 - 1
"""The database's integers end here, and so do the ids of rows."""


def read_id(text: str) -> int:
    """Return the number of a row, or of anything else a column of integers could hold.

    :raises ValueError: if no such column could hold it
    """
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(text[:20])
    return number


def read_moment(text: str) -> datetime:
    """Return an aware moment in UTC.

    :raises ValueError: if it is none, has no zone, or lies outside the calendar
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text[:40])
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text[:40]) from error
