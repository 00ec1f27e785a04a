"""Hours of work in prison, always an estimate: `work_minutes` in the catalogue is one."""

_MINUTES_PER_HOUR = 60


def estimated_hours(minutes_per_hamper: int, quantity: int) -> int:
    """Whole hours for `quantity` hampers, rounded down so that nothing is claimed twice."""
    return minutes_per_hamper * quantity // _MINUTES_PER_HOUR
