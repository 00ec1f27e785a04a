import pytest

from gifting.core.work import estimated_hours, share_hours


class TestEstimatedHours:
    def test_is_rounded_down_once_on_the_whole(self) -> None:
        assert estimated_hours(52, 350) == 303
        assert estimated_hours(59, 1) == 0
        assert estimated_hours(0, 500) == 0


class TestShareHours:
    def test_the_parts_add_up_to_the_whole(self) -> None:
        assert share_hours(10, [20, 20, 20]) == [4, 3, 3]
        assert share_hours(443, [20, 18, 11, 10, 9, 8]) == [117, 105, 64, 58, 52, 47]

    def test_who_has_no_minutes_has_no_hours(self) -> None:
        assert share_hours(3, [5, 0]) == [3, 0]

    def test_hours_of_nobody_are_refused(self) -> None:
        with pytest.raises(ValueError, match="zero"):
            share_hours(3, [0, 0])
