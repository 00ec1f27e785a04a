"""Celery only rings the bell: what it is told, and what happens while nobody hears it."""

import gc
import weakref
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from celery import Celery
from flask import Flask

from gifting.platform import broker, outbox
from gifting.platform.celery import RELAY_SECONDS, bell, bells_missing, leave_nothing
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.outbox import Queue
from gifting.platform.uow import Bell, transaction
from tests.conftest import NOW

TASK = "tests.note"


@pytest.fixture
def celery(app: Flask, at_now: datetime) -> Celery:
    return app.extensions["celery"]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    records: list[int] = []
    monkeypatch.setitem(outbox.HANDLERS, TASK, lambda *, record_id, now: records.append(record_id))
    return records


def open_jobs() -> list[int]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None)))
    )


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("task_acks_late", True),
            ("task_reject_on_worker_lost", True),
            ("worker_prefetch_multiplier", 1),
            ("task_ignore_result", True),
            ("result_backend", None),
            ("task_always_eager", False),
            ("task_soft_time_limit", 120),
            ("task_time_limit", 150),
            ("worker_max_tasks_per_child", 200),
            ("worker_max_memory_per_child", 400_000),
        ],
    )
    def test_are_those_that_were_measured(self, celery: Celery, name: str, value: Any) -> None:
        assert getattr(celery.conf, name) == value

    def test_a_killed_workers_call_comes_back_soon(self, celery: Celery) -> None:
        options = celery.conf.broker_transport_options

        assert options["unacked_restore_throttle"] == 1
        assert options["visibility_timeout"] == 900

    def test_a_frozen_worker_loses_its_row_only_after_the_longest_task(
        self, app: Flask, celery: Celery
    ) -> None:
        """Else a job could be done twice at once."""
        limit = db.session.scalar(sa.text("SHOW idle_in_transaction_session_timeout"))

        assert limit == "200s"
        assert celery.conf.task_time_limit < 200
        assert timedelta(seconds=celery.conf.task_time_limit) < outbox.LONGEST_LEASE


class TestBeat:
    def test_relays_every_half_minute_and_runs_every_periodic_job(self, celery: Celery) -> None:
        schedule = celery.conf.beat_schedule

        assert RELAY_SECONDS == 30
        assert schedule["relay"]["schedule"].run_every == timedelta(seconds=30)
        assert set(schedule) == {"relay", *outbox.PERIODIC} - outbox.RUNG_BY_WORKERS
        assert {entry["task"] for entry in schedule.values()} <= set(celery.tasks)

    def test_goes_on_after_the_clock_was_set_back(self, celery: Celery) -> None:
        """Celery's own schedule waits until the clock has caught up."""
        every = celery.conf.beat_schedule["relay"]["schedule"]

        assert every.is_due(every.now() + timedelta(hours=1)).is_due
        assert not every.is_due(every.now() - timedelta(seconds=10)).is_due
        assert every.is_due(every.now() - timedelta(seconds=31)).is_due

    def test_offers_expire_every_hour(self, celery: Celery) -> None:
        entry = celery.conf.beat_schedule["quotes.expire_due"]

        assert entry["schedule"].run_every == timedelta(hours=1)
        assert entry["args"] == ("quotes.expire_due",)

    @pytest.mark.parametrize("name", sorted(outbox.PERIODIC))
    def test_a_periodic_job_finds_nothing_to_do_in_an_empty_product(
        self, celery: Celery, name: str
    ) -> None:
        celery.tasks["gifting.run_periodic"](name)


class TestRelay:
    def test_rings_for_what_was_owed_while_the_broker_was_down(
        self, celery: Celery, noted: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def is_down(_bell: Bell) -> None:
            raise ConnectionError("no broker")

        with transaction(wake=is_down):
            outbox.owe(TASK, key="k", now=NOW, record_id=7)
        run_job = celery.tasks["gifting.run_job"]
        monkeypatch.setattr(run_job, "apply_async", lambda args, queue: run_job(*args))
        monkeypatch.setattr(broker, "count_waiting", lambda _queue: 0)

        celery.tasks["gifting.relay"]()
        celery.tasks["gifting.relay"]()

        assert noted == [7]
        assert open_jobs() == []

    def test_a_commit_rings_at_once(
        self, app: Flask, noted: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rung: list[Bell] = []
        monkeypatch.setitem(app.extensions, "wake", rung.append)

        with transaction():
            outbox.owe(TASK, key="k", now=NOW, record_id=7)

        assert [bell.message_id for bell in rung] == open_jobs()


class TestBell:
    def test_rings_once_and_is_silent_while_the_broker_is_away(
        self, app: Flask, celery: Celery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Or each request would wait for a broker that hangs."""
        tried: list[int] = []

        def hang(*_args: Any, **_kwargs: Any) -> None:
            tried.append(1)
            raise TimeoutError

        run_job = celery.tasks["gifting.run_job"]
        monkeypatch.setattr(run_job, "apply_async", hang)
        ring = bell(celery, run_job)

        with pytest.raises(TimeoutError):
            ring(Bell(1, TASK))
        ring(Bell(2, TASK))

        assert tried == [1]


class Knot:
    """What only the collector can undo."""

    def __init__(self) -> None:
        self.itself = self


class TestWorker:
    def test_keeps_no_memory_of_a_job(self, app: Flask) -> None:
        """Of an old knot neither: one that a collection met half-way through the job."""
        knot = Knot()
        gc.collect()
        alive = weakref.ref(knot)
        del knot

        leave_nothing()

        assert alive() is None


class TestQueues:
    def test_a_worker_that_is_told_nothing_serves_them_all(self, celery: Celery) -> None:
        assert set(celery.amqp.queues) == {queue.value for queue in Queue}

    @pytest.mark.parametrize(
        ("task", "queue"),
        [
            ("quotes.render_and_send", Queue.DOCUMENTS),
            ("quotes.mail_offer", Queue.MAIL),
            ("accounts.mail_confirmation", Queue.MAIL),
            ("orders.reserve_stock", Queue.DEFAULT),
            ("newer.than_this_version", Queue.DEFAULT),
        ],
    )
    def test_a_job_waits_where_its_handler_says(
        self, celery: Celery, monkeypatch: pytest.MonkeyPatch, task: str, queue: Queue
    ) -> None:
        run_job = celery.tasks["gifting.run_job"]
        used: list[str] = []
        monkeypatch.setattr(
            run_job, "apply_async", lambda _args, *, queue, **_options: used.append(queue)
        )

        bell(celery, run_job)(Bell(1, task))

        assert used == [queue.value]

    def test_letters_wait_with_the_letters(self) -> None:
        astray = [
            task
            for task in outbox.HANDLERS
            if (".mail_" in task or ".notify_" in task) != (outbox.queue_of(task) is Queue.MAIL)
        ]

        assert astray == []

    def test_beats_calls_have_a_queue_of_their_own_and_do_not_pile_up(self, celery: Celery) -> None:
        options = [row["options"] for row in celery.conf.beat_schedule.values()]

        assert {row["queue"] for row in options} == {Queue.PERIODIC.value}
        assert celery.conf.beat_schedule["relay"]["options"]["expires"] == RELAY_SECONDS


class TestBellsMissing:
    def rings(self, monkeypatch: pytest.MonkeyPatch, *, waiting: int, due: int) -> list[int]:
        monkeypatch.setattr(broker, "count_waiting", lambda _queue: waiting)
        return [rung.message_id for rung in bells_missing([Bell(n, TASK) for n in range(due)])]

    def test_a_long_queue_is_not_rung_for_again_and_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.rings(monkeypatch, waiting=100, due=100) == []

    def test_the_oldest_are_rung_for_whose_calls_are_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.rings(monkeypatch, waiting=2, due=5) == [0, 1, 2]

    def test_an_emptied_broker_is_filled_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.rings(monkeypatch, waiting=0, due=3) == [0, 1, 2]

    def test_a_long_queue_hides_no_other(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(outbox.QUEUES, TASK, Queue.MAIL)
        with transaction():
            for number in range(4):
                outbox.owe(TASK, key=f"mail{number}", now=NOW)
            outbox.owe("orders.reserve_stock", key="late", now=NOW + timedelta(seconds=1))

        due = outbox.list_due(now=NOW + timedelta(seconds=1), limit=2)

        assert [bell.task for bell in due] == [TASK, TASK, "orders.reserve_stock"]
