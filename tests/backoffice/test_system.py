"""The staff see how the system fares and every owed job with what went wrong, and act on it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.backoffice import service
from gifting.backoffice.views import parts
from gifting.backoffice.views.wording import FAILURES, failure_words, task_words
from gifting.core.roles import Role
from gifting.platform import failures, outbox
from gifting.platform.backup.runs import LastBackup
from gifting.platform.db import db
from gifting.platform.formats import time_of, weekday
from gifting.platform.health import Finding, Part
from gifting.platform.models import BackupRun, EventLogEntry, OutboxMessage, PeriodicRun
from gifting.platform.outbox import Queue
from gifting.platform.uow import Bell, transaction
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.queries import count_queries
from tests.support.quotes import make_request

TASK = "tests.note"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_user(Role.OPERATIONS))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Handlers that work from here on; tells for which record each ran."""
    records: list[int] = []
    monkeypatch.setitem(outbox.HANDLERS, TASK, lambda *, record_id, now: records.append(record_id))
    return records


def owe(record_id: int, *, after: timedelta = timedelta()) -> int:
    with transaction():
        outbox.owe(TASK, key=f"{TASK}:{record_id}", now=NOW, after=after, record_id=record_id)
    return db.session.scalars(
        sa.select(OutboxMessage.id).where(OutboxMessage.key == f"{TASK}:{record_id}")
    ).one()


def fail(job_id: int, *, times: int = 1) -> None:
    """Let the job fail, the last time at NOW."""
    for attempt in range(times, 0, -1):
        moment = NOW - timedelta(hours=2) * (attempt - 1)
        db.session.execute(sa.update(OutboxMessage).values(available_at=moment))
        db.session.commit()
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(outbox.HANDLERS, TASK, _break)
            with pytest.raises(OSError, match="posta spenta"):
                outbox.run(job_id, now=moment)


def _break(**_: object) -> None:
    raise OSError("posta spenta <b>")


class TestJobs:
    def test_a_given_up_job_comes_first_with_its_error_and_attempts(
        self, office: FlaskClient
    ) -> None:
        fail(owe(7), times=outbox.MAX_ATTEMPTS)

        page = office.get("/ufficio/stato").text

        assert "OSError: tests/backoffice/test_system.py:" in page
        assert "posta spenta" not in page
        assert "8 su 8" in page
        assert ">Riprova<" in page

    @pytest.mark.parametrize("view", ["failed", "retrying", "waiting", "running", "done"])
    def test_each_view_lists_the_jobs_in_its_state_and_no_others(
        self, office: FlaskClient, done: list[int], view: str
    ) -> None:
        ids = {"failed": owe(1)}
        fail(ids["failed"], times=outbox.MAX_ATTEMPTS)
        ids["done"] = owe(5)
        outbox.run(ids["done"], now=NOW)
        ids["running"] = owe(4)
        with transaction():
            db.session.get_one(OutboxMessage, ids["running"]).leased_until = NOW + outbox.LEASE
        ids["retrying"] = owe(2)
        with transaction():
            db.session.get_one(OutboxMessage, ids["retrying"]).last_error = "OSError: posta"
        ids["waiting"] = owe(3)

        page = office.get(f"/ufficio/stato?vista={view}").text

        shown = {name for name, job_id in ids.items() if f">J-{job_id}<" in page}
        assert shown == {view}

    def test_retrying_runs_it_from_its_first_attempt_and_says_who_asked(
        self, app: Flask, office: FlaskClient, done: list[int]
    ) -> None:
        job_id = owe(7)
        fail(job_id, times=outbox.MAX_ATTEMPTS)
        woken: list[Bell] = []
        app.extensions["wake"], sleep = woken.append, app.extensions["wake"]
        try:
            answer = office.post(f"/ufficio/stato/lavori/{job_id}/riprova", follow_redirects=True)
        finally:
            app.extensions["wake"] = sleep
        ran = outbox.run(job_id, now=NOW)

        assert "Il lavoro riparte adesso" in answer.text
        assert woken == [Bell(job_id, TASK)]
        assert ran
        assert done == [7]
        assert db.session.scalars(
            sa.select(EventLogEntry.action).where(EventLogEntry.subject == f"job:{job_id}")
        ).all() == ["retry"]

    def test_a_finished_job_is_not_done_again(self, office: FlaskClient, done: list[int]) -> None:
        job_id = owe(7)
        outbox.run(job_id, now=NOW)

        answer = office.post(f"/ufficio/stato/lavori/{job_id}/riprova", follow_redirects=True)

        assert "era già finito" in answer.text
        assert not outbox.run(job_id, now=NOW)
        assert done == [7]

    def test_a_job_is_named_in_plain_words_and_leads_to_what_it_is_for(
        self, client: FlaskClient
    ) -> None:
        quote = make_request()

        page = (
            sign_in(client, make_user(Role.ADMINISTRATOR)).get("/ufficio/stato?vista=waiting").text
        )

        assert "E-mail, richiesta ricevuta" in page
        assert "quotes.mail_receipt" not in page
        assert f'href="/ufficio/preventivi/{quote.reference}">{quote.reference}</a>' in page

    def test_no_link_leads_where_the_reader_may_not_go(self, office: FlaskClient) -> None:
        quote = make_request()

        page = office.get("/ufficio/stato?vista=waiting").text

        assert quote.reference in page
        assert f"/ufficio/preventivi/{quote.reference}" not in page

    def test_every_job_has_words(self, app: Flask) -> None:
        with app.test_request_context():
            nameless = [name for name in outbox.HANDLERS if task_words(name) == name]

        assert nameless == []

    def test_says_when_there_is_nothing(self, office: FlaskClient) -> None:
        assert "Niente da guardare" in office.get("/ufficio/stato").text
        assert "Niente in questo elenco" in office.get("/ufficio/stato?vista=done").text

    def test_those_worth_a_look_come_together_the_gravest_first(self, office: FlaskClient) -> None:
        retried, failed, waiting = owe(1), owe(2), owe(3)
        with transaction():
            db.session.get_one(OutboxMessage, retried).last_error = "MailServerAway: 421"
            row = db.session.get_one(OutboxMessage, failed)
            row.gave_up_at, row.last_error = NOW, "MailRefused: 550"

        page = office.get("/ufficio/stato").text

        assert page.index(f">J-{failed}<") < page.index(f">J-{retried}<")
        assert f">J-{waiting}<" not in page

    def test_what_went_wrong_is_said_first_in_plain_words_then_for_who_knows_the_code(
        self, office: FlaskClient
    ) -> None:
        job_id = give_up(owe(7), "MailRefused: 550 5.1.1 no such user")

        page = office.get("/ufficio/stato").text

        plain = page.index("Il server di posta ha rifiutato questa lettera per sempre.")
        assert plain < page.index("MailRefused: 550 5.1.1 no such user")
        assert "record_id=7" in page
        assert f"lavoro={TASK}" in page
        assert f"/lavori/{job_id}/archivia" in page

    def test_a_job_unfolds_and_folds_without_javascript(self, office: FlaskClient) -> None:
        first, second = give_up(owe(1), "Odd: a.py:1"), give_up(owe(2), "Odd: b.py:2")

        assert "b.py:2" in office.get("/ufficio/stato").text
        chosen = office.get(f"/ufficio/stato?aperto={first}").text
        assert "a.py:1" in chosen
        assert "b.py:2" not in chosen
        folded = office.get("/ufficio/stato?aperto=0").text
        assert "a.py:1" not in folded
        assert f"aperto={second}" in folded

    @pytest.mark.parametrize("case", ["lower", "upper"])
    def test_is_found_by_the_reference_of_what_it_is_for(
        self, office: FlaskClient, case: str
    ) -> None:
        wanted, other = make_request(), make_request()
        asked = getattr(wanted.reference, case)()

        page = office.get("/ufficio/stato", query_string={"vista": "waiting", "cerca": asked}).text

        assert f">{wanted.reference}<" in page
        assert f">{other.reference}<" not in page

    @pytest.mark.parametrize("form", ["J-{}", "j-{}", "{}"])
    def test_is_found_by_its_number(self, office: FlaskClient, form: str) -> None:
        wanted, other = owe(1), owe(2)

        page = office.get(f"/ufficio/stato?vista=waiting&cerca={form.format(wanted)}").text

        assert f">J-{wanted}<" in page
        assert f">J-{other}<" not in page

    @pytest.mark.parametrize("search", ["999999999999999999999", "Rossi", "%", "J-"])
    def test_what_is_nothing_finds_nothing(self, office: FlaskClient, search: str) -> None:
        owe(1)

        page = office.get("/ufficio/stato", query_string={"vista": "waiting", "cerca": search})

        assert page.status_code == 200
        assert "Nessun lavoro così" in page.text

    def test_is_found_by_its_type(
        self, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job_id = owe(1)
        monkeypatch.setitem(outbox.QUEUES, TASK, Queue.DOCUMENTS)

        for queue in (Queue.DOCUMENTS, Queue.MAIL, Queue.DEFAULT):
            page = office.get(f"/ufficio/stato?vista=waiting&tipo={queue}").text
            assert (f">J-{job_id}<" in page) is (queue is Queue.DOCUMENTS)

    def test_finished_ones_are_those_of_the_last_day(
        self, office: FlaskClient, done: list[int]
    ) -> None:
        new, old = owe(1), owe(2)
        outbox.run(new, now=NOW)
        outbox.run(old, now=NOW)
        with transaction():
            db.session.get_one(OutboxMessage, old).done_at = NOW - timedelta(hours=25)

        page = office.get("/ufficio/stato?vista=done").text

        assert f">J-{new}<" in page
        assert f">J-{old}<" not in page

    def test_the_next_page_goes_on_where_this_one_ends(
        self, office: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gifting.backoffice.queries.jobs.SHOWN", 2)
        ids = [owe(number) for number in range(3)]

        first = office.get("/ufficio/stato?vista=waiting").text
        second = office.get(f"/ufficio/stato?vista=waiting&prima={ids[1]}").text

        assert f"prima={ids[1]}" in first
        assert f">J-{ids[0]}<" in second
        assert "Successivi" not in second

    def test_ten_times_the_jobs_are_read_with_the_same_queries(self, office: FlaskClient) -> None:
        office.get("/ufficio/stato")
        counts = []
        for rows in (range(2), range(2, 22)):
            for number in rows:
                give_up(owe(number), "Odd: a.py:1")
            with count_queries() as statements:
                office.get("/ufficio/stato")
            counts.append(len(statements))

        assert counts[0] == counts[1]


class TestIndexes:
    def test_no_question_about_jobs_reads_all_that_were_ever_done(
        self, office: FlaskClient
    ) -> None:
        """With sequential reading forbidden, no plan has one left: each has an index to go by."""
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            if "FROM outbox_message" in statement and "FOR UPDATE" not in statement:
                asked.append((statement, values))

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            for view in ("", "failed", "retrying", "waiting", "running", "done"):
                office.get(f"/ufficio/stato?vista={view}&cerca=J-7&tipo=mail")
                office.get(f"/ufficio/stato?vista={view}")
            with transaction():
                service.owe_alarms(now=NOW)
                service.purge_jobs(now=NOW)
            outbox.list_due(now=NOW)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

        connection = db.session.connection()
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plans = [
            "\n".join(connection.exec_driver_sql(f"EXPLAIN {asking}", values).scalars())
            for asking, values in asked
        ]
        assert len(plans) > 40
        assert [plan for plan in plans if "Seq Scan on outbox_message" in plan] == []


def give_up(job_id: int, error: str) -> int:
    with transaction():
        row = db.session.get_one(OutboxMessage, job_id)
        row.gave_up_at, row.last_error, row.attempts = NOW, error, outbox.MAX_ATTEMPTS
    return job_id


class TestArchive:
    def test_asks_why_and_remembers_who(self, office: FlaskClient) -> None:
        job_id = give_up(owe(7), "Odd: a.py:1")
        path = f"/ufficio/stato/lavori/{job_id}/archivia"

        asked = office.get(path)
        answer = office.post(path, data={"reason": "Cliente di prova"}, follow_redirects=True)

        assert "Archivi questo lavoro?" in asked.text
        assert "Lavoro archiviato" in answer.text
        assert f">J-{job_id}<" not in answer.text
        entry = db.session.scalars(
            sa.select(EventLogEntry).where(EventLogEntry.subject == f"job:{job_id}")
        ).one()
        assert (entry.action, entry.data) == ("archive", {"reason": "Cliente di prova"})

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_without_a_reason_nothing_is_put_aside(self, office: FlaskClient, reason: str) -> None:
        job_id = give_up(owe(7), "Odd: a.py:1")

        answer = office.post(f"/ufficio/stato/lavori/{job_id}/archivia", data={"reason": reason})

        assert answer.status_code == 422
        assert db.session.get_one(OutboxMessage, job_id).archived_at is None

    def test_only_a_failed_job_can_be_put_aside(self, office: FlaskClient) -> None:
        path = f"/ufficio/stato/lavori/{owe(7)}/archivia"

        answer = office.post(path, data={"reason": "perché sì"}, follow_redirects=True)

        assert office.get(path).status_code == 404
        assert "non è più tra i falliti" in answer.text

    def test_a_job_put_aside_is_not_done_by_anybody_any_more(
        self, office: FlaskClient, done: list[int]
    ) -> None:
        job_id = give_up(owe(7), "Odd: a.py:1")
        office.post(f"/ufficio/stato/lavori/{job_id}/archivia", data={"reason": "prova"})

        office.post(f"/ufficio/stato/lavori/{job_id}/riprova")

        assert not outbox.run(job_id, now=NOW)
        assert done == []

    def test_nothing_of_a_person_stays_with_it(self, office: FlaskClient) -> None:
        job_id = give_up(owe(7), "Odd: a.py:1")
        with transaction():
            db.session.get_one(OutboxMessage, job_id).payload = {"record_id": 7, "email": "a@b.it"}

        office.post(f"/ufficio/stato/lavori/{job_id}/archivia", data={"reason": "prova"})

        assert db.session.get_one(OutboxMessage, job_id).payload == {"record_id": 7}


class TestWords:
    def test_every_failure_that_has_a_name_has_words(self) -> None:
        assert set(failures.KINDS) <= set(FAILURES)

    @pytest.mark.parametrize("failure", [*failures.KINDS, "UndefinedError", "NobodyKnows", ""])
    def test_say_what_happened_and_what_then(self, app: Flask, failure: str) -> None:
        with app.test_request_context():
            what, then = failure_words(failure)

        assert what.endswith(".")
        assert then.endswith(".")
        assert failure == "" or failure not in what + then

    def test_every_periodic_job_has_words(self, app: Flask) -> None:
        with app.test_request_context():
            nameless = [name for name in outbox.PERIODIC if parts.scheduled_words(name) == name]

        assert nameless == []

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(8, "8 s"), (60, "1 min"), (425, "7 min"), (5400, "1 h"), (200_000, "2 giorni")],
    )
    def test_lengths_are_short(self, app: Flask, seconds: int, words: str) -> None:
        with app.test_request_context():
            assert parts.duration(timedelta(seconds=seconds)) == words.replace(" ", "\u00a0")


@pytest.fixture
def all_well() -> Iterator[None]:
    """Let every part be found well, whatever runs here."""
    with pytest.MonkeyPatch.context() as patch:
        examine = parts_found()
        patch.setattr("gifting.platform.health.examine", lambda _now: examine)
        yield


def parts_found() -> dict[Part, Finding]:
    facts: dict[Part, dict[str, Any]] = {
        Part.DATABASE: {"ms": 4.2},
        Part.BEAT: {"at": NOW - timedelta(seconds=8)},
        Part.DISK: {"percent": 38},
    }
    return {part: Finding(part, is_ok=True, facts=facts.get(part, {})) for part in Part}


class TestParts:
    def test_all_is_well(self, office: FlaskClient, all_well: None) -> None:
        page = office.get("/ufficio/stato").text

        assert "Tutto a posto: niente da guardare." in page
        assert "batte ogni 30 s, ultimo 8\u00a0s fa" in page
        assert "risponde in 4 ms, schema aggiornato" in page
        assert "38% usato, file leggibili" in page

    def test_what_to_look_at_is_counted_in_one_sentence(
        self, office: FlaskClient, all_well: None
    ) -> None:
        for number in (1, 2):
            give_up(owe(number), "Odd: a.py:1")

        page = office.get("/ufficio/stato").text

        assert "Una cosa da guardare: <b>2 lavori falliti</b>." in page

    def test_a_broken_system_is_shown_by_a_page_that_works(self, office: FlaskClient) -> None:
        """In the tests there is neither broker nor worker nor beat."""
        page = office.get("/ufficio/stato").text

        assert "Il centralino dei lavori (Valkey) non risponde." in page
        assert "nessuno risponde" in page
        assert "non ha ancora battuto" in page

    def test_a_queue_that_waits_too_long_is_marked(self, office: FlaskClient) -> None:
        with transaction():
            outbox.owe(TASK, key="k", now=NOW - timedelta(minutes=7))

        page = office.get("/ufficio/stato").text

        assert "7\u00a0min" in page
        assert "oltre il limite" in page
        assert "una coda in ritardo" in page

    def test_the_last_hours_stand_in_a_table_too(
        self, office: FlaskClient, done: list[int]
    ) -> None:
        outbox.run(owe(1), now=NOW)
        give_up(owe(2), "Odd: a.py:1")

        page = office.get("/ufficio/stato").text

        assert '<th scope="row">10:00</th><td>1</td><td>1</td>' in page
        assert "1 finiti, 1 fallito (in rosso)." in page

    def test_what_runs_at_its_times_says_when_and_how(self, office: FlaskClient) -> None:
        db.session.add(
            PeriodicRun(
                name="quotes.expire_due", started_at=NOW, ended_at=NOW, error="ValueError: a.py:1"
            )
        )
        db.session.commit()

        page = office.get("/ufficio/stato").text

        assert "10:00, non riuscito" in page
        assert "«Offerte scadute e promemoria» non riuscito" in page


def look(office: FlaskClient, bad: dict[Part, dict[str, Any]]) -> list[str]:
    """Return the keys of the conditions that the page shows while these parts are bad."""
    found = parts_found()
    found |= {part: Finding(part, is_ok=False, facts=facts) for part, facts in bad.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gifting.platform.health.examine", lambda _now: found)
        page = office.get("/ufficio/stato").text
    return re.findall(r'data-condition="([^"]+)"', page)


FACTS: dict[Part, dict[str, Any]] = {
    Part.WEB: {"killed": 3},
    Part.CLOCK: {"ahead": timedelta(hours=-1)},
}


class TestConditions:
    def test_all_is_well_without_one(self, office: FlaskClient) -> None:
        assert look(office, {}) == []

    @pytest.mark.parametrize("part", [part for part in Part if part is not Part.STORAGE])
    def test_every_part_has_a_sentence_and_what_to_do(
        self, office: FlaskClient, part: Part
    ) -> None:
        assert look(office, {part: FACTS.get(part, {})}) == [part.value]

    @pytest.mark.parametrize("failure", ["StorageFull", "StorageAway"])
    def test_the_storage_says_by_which_failure_it_fails(
        self, office: FlaskClient, failure: str
    ) -> None:
        assert look(office, {Part.STORAGE: {"failure": failure}}) == [failure]

    @pytest.mark.parametrize(
        ("bad", "shown"),
        [
            ({Part.BROKER, Part.WORKERS, Part.BEAT}, ["broker"]),
            ({Part.WORKERS, Part.BEAT}, ["workers"]),
            ({Part.DATABASE, Part.MIGRATIONS, Part.BEAT, Part.QUEUES, Part.CLOCK}, ["database"]),
            ({Part.BEAT, Part.DISK}, ["beat", "disk"]),
        ],
    )
    def test_what_follows_from_another_trouble_is_not_told_beside_it(
        self, office: FlaskClient, bad: set[Part], shown: list[str]
    ) -> None:
        assert look(office, {part: FACTS.get(part, {}) for part in bad}) == shown

    def test_what_keeps_jobs_waiting_is_told_once_for_all_of_them(
        self, office: FlaskClient
    ) -> None:
        for number, error in enumerate(("MailDeferred: 451", "MailDeferred: 452", "Odd: a.py:1")):
            with transaction():
                db.session.get_one(OutboxMessage, owe(number)).last_error = error

        assert look(office, {}) == ["MailDeferred", "Odd"]

    def test_what_was_given_up_comes_first(self, office: FlaskClient) -> None:
        with transaction():
            db.session.get_one(OutboxMessage, owe(1)).last_error = "MailDeferred: 451"
        give_up(owe(2), "MailRefused: 550")

        assert look(office, {Part.DISK: {}}) == ["MailRefused", "MailDeferred", "disk"]


class TestBackup:
    """NOW is a day of November; times are said as they are in Rome."""

    def made(self, ago: timedelta, *, kind: str = "backup", problem: str | None = None) -> None:
        moment = NOW - ago
        db.session.add(
            BackupRun(
                kind=kind,
                name="20261101-031000",
                started_at=moment,
                ended_at=moment,
                size=1,
                files=1,
                problem=problem,
            )
        )
        db.session.commit()

    def test_the_sample_says_nothing_of_one_it_never_had(self, office: FlaskClient) -> None:
        page = office.get("/ufficio/stato").text

        assert "copia" not in page

    def test_says_when_it_was_made_and_when_one_was_played_back(self, office: FlaskClient) -> None:
        self.made(timedelta(days=3), kind="drill")
        self.made(timedelta(minutes=5))

        page = office.get("/ufficio/stato").text

        assert f"; copia alle {time_of(NOW - timedelta(minutes=5))}, provata " in page
        assert weekday(NOW - timedelta(days=3)) in page
        assert "la copia di sicurezza" not in page

    def test_one_that_lacks_files_is_to_be_looked_at(self, office: FlaskClient) -> None:
        self.made(timedelta(minutes=5), problem="1 files were missing")

        page = office.get("/ufficio/stato").text

        assert ", incompleta, mai provata" in page
        assert "<b>la copia di sicurezza" in page or ", la copia di sicurezza" in page

    @pytest.mark.parametrize(
        ("hours", "is_expected", "is_ok"),
        [(35, True, True), (37, True, False), (37, False, True), (None, True, False)],
    )
    def test_is_late_after_a_day_and_a_half_where_one_is_expected(
        self, app: Flask, *, hours: int | None, is_expected: bool, is_ok: bool
    ) -> None:
        made_at = None if hours is None else NOW - timedelta(hours=hours)
        last = LastBackup(made_at=made_at, size=1, files=1, problem="", verified_at=None)

        with app.test_request_context():
            assert parts.backup_state(last, is_expected=is_expected, now=NOW).is_ok is is_ok

    @pytest.mark.parametrize(
        ("days", "words"), [(0, "provata oggi"), (6, "provata "), (7, "provata il ")]
    )
    def test_a_day_is_named_only_within_its_week(self, app: Flask, days: int, words: str) -> None:
        moment = NOW - timedelta(days=days)
        last = LastBackup(made_at=NOW, size=1, files=1, problem="", verified_at=moment)

        with app.test_request_context():
            said = parts.backup_state(last, is_expected=True, now=NOW).text

        assert words in said
        assert ("provata il " in said) == (days == 7)
