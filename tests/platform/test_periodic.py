"""What beat runs leaves a row: when it last began, when it ended, how."""

from datetime import datetime, timedelta

import pytest
from celery import Celery
from flask import Flask

from gifting.platform import broker, clock, outbox, periodic
from gifting.platform.periodic import LastRun
from tests.conftest import NOW

NAME = "tests.hourly"


@pytest.fixture
def celery(app: Flask, at_now: datetime) -> Celery:
    return app.extensions["celery"]


def fail(**_: object) -> None:
    raise ValueError("Ermenegilda")


class TestRecorded:
    def test_keeps_the_last_run_that_ended_well(
        self, celery: Celery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(outbox.PERIODIC, NAME, (timedelta(hours=1), lambda **_: None))

        for hours in (0, 1):
            moment = NOW + timedelta(hours=hours)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            celery.tasks["gifting.run_periodic"](NAME)

        hour_later = NOW + timedelta(hours=1)
        assert periodic.list_last() == {NAME: LastRun(NAME, hour_later, hour_later, None)}

    def test_keeps_what_went_wrong_though_the_work_is_rolled_back(
        self, celery: Celery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(outbox.PERIODIC, NAME, (timedelta(hours=1), fail))

        with pytest.raises(ValueError, match="Ermenegilda"):
            celery.tasks["gifting.run_periodic"](NAME)

        error = periodic.list_last()[NAME].error
        assert error is not None
        assert error.startswith("ValueError: tests/platform/test_periodic.py:")
        assert "Ermenegilda" not in error

    def test_the_relay_says_that_beat_and_a_worker_are_alive(
        self, celery: Celery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(broker, "count_waiting", lambda _queue: 0)

        celery.tasks["gifting.relay"]()

        assert periodic.list_last()["relay"].ended_at == NOW
