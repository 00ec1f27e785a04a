from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.calendar import (
    ROME,
    add_business_days,
    add_business_hours,
    business_days_between,
    business_hours_between,
    due_date,
    earliest_delivery,
    end_of_day_rome,
    is_business_day,
    rome,
    rome_date,
)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


class TestIsBusinessDay:
    @pytest.mark.parametrize(
        ("day", "is_business"),
        [
            (date(2026, 12, 4), True),
            (date(2026, 12, 5), False),
            (date(2026, 12, 7), False),  # Sant'Ambrogio
            (date(2026, 12, 8), False),  # Immacolata
            (date(2026, 12, 9), True),
            (date(2026, 4, 6), False),  # Easter Monday
            (date(2027, 3, 29), False),  # Easter Monday
            (date(2027, 1, 6), False),
            (date(2026, 8, 14), True),
        ],
    )
    def test_knows_weekends_holidays_and_the_patron_of_milan(
        self, day: date, *, is_business: bool
    ) -> None:
        assert is_business_day(day) is is_business


class TestAddBusinessDays:
    @pytest.mark.parametrize(
        ("start", "n", "end"),
        [
            (date(2026, 12, 4), 1, date(2026, 12, 9)),
            (date(2026, 12, 4), 0, date(2026, 12, 4)),
            (date(2026, 12, 5), 0, date(2026, 12, 9)),
            (date(2026, 12, 5), 1, date(2026, 12, 9)),
            (date(2026, 12, 9), -1, date(2026, 12, 4)),
            (date(2026, 12, 23), 3, date(2026, 12, 29)),
        ],
    )
    def test_skips_days_off(self, start: date, n: int, end: date) -> None:
        assert add_business_days(start, n) == end

    @given(days, st.integers(1, 40))
    def test_is_undone_by_counting(self, start: date, n: int) -> None:
        end = add_business_days(start, n)

        assert is_business_day(end)
        assert business_days_between(start, end) == n

    @given(days, days)
    def test_counting_agrees_with_the_calendar_day_by_day(self, start: date, end: date) -> None:
        end = start + (end - start) % timedelta(days=60)
        every_day = [start + timedelta(days=i + 1) for i in range((end - start).days)]

        assert business_days_between(start, end) == sum(map(is_business_day, every_day))

    def test_counts_backwards_as_negative(self) -> None:
        assert business_days_between(date(2026, 12, 9), date(2026, 12, 4)) == -1
        assert business_days_between(date(2026, 12, 4), date(2026, 12, 9)) == 1
        assert add_business_days(date(2026, 12, 9), -1) == date(2026, 12, 4)


class TestEarliestDelivery:
    def test_waits_for_the_slowest_then_packs_and_ships(self) -> None:
        assert earliest_delivery(date(2026, 12, 1), [3, 1], 1, 1) == date(2026, 12, 10)

    def test_without_products_only_packing_and_transit_count(self) -> None:
        assert earliest_delivery(date(2026, 12, 1), [], 1, 1) == date(2026, 12, 3)


class TestAddBusinessHours:
    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            ("2026-11-25T10:00", 4, "2026-11-25T14:00"),
            ("2026-11-25T16:00", 4, "2026-11-26T11:00"),
            ("2026-11-25T07:30", 9, "2026-11-25T18:00"),
            ("2026-11-25T20:00", 1, "2026-11-26T10:00"),
            ("2026-12-04T17:30", 1, "2026-12-09T09:30"),
            ("2026-10-23T17:00", 2, "2026-10-26T10:00"),  # clocks go back in between
            ("2026-03-27T17:00", 2, "2026-03-30T10:00"),  # clocks go forward in between
            ("2026-11-25T10:00", 0.5, "2026-11-25T10:30"),
        ],
    )
    def test_ticks_in_office_hours_only(self, start: str, hours: float, end: str) -> None:
        begun = datetime.fromisoformat(start).replace(tzinfo=ROME)

        assert add_business_hours(begun, hours).isoformat()[:16] == end

    def test_reads_any_zone_and_answers_in_rome(self) -> None:
        end = add_business_hours(datetime(2026, 7, 1, 8, 0, tzinfo=UTC), 1)

        assert end == datetime(2026, 7, 1, 11, 0, tzinfo=ROME)
        assert end.tzinfo is ROME

    def test_refuses_naive_times_and_negative_hours(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            add_business_hours(datetime(2026, 7, 1), 1)  # noqa: DTZ001
        with pytest.raises(ValueError, match="negative"):
            add_business_hours(datetime(2026, 7, 1, tzinfo=UTC), -1)


class TestEndOfDayRome:
    @pytest.mark.parametrize(
        ("day", "end"),
        [
            (date(2026, 12, 5), datetime(2026, 12, 5, 23, 0, tzinfo=UTC)),
            (date(2026, 7, 1), datetime(2026, 7, 1, 22, 0, tzinfo=UTC)),
            (date(2026, 3, 28), datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
            (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
            (date(2026, 10, 24), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
            (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        ],
    )
    def test_is_midnight_by_the_clock_of_that_day(self, day: date, end: datetime) -> None:
        assert end_of_day_rome(day) == end
        assert end_of_day_rome(day).tzinfo is UTC

    @pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
    def test_days_of_clock_change_are_shorter_and_longer(self, day: str, hours: int) -> None:
        today = date.fromisoformat(day)

        length = end_of_day_rome(today) - end_of_day_rome(today - timedelta(days=1))

        assert length == timedelta(hours=hours)

    @given(days)
    def test_the_last_moment_belongs_to_the_day_and_the_next_does_not(self, day: date) -> None:
        end = end_of_day_rome(day)

        assert rome_date(end - timedelta(microseconds=1)) == day
        assert rome_date(end) == day + timedelta(days=1)


class TestBusinessHoursBetween:
    @given(days, st.integers(0, 23), st.integers(0, 40))
    def test_gives_back_the_hours_of_a_deadline(self, day: date, hour: int, hours: int) -> None:
        start = datetime(day.year, day.month, day.day, hour, tzinfo=ROME)

        assert business_hours_between(start, add_business_hours(start, hours)) == hours

    def test_nothing_ticks_over_a_weekend_or_backwards(self) -> None:
        friday = datetime(2026, 11, 6, 18, tzinfo=ROME)
        monday = datetime(2026, 11, 9, 9, tzinfo=ROME)

        assert business_hours_between(friday, monday) == 0
        assert business_hours_between(monday, friday) == 0


class TestRome:
    def test_tells_the_wall_clock(self) -> None:
        told = rome(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))

        assert (told.hour, told.minute, told.utcoffset()) == (2, 30, timedelta(hours=2))

    def test_the_day_changes_before_utc_does(self) -> None:
        assert rome_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


class TestDueDate:
    @pytest.mark.parametrize(
        ("issued_on", "due_on"),
        [
            (date(2026, 12, 18), date(2027, 1, 18)),  # the thirtieth day is a Sunday
            (date(2026, 11, 9), date(2026, 12, 9)),
            (date(2026, 10, 2), date(2026, 11, 2)),
            (date(2026, 7, 8), date(2026, 8, 7)),
        ],
    )
    def test_thirty_days_move_past_days_off(self, issued_on: date, due_on: date) -> None:
        assert due_date(issued_on, 30) == due_on
