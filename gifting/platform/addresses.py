"""Ids, amounts and moments read from addresses, which anybody may write.

What no row could have is no value.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

LARGEST_ID = 2**31 - 1
"""The database's integers end here, and so do the ids of rows."""
LARGEST_AMOUNT = Decimal(10) ** 10
"""No column of amounts holds as much, in euro."""


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


def read_amount(text: str) -> Decimal:
    """Return an amount of money as a column could hold it.

    :raises ValueError: if no column of amounts could hold it
    """
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text[:20]) from error
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError(text[:20])
    return amount
