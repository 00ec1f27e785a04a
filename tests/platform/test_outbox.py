from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from gifting.platform import outbox
from gifting.platform.db import db
from gifting.platform.failures import MailRefused, MailServerAway
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from tests.conftest import NOW

TASK = "tests.note"


@pytest.fixture
def noted(monkeypatch):
    """Replace the handlers by one that notes what it is called with."""
    calls = []
    monkeypatch.setattr(outbox, "HANDLERS", {TASK: lambda **kwargs: calls.append(kwargs)})
    return calls


@pytest.fixture
def owe_one(app):
    def owe(key="k", **kwargs):
        with transaction():
            outbox.owe(TASK, key=key, now=NOW, **kwargs)
        return db.session.scalars(sa.select(OutboxMessage.id).where(OutboxMessage.key == key)).one()

    return owe


def leave_in_the_middle(message_id, *, attempts, at=NOW):
    """What is there after a worker died: a claim, and no lock."""
    message = db.session.get_one(OutboxMessage, message_id)
    message.attempts, message.leased_until = attempts, at + outbox.LEASE


def ids_due(moment):
    return [bell.message_id for bell in outbox.list_due(now=moment)]


def fail(**_):
    raise OSError("mail server down")


class TestRun:
    def test_does_a_job_once_however_often_it_is_woken(self, noted, owe_one):
        message_id = owe_one(record_id=7)

        done = [outbox.run(message_id, now=NOW) for _ in range(3)]

        assert done == [True, False, False]
        assert noted == [{"record_id": 7, "now": NOW}]

    def test_leaves_a_job_that_somebody_holds(self, noted, owe_one):
        message_id = owe_one()
        with transaction():
            db.session.get_one(OutboxMessage, message_id).leased_until = NOW + outbox.LEASE

        assert not outbox.run(message_id, now=NOW)
        assert outbox.run(message_id, now=NOW + outbox.LEASE + timedelta(seconds=1))

    def test_leaves_a_job_that_a_living_worker_works_on_however_long(self, app, owe_one):
        """Its row is locked as long as the worker's transaction lives."""
        message_id = owe_one()
        with transaction():
            held = sa.select(OutboxMessage.id).where(OutboxMessage.id == message_id)
            with db.engine.begin() as worker:
                worker.execute(held.with_for_update())

                assert not outbox.run(message_id, now=NOW + timedelta(days=1))

    def test_takes_over_at_once_what_a_dead_worker_left(self, noted, owe_one):
        message_id = owe_one()
        with transaction():
            leave_in_the_middle(message_id, attempts=1)

        assert outbox.run(message_id, now=NOW + outbox.LEASE + timedelta(seconds=1))

    def test_waits_longer_when_the_worker_died_again_and_gives_up_in_the_end(self, noted, owe_one):
        """A job that kills its worker must not take one after the other."""
        message_id = owe_one()
        moment, waits = NOW, []
        for attempts in range(2, outbox.MAX_ATTEMPTS + 1):
            with transaction():
                leave_in_the_middle(message_id, attempts=attempts, at=moment)
            moment += outbox.LEASE + timedelta(seconds=1)
            assert not outbox.run(message_id, now=moment)
            message = db.session.get_one(OutboxMessage, message_id)
            waits.append(message.available_at - moment)
            moment = message.available_at

        assert waits[:2] == [timedelta(seconds=80), timedelta(seconds=320)]
        assert message.gave_up_at is not None
        assert message.last_error.startswith("WorkerLost: ")
        assert noted == []

    def test_never_gives_up_what_waits_for_a_server_to_come_back(self, owe_one, monkeypatch):
        def find_nobody(**_):
            raise MailServerAway("connection refused")

        monkeypatch.setattr(outbox, "HANDLERS", {TASK: find_nobody})
        message_id = owe_one()
        moment = NOW
        for _ in range(outbox.MAX_ATTEMPTS + 3):
            with pytest.raises(MailServerAway):
                outbox.run(message_id, now=moment)
            message = db.session.get_one(OutboxMessage, message_id)
            assert message.gave_up_at is None
            assert message.available_at - moment <= outbox.OUTAGE_LIMIT
            moment = message.available_at

    def test_gives_a_letter_that_will_never_be_taken_up_at_once(self, owe_one, monkeypatch):
        def be_refused(**_):
            raise MailRefused("550 no such mailbox")

        monkeypatch.setattr(outbox, "HANDLERS", {TASK: be_refused})
        message_id = owe_one()
        with pytest.raises(MailRefused):
            outbox.run(message_id, now=NOW)

        message = db.session.get_one(OutboxMessage, message_id)
        assert (message.gave_up_at, message.last_error) == (NOW, "MailRefused: 550 no such mailbox")

    def test_uses_no_attempt_while_the_database_is_away(self, noted, owe_one, monkeypatch):
        def be_away(*_, **__):
            raise OperationalError("SELECT", {}, Exception("server closed the connection"))

        message_id = owe_one()
        with monkeypatch.context() as outage:
            outage.setattr(db.session, "execute", be_away)
            with pytest.raises(OperationalError):
                outbox.run(message_id, now=NOW)

        assert db.session.get_one(OutboxMessage, message_id).attempts == 0
        assert outbox.run(message_id, now=NOW)

    def test_is_not_held_up_by_a_clock_that_was_set_back(self, noted, owe_one):
        owed, left = owe_one("owed"), owe_one("left")
        with transaction():
            leave_in_the_middle(left, attempts=1)
        before = NOW - timedelta(hours=1)

        assert ids_due(before) == [owed, left]
        assert outbox.run(owed, now=before)
        assert outbox.run(left, now=before)

    def test_leaves_a_job_that_is_not_due(self, noted, owe_one):
        message_id = owe_one(after=timedelta(hours=1))

        assert not outbox.run(message_id, now=NOW)
        assert outbox.run(message_id, now=NOW + timedelta(hours=1))

    def test_postpones_a_failed_job_longer_each_time(self, owe_one, monkeypatch):
        monkeypatch.setattr(outbox, "HANDLERS", {TASK: fail})
        message_id = owe_one()
        moment, waits = NOW, []
        for _ in range(3):
            with pytest.raises(OSError, match="mail server"):
                outbox.run(message_id, now=moment)
            due = db.session.get_one(OutboxMessage, message_id).available_at
            waits.append(due - moment)
            moment = due

        assert waits == [timedelta(seconds=s) for s in (20, 80, 320)]

    def test_gives_a_job_up_to_a_person_after_the_last_attempt(self, owe_one, monkeypatch, noted):
        monkeypatch.setattr(outbox, "HANDLERS", {TASK: fail})
        message_id = owe_one()
        moment = NOW
        for _ in range(outbox.MAX_ATTEMPTS):
            moment += timedelta(hours=2)
            with pytest.raises(OSError, match="mail server"):
                outbox.run(message_id, now=moment)
        message = db.session.get_one(OutboxMessage, message_id)
        assert message.gave_up_at == moment
        assert message.last_error.startswith("OSError: tests/platform/test_outbox.py:")
        assert message.last_error.endswith(" in fail")
        assert outbox.list_due(now=moment + timedelta(days=1)) == []

        monkeypatch.setattr(outbox, "HANDLERS", {TASK: lambda **kwargs: noted.append(kwargs)})
        with transaction():
            assert outbox.retry(message_id, now=moment)

        assert outbox.run(message_id, now=moment)
        assert len(noted) == 1

    def test_rolls_back_an_attempt_that_lost_its_lease(self, owe_one, monkeypatch):
        def outlive_the_lease(*, now):
            db.session.execute(sa.update(OutboxMessage).values(last_error="written by the loser"))
            db.session.execute(sa.update(OutboxMessage).values(attempts=OutboxMessage.attempts + 1))

        monkeypatch.setattr(outbox, "HANDLERS", {TASK: outlive_the_lease})
        message_id = owe_one()

        with pytest.raises(outbox.LeaseLost):
            outbox.run(message_id, now=NOW)

        assert db.session.get_one(OutboxMessage, message_id).last_error is None


class TestRetry:
    def test_leaves_a_running_job_to_the_worker_that_holds_it(self, owe_one, monkeypatch):
        """Else the next attempt would have the number of the one that is running."""
        runs = []

        def is_retried_meanwhile(*, now):
            runs.append(now)
            if len(runs) == 1:
                assert outbox.retry(message_id, now=now)
                assert not outbox.run(message_id, now=now)

        monkeypatch.setattr(outbox, "HANDLERS", {TASK: is_retried_meanwhile})
        message_id = owe_one()

        outbox.run(message_id, now=NOW)

        assert len(runs) == 1

    def test_finds_nothing_to_do_for_a_finished_job(self, noted, owe_one):
        message_id = owe_one()
        outbox.run(message_id, now=NOW)

        assert not outbox.retry(message_id, now=NOW)


class TestListDue:
    def test_finds_what_nobody_woke_oldest_first(self, noted, owe_one):
        """The relay's question: it finds jobs owed while the broker was down."""
        later, first = owe_one("b", after=timedelta(minutes=1)), owe_one("a")

        assert ids_due(NOW) == [first]
        assert ids_due(NOW + timedelta(minutes=1)) == [first, later]

    def test_passes_over_what_is_held_and_what_is_done(self, noted, owe_one):
        held, done = owe_one("held"), owe_one("done")
        with transaction():
            db.session.get_one(OutboxMessage, held).leased_until = NOW + outbox.LEASE
        outbox.run(done, now=NOW)

        assert outbox.list_due(now=NOW) == []
        assert ids_due(NOW + outbox.LEASE + timedelta(seconds=1)) == [held]


class TestOwe:
    def test_refuses_the_same_key_twice(self, owe_one):
        owe_one(key="once")

        with pytest.raises(IntegrityError, match="uq_outbox_message_key"):
            owe_one(key="once")

    def test_is_nothing_when_the_change_is_rolled_back(self, app):
        with pytest.raises(KeyError), transaction():
            outbox.owe(TASK, key="k", now=NOW)
            raise KeyError

        assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 0


class TestTransaction:
    def test_wakes_a_worker_only_after_the_commit(self, app):
        woken = []
        with transaction(wake=woken.append):
            outbox.owe(TASK, key="k", now=NOW)
            assert woken == []
        assert len(woken) == 1

    def test_wakes_nobody_when_it_rolls_back(self, app):
        woken = []
        with pytest.raises(KeyError), transaction(wake=woken.append):
            outbox.owe(TASK, key="k", now=NOW)
            raise KeyError
        with transaction(wake=woken.append):
            pass
        assert woken == []

    def test_keeps_the_commit_when_the_broker_is_down(self, app, caplog):
        def broken(_):
            raise ConnectionError

        with transaction(wake=broken):
            outbox.owe(TASK, key="k", now=NOW)

        assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 1
        assert "could not wake a worker" in caplog.text
