from gifting.core.work import estimated_hours


class TestEstimatedHours:
    def test_is_rounded_down_once_on_the_whole(self) -> None:
        assert estimated_hours(52, 350) == 303
        assert estimated_hours(59, 1) == 0
        assert estimated_hours(0, 500) == 0
