"""Who minds the system gets a letter about each kind of trouble, one an hour, with the count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.backoffice import service
from gifting.backoffice.queries.alarms import Alarm
from gifting.platform import broker, outbox, statements, storage, tallies, workers
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage, PeriodicRun
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.letters import run_owed
from tests.support.smtp import smtp_server

Letters = list[EmailMessage]
HOUR = timedelta(hours=1)


@pytest.fixture
def letters(app: Flask) -> Iterator[Letters]:
    """What arrives at a real mail server."""
    kept = app.config["SETTINGS"]
    with smtp_server() as (url, arrived):
        app.config["SETTINGS"] = replace(kept, smtp_url=url, alarm_to="guardia@example.com")
        yield arrived
        app.config["SETTINGS"] = kept


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, tallies.Trouble]:
    """What the broker would count, here."""
    found: dict[str, tallies.Trouble] = {}

    def note(kind: str, example: str) -> None:
        count = found[kind].count + 1 if kind in found else 1
        found[kind] = tallies.Trouble(kind, count, example)

    def settle(trouble: tallies.Trouble) -> None:
        left = found[trouble.kind].count - trouble.count
        found[trouble.kind] = tallies.Trouble(trouble.kind, left, "")

    monkeypatch.setattr(tallies, "note_trouble", note)
    monkeypatch.setattr(tallies, "find_trouble", found.get)
    monkeypatch.setattr(tallies, "settle_trouble", settle)
    return found


def watch(now: datetime = NOW) -> None:
    """Look, and let what is owed leave."""
    with transaction():
        service.owe_alarms(now=now)
    for bell in outbox.list_due(now=now):
        if bell.task == service.MAIL_ALARM:
            outbox.run(bell.message_id, now=now)


def subjects(letters: Letters) -> list[str]:
    return [str(letter["Subject"]) for letter in letters]


def fail_job(number: int, *, at: datetime = NOW) -> None:
    with transaction():
        outbox.owe("quotes.mail_offer", key=f"k{number}", now=at, record_id=1)
        db.session.execute(
            sa.update(OutboxMessage)
            .where(OutboxMessage.key == f"k{number}")
            .values(gave_up_at=at, last_error="MailRefused: 550 5.1.1 <…>: no")
        )


class TestOweAlarms:
    def test_writes_nothing_when_all_is_well(self, letters: Letters) -> None:
        watch()

        assert letters == []

    def test_a_letter_says_what_where_and_what_to_do(self, app: Flask, letters: Letters) -> None:
        fail_job(1)

        watch()

        (letter,) = letters
        text = letter.get_body(("plain",)).get_content()
        assert letter["To"] == "guardia@example.com"
        assert letter["Subject"] == "Da guardare: Un lavoro è fallito"
        assert "riprova" in text
        assert "quotes.mail_offer: MailRefused: 550 5.1.1 <…>: no" in text
        assert "/ufficio/stato" in text

    def test_many_failures_are_one_letter_an_hour_with_their_count(self, letters: Letters) -> None:
        for number in range(30):
            fail_job(number)
        watch()
        for minute in range(1, 30):
            fail_job(100 + minute, at=NOW + timedelta(minutes=minute))
            watch(NOW + timedelta(minutes=minute))
        watch(NOW + HOUR)
        watch(NOW + 2 * HOUR)

        assert subjects(letters) == [
            "Da guardare: 30 lavori sono falliti",
            "Da guardare: 29 lavori sono falliti",
        ]

    def test_an_hour_is_an_hour_whatever_the_clock_strikes(self, letters: Letters) -> None:
        last_minute = NOW + timedelta(minutes=59)
        fail_job(1, at=last_minute)
        watch(last_minute)
        fail_job(2, at=last_minute + timedelta(seconds=30))
        watch(NOW + HOUR)

        assert len(letters) == 1

    def test_an_outage_is_told_of_when_it_lasts(self, letters: Letters) -> None:
        with transaction():
            outbox.owe("quotes.mail_offer", key="k", now=NOW, record_id=1)
            db.session.execute(
                sa.update(OutboxMessage).values(
                    last_error="MailServerAway: TimeoutError", available_at=NOW + HOUR
                )
            )

        watch(NOW + timedelta(minutes=10))
        assert letters == []
        watch(NOW + timedelta(minutes=20))
        assert subjects(letters) == ["Da guardare: Un lavoro non riesce da più di 15 minuti"]

    def test_a_late_queue(self, letters: Letters) -> None:
        for number in range(3):
            with transaction():
                outbox.owe("quotes.mail_offer", key=f"k{number}", now=NOW, record_id=1)

        watch(NOW + timedelta(minutes=4))
        assert letters == []
        watch(NOW + timedelta(minutes=6))
        assert subjects(letters) == ["Da guardare: Una coda è in ritardo: 3 lavori aspettano"]

    @pytest.mark.parametrize(("seconds", "count"), [(80, 0), (100, 1)])
    def test_a_silent_beat(self, letters: Letters, seconds: int, count: int) -> None:
        db.session.add(PeriodicRun(name="relay", started_at=NOW - timedelta(seconds=seconds)))
        db.session.commit()

        watch()

        assert subjects(letters) == ["Da guardare: L’orologio dei lavori è fermo"] * count

    def test_a_periodic_job_that_failed(self, letters: Letters) -> None:
        db.session.add(
            PeriodicRun(name="quotes.expire_due", started_at=NOW, ended_at=NOW, error="KeyError: a")
        )
        db.session.commit()

        watch()

        assert subjects(letters) == ["Da guardare: Un lavoro a orario non è riuscito"]

    def test_slow_queries_by_their_shape(
        self, letters: Letters, counts: dict[str, tallies.Trouble]
    ) -> None:
        statements.watch(slow_ms=50)
        try:
            for _ in range(2):
                db.session.execute(
                    sa.text("SELECT pg_sleep(:long), :who"), {"long": 0.06, "who": "Sentinelli"}
                )
        finally:
            statements.watch(slow_ms=500)

        watch()
        watch(NOW + HOUR)

        assert subjects(letters) == ["Da guardare: La base dati è stata lenta 2 volte"]
        text = letters[0].get_body(("plain",)).get_content()
        assert "pg_sleep" in text
        assert "Sentinelli" not in text

    def test_a_damaged_file(
        self,
        app: Flask,
        letters: Letters,
        counts: dict[str, tallies.Trouble],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        sha256 = storage.store(b"an offer")
        path = app.config["SETTINGS"].instance / "files" / sha256[:2] / sha256
        path.write_bytes(b"another one")
        with pytest.raises(storage.StoredFileDamaged):
            storage.load(sha256)
        path.unlink()

        watch()

        assert subjects(letters) == ["Da guardare: Un documento conservato è rovinato"]
        assert sha256[:16] in letters[0].get_body(("plain",)).get_content()

    def test_every_kind_has_words_of_its_own(self, app: Flask, letters: Letters) -> None:
        with transaction():
            for alarm in Alarm:
                about = {"letter": alarm.value, "alarm": alarm.value, "count": 2, "example": "x"}
                outbox.owe(service.MAIL_ALARM, key=alarm.value, now=NOW, **about)
        run_owed()

        assert len(set(subjects(letters))) == len(Alarm)

    def test_the_workers_look_by_their_own_clock_for_beat_may_be_dead(self, app: Flask) -> None:
        """Or nobody would tell that beat is silent."""
        sent: list[tuple[Any, ...]] = []
        celery = SimpleNamespace(send_task=lambda *args, **options: sent.append((*args, options)))

        workers._ring(SimpleNamespace(app=celery), "backoffice.watch", 60)

        assert "backoffice.watch" in outbox.RUNG_BY_WORKERS
        assert "backoffice.watch" not in app.extensions["celery"].conf.beat_schedule
        assert sent[0][:2] == ("gifting.run_periodic", ("backoffice.watch",))
        assert sent[0][2]["queue"] == "periodic"


class TestTallies:
    def test_without_a_broker_nothing_is_counted_and_nobody_waits(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        client = broker.client
        monkeypatch.setattr(tallies._Silence, "until", 0.0)
        monkeypatch.setattr(broker, "client", lambda: asked.append(1) or client())

        for _ in range(5):
            tallies.add("jobs")

        assert len(asked) == 1


class TestPurgeJobs:
    def test_deletes_what_was_done_long_ago_and_nothing_else(self, app: Flask) -> None:
        for key, done_at in {
            "old": NOW - timedelta(days=91),
            "new": NOW - timedelta(days=89),
            "open": None,
        }.items():
            with transaction():
                outbox.owe("tests.note", key=key, now=NOW - timedelta(days=100))
                db.session.execute(
                    sa.update(OutboxMessage).where(OutboxMessage.key == key).values(done_at=done_at)
                )

        with transaction():
            assert service.purge_jobs(now=NOW) == 1

        assert set(db.session.scalars(sa.select(OutboxMessage.key))) == {"new", "open"}

    def test_takes_a_bounded_number_at_once(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "PURGED_AT_ONCE", 2)
        with transaction():
            for number in range(3):
                outbox.owe("tests.note", key=f"k{number}", now=NOW)
            db.session.execute(sa.update(OutboxMessage).values(done_at=NOW - timedelta(days=100)))

        with transaction():
            assert [service.purge_jobs(now=NOW) for _ in range(3)] == [2, 1, 0]
