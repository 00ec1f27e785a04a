"""The staff see every owed job with what went wrong, can have it done again, and read the mail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.backoffice.views.wording import task_words
from gifting.core.roles import Role
from gifting.platform import outbox
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, OutboxMessage
from gifting.platform.uow import Bell, transaction
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.backoffice import make_letter
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

        page = office.get("/ufficio/lavori").text

        assert "OSError: tests/backoffice/test_views.py:" in page
        assert "posta spenta" not in page
        assert "8 su 8" in page
        assert "Riprova ora" in page

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

        page = office.get(f"/ufficio/lavori?vista={view}").text

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
            answer = office.post(f"/ufficio/lavori/{job_id}/riprova", follow_redirects=True)
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

        answer = office.post(f"/ufficio/lavori/{job_id}/riprova", follow_redirects=True)

        assert "era già finito" in answer.text
        assert not outbox.run(job_id, now=NOW)
        assert done == [7]

    def test_a_job_is_named_in_plain_words_and_leads_to_what_it_is_for(
        self, client: FlaskClient
    ) -> None:
        quote = make_request()

        page = sign_in(client, make_user(Role.ADMINISTRATOR)).get("/ufficio/lavori").text

        assert "E-mail, richiesta ricevuta" in page
        assert "quotes.mail_receipt" not in page
        assert f'href="/ufficio/preventivi/{quote.reference}">{quote.reference}</a>' in page

    def test_no_link_leads_where_the_reader_may_not_go(self, office: FlaskClient) -> None:
        quote = make_request()

        page = office.get("/ufficio/lavori").text

        assert quote.reference in page
        assert f"/ufficio/preventivi/{quote.reference}" not in page

    def test_every_job_has_words(self, app: Flask) -> None:
        with app.test_request_context():
            nameless = [name for name in outbox.HANDLERS if task_words(name) == name]

        assert nameless == []

    def test_says_when_there_is_nothing(self, office: FlaskClient) -> None:
        assert "Niente in questo elenco" in office.get("/ufficio/lavori").text


class TestMail:
    def test_lists_the_letters_newest_first(self, office: FlaskClient) -> None:
        make_letter(subject="La prima")
        make_letter(subject="La seconda")

        page = office.get("/ufficio/posta").text

        assert page.index("La seconda") < page.index("La prima")
        assert "chiara@example.com" in page

    def test_shows_both_parts_of_a_letter_and_its_attachments(self, office: FlaskClient) -> None:
        letter_id = make_letter()

        page = office.get(f"/ufficio/posta/{letter_id}").text

        assert "Ciao Chiara, in testo." in page
        assert "Offerta.pdf" in page
        assert f'src="/ufficio/posta/{letter_id}/html"' in page

    def test_the_html_part_may_run_and_load_nothing(self, office: FlaskClient) -> None:
        answer = office.get(f"/ufficio/posta/{make_letter()}/html")

        assert "<b>Chiara</b>" in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "allow-scripts" not in answer.headers["Content-Security-Policy"]

    def test_a_letter_that_left_by_smtp_says_that_there_is_no_copy(
        self, office: FlaskClient
    ) -> None:
        letter_id = make_letter(has_copy=False)

        page = office.get(f"/ufficio/posta/{letter_id}")

        assert page.status_code == 200
        assert "Qui non c’è una copia." in page.text
        assert office.get(f"/ufficio/posta/{letter_id}/html").status_code == 404

    def test_an_unknown_letter_is_not_found(self, office: FlaskClient) -> None:
        assert office.get("/ufficio/posta/999999").status_code == 404


class TestHome:
    @pytest.mark.parametrize(
        ("role", "path"),
        [
            (Role.SALES, "/ufficio/preventivi"),
            (Role.SALES_MANAGER, "/ufficio/preventivi"),
            (Role.OPERATIONS, "/ufficio/ordini"),
            (Role.ACCOUNTING, "/ufficio/fatture"),
            (Role.ADMINISTRATOR, "/ufficio/preventivi"),
        ],
    )
    def test_leads_each_to_the_page_of_their_work(
        self, client: FlaskClient, role: Role, path: str
    ) -> None:
        answer = sign_in(client, make_user(role)).get("/ufficio")

        assert answer.location == path
        assert client.get(path).status_code == 200
