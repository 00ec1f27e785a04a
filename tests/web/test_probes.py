"""Machines learn whether the product lives, can serve and how it fares; strangers no more."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.platform import broker, deaths, health, outbox, tallies, workers
from gifting.platform.db import db
from gifting.platform.models import PeriodicRun
from gifting.platform.outbox import Queue
from gifting.platform.uow import transaction
from gifting.web import metrics, probes
from tests.conftest import NOW


class FakeBroker:
    """What the product asks of a broker, in memory."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[str, str]] = {}

    def ping(self) -> bool:
        return True

    def llen(self, _queue: str) -> int:
        return 3

    def hset(self, name: str, field: str, value: str) -> None:
        self.hashes.setdefault(name, {})[field] = value

    def hdel(self, name: str, field: str) -> None:
        self.hashes.get(name, {}).pop(field, None)

    def hget(self, name: str, field: str) -> str | None:
        return self.hashes.get(name, {}).get(field)

    def hgetall(self, name: str) -> dict[str, str]:
        return dict(self.hashes.get(name, {}))

    def hincrbyfloat(self, name: str, field: str, by: float) -> None:
        before = float(self.hashes.setdefault(name, {}).get(field, 0))
        self.hset(name, field, str(before + by))


@pytest.fixture(autouse=True)
def ask_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "KEPT_SECONDS", 0)
    monkeypatch.setattr(probes._Kept, "until", 0.0)
    monkeypatch.setattr(tallies._Silence, "until", 0.0)


@pytest.fixture
def bell_tower(monkeypatch: pytest.MonkeyPatch) -> FakeBroker:
    """A broker that answers."""
    fake = FakeBroker()
    monkeypatch.setattr(broker, "client", lambda: fake)
    return fake


@pytest.fixture
def all_well(bell_tower: FakeBroker, app: Flask, monkeypatch: pytest.MonkeyPatch) -> FakeBroker:
    """Everything works: beat beats, a worker serves every queue."""
    monkeypatch.setattr(health, "CLOCK_LIMIT", timedelta.max)  # the tests' clock stands still
    hear_beat(timedelta(seconds=8))
    workers.remember(
        bell_tower,
        workers.Worker("w1", tuple(queue.value for queue in Queue), 1, 2, NOW),
    )
    return bell_tower


def hear_beat(ago: timedelta) -> None:
    db.session.execute(sa.delete(PeriodicRun))
    db.session.add(PeriodicRun(name="relay", started_at=NOW - ago))
    db.session.commit()


def degraded(client: FlaskClient) -> set[str]:
    parts = client.get("/health/ready").json["parts"]
    return {part for part, state in parts.items() if state != "ok"}


@pytest.fixture
def without_database(app: Flask) -> Iterator[None]:
    """Let every new connection fail, as while the server restarts."""

    def lose(*_args: Any, **_kwargs: Any) -> None:
        raise sa.exc.OperationalError("connect", {}, Exception("refused"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa.engine.Engine, "connect", lose)
        yield


@contextmanager
def at_schema(engine: sa.Engine, version: str) -> Iterator[None]:
    """Let the database say that its schema is of another version."""
    change = sa.text("UPDATE alembic_version SET version_num = :version")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        own = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.execute(change, {"version": version})
        try:
            yield
        finally:
            connection.execute(change, {"version": own})


class TestLive:
    def test_answers_without_database_and_broker(
        self, client: FlaskClient, without_database: None
    ) -> None:
        assert client.get("/health/live").json == {"status": "ok"}


class TestReady:
    def test_says_ok_of_every_part(self, client: FlaskClient, all_well: FakeBroker) -> None:
        answer = client.get("/health/ready")

        assert answer.status_code == 200
        assert answer.json == {
            "status": "ok",
            "parts": {part.value: "ok" for part in health.Part},
        }

    def test_without_the_database_nothing_can_be_served(
        self, client: FlaskClient, all_well: FakeBroker, without_database: None
    ) -> None:
        answer = client.get("/health/ready")

        assert answer.status_code == 503
        assert answer.json["status"] == "down"
        assert answer.json["parts"]["database"] == "degraded"
        assert answer.json["parts"]["storage"] == "ok"

    def test_a_schema_that_is_behind_serves_nothing(
        self, client: FlaskClient, all_well: FakeBroker, owner_engine: sa.Engine
    ) -> None:
        with at_schema(owner_engine, "0002"):
            assert client.get("/health/ready").status_code == 503

    def test_a_schema_of_the_next_version_serves_as_before(
        self, client: FlaskClient, all_well: FakeBroker, owner_engine: sa.Engine
    ) -> None:
        """During an upgrade the migration runs first, and this code goes on."""
        with at_schema(owner_engine, "9999"):
            assert client.get("/health/ready").status_code == 200

    def test_without_the_broker_pages_are_served(
        self, client: FlaskClient, all_well: FakeBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away() -> None:
            raise redis.ConnectionError

        monkeypatch.setattr(broker, "client", away)

        answer = client.get("/health/ready")

        assert answer.status_code == 200
        assert answer.json["status"] == "degraded"
        assert degraded(client) == {"broker", "workers"}

    @pytest.mark.parametrize(("seconds", "found"), [(80, set()), (100, {"beat"})])
    def test_a_beat_not_heard_for_90_seconds_is_missed(
        self, client: FlaskClient, all_well: FakeBroker, seconds: int, found: set[str]
    ) -> None:
        hear_beat(timedelta(seconds=seconds))

        assert degraded(client) == found

    def test_a_storage_that_takes_no_file_is_found_out(
        self, app: Flask, client: FlaskClient, all_well: FakeBroker, settings: Any
    ) -> None:
        blocked = settings.instance / "blocked"
        blocked.write_text("a file where the folder should be")
        app.config["SETTINGS"] = replace(settings, storage_url=f"file://{blocked}/files")
        try:
            assert degraded(client) == {"storage"}
        finally:
            app.config["SETTINGS"] = settings

    def test_a_full_disk_is_told_of(
        self, client: FlaskClient, all_well: FakeBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "DISK_LIMIT_PERCENT", 0)

        assert degraded(client) == {"disk"}

    @pytest.mark.parametrize(("minutes", "found"), [(4, set()), (6, {"queues"})])
    def test_a_queue_is_late_after_its_limit(
        self,
        client: FlaskClient,
        all_well: FakeBroker,
        monkeypatch: pytest.MonkeyPatch,
        minutes: int,
        found: set[str],
    ) -> None:
        monkeypatch.setitem(outbox.QUEUES, "tests.note", Queue.DOCUMENTS)
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW - timedelta(minutes=minutes))

        assert degraded(client) == found

    def test_a_clock_that_is_not_the_databases_is_told_of(
        self, client: FlaskClient, all_well: FakeBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(health, "CLOCK_LIMIT", timedelta(minutes=1))

        assert degraded(client) == {"clock"}

    def test_a_process_of_the_web_server_that_was_killed_is_told_of_for_ten_minutes(
        self,
        client: FlaskClient,
        all_well: FakeBroker,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(deaths, "_folders", [])
        deaths.note_in(str(tmp_path))
        for pid in (1, 2, 3):
            deaths.begin(pid)
        deaths.end(1)
        deaths.bury(1, now=NOW)
        deaths.bury(2, now=NOW - timedelta(minutes=11))
        quiet = degraded(client)
        deaths.bury(3, now=NOW)

        assert quiet == set()
        assert degraded(client) == {"web"}

    def test_a_queue_that_no_living_worker_serves_is_missed(
        self, client: FlaskClient, all_well: FakeBroker
    ) -> None:
        workers.remember(all_well, workers.Worker("w1", ("mail",), 0, 2, NOW))
        others = tuple(queue.value for queue in Queue)
        gone = NOW - timedelta(minutes=2)
        workers.remember(all_well, workers.Worker("w2", others, 0, 2, gone))

        assert degraded(client) == {"workers"}

    def test_tells_nothing_but_ok_and_degraded(
        self, client: FlaskClient, all_well: FakeBroker
    ) -> None:
        assert set(client.get("/health/ready").json["parts"].values()) <= {"ok", "degraded"}

    def test_asking_often_asks_the_parts_once(
        self, client: FlaskClient, all_well: FakeBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(probes, "KEPT_SECONDS", 5)
        asked: list[object] = []
        examine = health.examine
        monkeypatch.setattr(health, "examine", lambda now: asked.append(now) or examine(now))

        for _ in range(3):
            client.get("/health/ready")

        assert len(asked) == 1


@pytest.fixture
def guarded(app: Flask) -> Iterator[Any]:
    """Return how to set who may read the metrics."""
    kept = app.config["SETTINGS"]

    def guard(*, token: str = "", networks: tuple[str, ...] = ()) -> None:
        app.config["SETTINGS"] = replace(kept, metrics_token=token, metrics_networks=networks)

    yield guard
    app.config["SETTINGS"] = kept


class TestMetrics:
    def test_is_no_page_where_nobody_is_named(self, client: FlaskClient, guarded: Any) -> None:
        guarded()

        assert client.get("/metrics").status_code == 404

    @pytest.mark.parametrize(
        ("header", "status"),
        [("Bearer right", 200), ("Bearer wrong", 404), ("right", 404), ("", 404), ("Bearer ", 404)],
    )
    def test_asks_for_the_token(
        self, client: FlaskClient, guarded: Any, header: str, status: int
    ) -> None:
        guarded(token="right")

        answer = client.get("/metrics", headers={"Authorization": header})

        assert answer.status_code == status

    @pytest.mark.parametrize(
        ("address", "headers", "status"),
        [
            ("10.1.2.3", {}, 200),
            ("10.2.2.3", {}, 404),
            ("10.1.2.3", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ],
    )
    def test_answers_the_networks_that_are_named(
        self,
        client: FlaskClient,
        guarded: Any,
        address: str,
        headers: dict[str, str],
        status: int,
    ) -> None:
        guarded(networks=("10.1.0.0/16",))

        answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

        assert answer.status_code == status

    def test_measures_requests_jobs_queues_and_parts(
        self, client: FlaskClient, all_well: FakeBroker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(outbox.HANDLERS, "tests.note", lambda **_: None)
        with transaction():
            outbox.owe("tests.note", key="done", now=NOW)
        (bell,) = outbox.list_due(now=NOW)
        outbox.run(bell.message_id, now=NOW)
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW - timedelta(seconds=40))
        client.get("/prodotti")

        lines = client.get("/metrics").text.splitlines()

        for expected in (
            'gifting_jobs_total{outcome="done",task="tests.note"} 1.0',
            'gifting_queue_jobs{queue="gifting"} 1.0',
            'gifting_queue_oldest_seconds{queue="gifting"} 40.0',
            'gifting_open_jobs{state="waiting"} 1.0',
            'gifting_broker_calls{queue="mail"} 3.0',
            'gifting_part_ok{part="database"} 1.0',
            "gifting_beat_age_seconds 8.0",
            "gifting_workers 1.0",
        ):
            assert expected in lines
        assert any('gifting_requests_total{route="catalogue.products"' in line for line in lines)
        assert any("gifting_request_seconds_bucket" in line for line in lines)
        assert any("gifting_request_queries_sum" in line for line in lines)

    @pytest.mark.parametrize("error", [OSError(28, "full"), IndexError(), struct.error()])
    def test_what_cannot_be_counted_on_a_full_disk_spoils_no_page(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def refuse(*_labels: str) -> None:
            raise error

        monkeypatch.setattr(metrics.REQUESTS, "labels", refuse)

        assert client.get("/health/live").status_code == 200

    def test_says_what_it_can_without_database_and_broker(
        self, client: FlaskClient, without_database: None
    ) -> None:
        text = client.get("/metrics").text

        assert 'gifting_part_ok{part="database"} 0.0' in text
        assert 'gifting_part_ok{part="broker"} 0.0' in text

    def test_every_count_of_the_house_is_shown(self) -> None:
        assert set(metrics.TALLIES) >= {"jobs", "job_seconds", "letters", "papers", "slow_queries"}
