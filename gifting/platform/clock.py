"""The only reader of the system clock."""

from datetime import UTC, date, datetime

from gifting.core.calendar import rome_date


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the calendar date it is in Italy now."""
    return rome_date(now())
