"""The promise to answer, in working hours, and how it is told."""

from datetime import UTC, datetime, timedelta

import pytest

from gifting.core.quote_lifecycle import QuoteState
from gifting.quotes.documents.deadline import Deadline, DeadlineKind, deadline_of
from gifting.quotes.views.sales_wording import deadline_words
from tests.conftest import NOW

FRIDAY_EVENING = datetime(2026, 11, 6, 16, 30, tzinfo=UTC)  # 17:30 in Rome


def deadline(due_at: datetime | None, now: datetime = NOW, **overrides) -> Deadline:
    values = {"state": QuoteState.REQUESTED, "is_email_confirmed": True} | overrides
    return deadline_of(values.pop("state"), due_at, now=now, **values)


class TestDeadlineOf:
    def test_counts_only_the_hours_the_office_works(self, app):
        monday = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)  # 10:30 in Rome

        running = deadline(monday, FRIDAY_EVENING)

        assert running.minutes == 30 + 90
        assert running.kind is DeadlineKind.SOON

    def test_the_ring_fills_with_the_promised_hours(self, app):
        assert deadline(NOW + timedelta(hours=8)).share == pytest.approx(1 / 9)
        assert deadline(NOW + timedelta(hours=8)).kind is DeadlineKind.RUNNING

    def test_lateness_does_not_grow_over_the_weekend(self, app):
        sunday = datetime(2026, 11, 8, 12, tzinfo=UTC)

        late = deadline(FRIDAY_EVENING, sunday)

        assert (late.kind, late.minutes) == (DeadlineKind.LATE, 30)

    def test_a_question_pauses_it(self, app):
        assert deadline(None, state=QuoteState.INFO_NEEDED).kind is DeadlineKind.PAUSED

    def test_it_starts_when_the_buyer_confirms(self, app):
        assert deadline(None, is_email_confirmed=False).kind is DeadlineKind.UNCONFIRMED

    @pytest.mark.parametrize("state", [QuoteState.SENT, QuoteState.ACCEPTED], ids=str)
    def test_nothing_is_promised_when_the_move_is_not_ours(self, app, state):
        assert deadline(NOW, state=state).kind is DeadlineKind.NONE


class TestDeadlineWords:
    @pytest.mark.parametrize(
        ("told", "words"),
        [
            (Deadline(DeadlineKind.SOON, NOW, 0.9, 70), "fra 1 h 10"),
            (Deadline(DeadlineKind.SOON, NOW, 0.9, 120), "fra 2 h"),
            (Deadline(DeadlineKind.SOON, NOW, 0.9, 9), "fra 9 min"),
            (Deadline(DeadlineKind.LATE, NOW, 1, 40), "in ritardo di 40 min"),
            (Deadline(DeadlineKind.LATE, NOW, 1, 0), "in ritardo"),
            (Deadline(DeadlineKind.LATE, NOW, 1, 9 * 60), "in ritardo di un giorno"),
            (Deadline(DeadlineKind.LATE, NOW, 1, 20 * 60), "in ritardo di 2 giorni"),
            (Deadline(DeadlineKind.RUNNING, NOW + timedelta(hours=7)), "oggi, 17:00"),
            (Deadline(DeadlineKind.RUNNING, NOW + timedelta(days=1)), "domani, 10:00"),
            (Deadline(DeadlineKind.RUNNING, NOW + timedelta(days=3)), "5 nov, 10:00"),
            (Deadline(DeadlineKind.NONE), ""),
        ],
    )
    def test_tells(self, app, told, words):
        with app.test_request_context("/"):
            assert deadline_words(told, now=NOW) == words
