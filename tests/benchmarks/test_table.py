"""The table that says whether promises are kept."""

import pytest

from benchmarks.table import Budget, Row, draw, percentile


class TestPercentile:
    def test_it_is_a_value_that_occurred(self) -> None:
        assert percentile([4, 1, 3, 2], 50) == 2
        assert percentile(list(range(1, 101)), 95) == 95
        assert percentile([7], 95) == 7

    def test_there_is_none_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="no values"):
            percentile([], 95)


class TestBudget:
    @pytest.mark.parametrize(("value", "is_allowed"), [(0.69, False), (0.7, True), (1, True)])
    def test_least_is_allowed_and_less_is_not(self, value: float, *, is_allowed: bool) -> None:
        assert Budget(least=0.7).allows(value) is is_allowed

    @pytest.mark.parametrize(("value", "is_allowed"), [(1.3, True), (1.31, False)])
    def test_most_is_allowed_and_more_is_not(self, value: float, *, is_allowed: bool) -> None:
        assert Budget(most=1.3).allows(value) is is_allowed


class TestDraw:
    def test_a_missed_promise_is_written_large_under_its_head(self) -> None:
        kept = Row("price", "9 µs", "3 µs", 3, Budget(most=4))
        missed = Row("start", "60 ms", "1 ms", 60, Budget(most=50, unit=" ms"))

        head, rule, first, second = draw([kept, missed]).splitlines()

        assert head.startswith("| benchmark")
        assert set(rule) <= set("|- ")
        assert "ok" in first
        assert "60.00 ms" in second
        assert "≤ 50 ms" in second
        assert "MISSED" in second
        assert len(set(map(len, (head, rule, first, second)))) == 1
