"""Hours of work in prison, always an estimate: `work_minutes` in the catalogue is one."""

from collections.abc import Sequence
from decimal import Decimal

from gifting.core.money import CENT, split_in_proportion

_MINUTES_PER_HOUR = 60


def estimated_hours(minutes_per_hamper: int, quantity: int) -> int:
    """Whole hours for `quantity` hampers, rounded down so that nothing is claimed twice."""
    return minutes_per_hamper * quantity // _MINUTES_PER_HOUR


def share_hours(hours: int, minutes: Sequence[int]) -> list[int]:
    """Split whole hours over who worked, in proportion to their minutes; the parts add up to them.

    :raises ValueError: if nobody has minutes, or somebody fewer than none
    """
    parts = split_in_proportion(hours * CENT, [Decimal(part) for part in minutes])
    return [int(part / CENT) for part in parts]
