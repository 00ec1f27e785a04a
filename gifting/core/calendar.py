"""Business days in Milan and times of day in Europe/Rome.

Holidays are the national ones and Sant'Ambrogio, 7 December, the patron of
Milan; Saturdays and Sundays are no business days.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ROME = ZoneInfo("Europe/Rome")

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("IT", subdiv="MI", years=year))


def is_business_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _holidays_of(day.year)


def add_business_days(day: date, n: int) -> date:
    """Go `n` business days on (or back, if negative).

    The start day does not count. With 0, `day` itself if it is a business day,
    otherwise the next one.
    """
    step = -_DAY if n < 0 else _DAY
    if n == 0:
        while not is_business_day(day):
            day += _DAY
    for _ in range(abs(n)):
        day += step
        while not is_business_day(day):
            day += step
    return day


def business_days_between(start: date, end: date) -> int:
    """Count the business days after `start` up to and including `end`; negative if `end` is first.

    For a business day `end` on or after `start`, adding them to `start` gives `end`.
    """
    if end < start:
        return -business_days_between(end - _DAY, start - _DAY)
    days = (start + _DAY * i for i in range(1, (end - start).days + 1))
    return sum(map(is_business_day, days))


def earliest_delivery(
    ordered_on: date, lead_times_days: Iterable[int], packing_days: int, transit_days: int
) -> date:
    """Day by which everything is made, packed and delivered; all times in business days."""
    longest = max(lead_times_days, default=0)
    return add_business_days(ordered_on, longest + packing_days + transit_days)


def add_business_hours(
    moment: datetime, hours: float, opens: int = 9, closes: int = 18
) -> datetime:
    """Run a clock that only ticks on business days between two hours of Rome's wall clock.

    Returns a time in Europe/Rome; a deadline falling on closing time stays there.

    :raises ValueError: if `moment` is naive or `hours` negative
    """
    if hours < 0:
        raise ValueError("hours must not be negative")
    now = rome(moment)
    left = timedelta(hours=hours)
    while True:
        opening = datetime.combine(now.date(), time(opens), ROME)
        closing = datetime.combine(now.date(), time(closes), ROME)
        start = max(now, opening)
        if is_business_day(now.date()) and start < closing:
            if left <= closing - start:
                return start + left
            left -= closing - start
        now = datetime.combine(now.date() + _DAY, time(0), ROME)


def business_hours_between(
    start: datetime, end: datetime, opens: int = 9, closes: int = 18
) -> float:
    """Hours that clock ticks from `start` to `end`; 0 if `end` is not later.

    For a deadline made by `add_business_hours(start, hours)` this gives `hours` back.

    :raises ValueError: if a moment is naive
    """
    first, last = rome(start), rome(end)
    ticked = timedelta()
    for offset in range((last.date() - first.date()).days + 1):
        day = first.date() + _DAY * offset
        if is_business_day(day):
            since = max(first, datetime.combine(day, time(opens), ROME))
            until = min(last, datetime.combine(day, time(closes), ROME))
            ticked += max(until - since, timedelta())
    return ticked / timedelta(hours=1)


def rome(moment: datetime) -> datetime:
    """Tell an aware time on Rome's wall clock.

    :raises ValueError: if `moment` is naive
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ROME)


def rome_date(moment: datetime) -> date:
    return rome(moment).date()


def end_of_day_rome(day: date) -> datetime:
    """24:00 of `day` in Europe/Rome, in UTC: the first moment that is too late."""
    return datetime.combine(day + _DAY, time(0), ROME).astimezone(UTC)


def due_date(issued_on: date, days: int) -> date:
    """Day a payment is due: a term that ends on a day off moves on (art. 1187 c.c.)."""
    return add_business_days(issued_on + _DAY * days, 0)
