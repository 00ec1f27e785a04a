"""The log tells what happened and where, and nothing of anybody."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import config
from gifting.accounts.models import User
from gifting.core.roles import Role
from gifting.platform import logs, outbox, tokens
from gifting.platform.db import db
from gifting.platform.failures import conceal, describe
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.web.app import create_app
from tests.conftest import NOW
from tests.support.accounts import make_company, make_user, sign_in
from tests.support.logs import Written, written_log
from tests.support.quotes import make_request
from tests.support.smtp import smtp_server

NAME, EMAIL, PHONE = "Ermenegilda Sentinelli", "sentinella@privata.example", "+39 02 5556 7788"
STREET, NOTE = "via della Sentinella 7", "Segreto della sentinella"
SENTINELS = ("Ermenegilda", "Sentinelli", "sentinella", "Sentinella", "5556 7788", "privata")


@pytest.fixture
def log(app: Flask) -> Iterator[Written]:
    with written_log() as written:
        yield written


@pytest.fixture
def somebody(app: Flask) -> User:
    company = make_company(street=STREET)
    return make_user(name=NAME, email=EMAIL, phone=PHONE, company_id=company.id)


def run_everything() -> None:
    """Run what is owed, whether it works or not."""
    for bell in outbox.list_due(now=NOW):
        try:
            outbox.run(bell.message_id, now=NOW)
        except Exception:  # noqa: BLE001 - what fails is the point of some tests
            db.session.rollback()


def last_errors() -> list[str]:
    return list(
        db.session.scalars(
            sa.select(OutboxMessage.last_error).where(OutboxMessage.last_error.is_not(None))
        )
    )


def revealed(text: str) -> list[str]:
    return [sentinel for sentinel in SENTINELS if sentinel in text]


class TestPersonalData:
    def test_pages_and_their_jobs_tell_nothing_of_anybody(
        self, client: FlaskClient, log: Written, somebody: User
    ) -> None:
        quote = make_request(somebody, notes=NOTE, delivery_note=STREET)
        client.post("/accedi", data={"email": EMAIL, "password": "la frase di Sentinelli"})
        sign_in(client, somebody)
        client.get(f"/preventivi/{quote.reference}?q={EMAIL}")
        client.post(f"/preventivi/{quote.reference}/messaggi", data={"body": NOTE})
        client.get(f"/non-c-e/{EMAIL}")
        run_everything()

        assert {line["message"] for line in log.lines} >= {"request", "job"}
        assert revealed(log.text) == []

    def test_a_link_that_is_a_key_is_not_written(
        self, app: Flask, client: FlaskClient, log: Written, somebody: User
    ) -> None:
        token = tokens.sign("confirm-email", [somebody.id, EMAIL])

        client.get(f"/conferma/{token}")
        logging.getLogger("gunicorn.error").error("Error handling request /conferma/%s", token)
        app.logger.error("Exception on %s [%s]", f"/conferma/{token[:30]}", "GET")
        logging.getLogger("gunicorn.error").error(f"Error handling request /conferma/{token}")  # noqa: G004 - as others do

        assert token not in log.text
        assert token[:20] not in log.text

    @pytest.mark.parametrize("command", ["RCPT", "DATA"])
    def test_a_mail_server_that_quotes_the_address_is_not_quoted(
        self, app: Flask, log: Written, somebody: User, command: str
    ) -> None:
        make_request(somebody)
        with smtp_server({command: f"550 5.1.1 <{EMAIL}>: {PHONE} unknown"}) as (url, _letters):
            app.config["SETTINGS"], kept = (
                replace(app.config["SETTINGS"], smtp_url=url),
                app.config["SETTINGS"],
            )
            try:
                run_everything()
            finally:
                app.config["SETTINGS"] = kept

        assert any("MailRefused: 550 5.1.1" in error for error in last_errors())
        assert revealed(log.text + " ".join(last_errors())) == []

    def test_a_constraint_that_quotes_the_row_is_named_only(
        self, app: Flask, log: Written, somebody: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = {column.key: getattr(somebody, column.key) for column in User.__table__.columns}

        def add_again(**_: object) -> None:
            db.session.execute(sa.insert(User).values(**values))

        monkeypatch.setitem(outbox.HANDLERS, "tests.note", add_again)
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW)
        run_everything()

        assert "IntegrityError: 23505" in last_errors()[0]
        assert "in add_again" in last_errors()[0]
        assert revealed(log.text + last_errors()[0]) == []

    @pytest.mark.parametrize("error", [ValueError, OSError, KeyError, RuntimeError])
    def test_an_error_that_quotes_a_person_keeps_its_place_and_loses_its_words(
        self,
        app: Flask,
        log: Written,
        monkeypatch: pytest.MonkeyPatch,
        error: type[Exception],
    ) -> None:
        def fail(**_: object) -> None:
            name, email = NAME, EMAIL
            try:
                raise error(f"{name} <{email}>")
            except error as cause:
                raise RuntimeError(NOTE) from cause

        monkeypatch.setitem(outbox.HANDLERS, "tests.note", fail)
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW, name=NAME, email=EMAIL)
        run_everything()

        line = log.named("job")[-1]
        assert line["error"].startswith("RuntimeError: tests/platform/test_logs.py:")
        assert f"{error.__name__}, and then:" in line["traceback"]
        assert revealed(log.text) == []

    def test_what_libraries_put_into_their_words_is_left_out(self, log: Written) -> None:
        logger = logging.getLogger("celery.worker")
        logger.warning("Task %s got %r in %d s", "run_job", {"to": EMAIL}, 7)
        logger.warning("Task %(name)s", {"name": NAME})
        logger.warning(f"Cannot reach {EMAIL}")  # noqa: G004 - as others do

        assert [line["message"] for line in log.lines] == [
            "Task … got '…' in 7 s",
            "Task …",
            "Cannot reach …",
        ]

    def test_nothing_of_a_person_stays_with_a_job_that_is_done(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(outbox.HANDLERS, "tests.note", lambda **_: None)
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW, record_id=7, email=EMAIL)
        run_everything()

        assert db.session.scalars(sa.select(OutboxMessage.payload)).all() == [{"record_id": 7}]


class TestConceal:
    @pytest.mark.parametrize(
        ("words", "left"),
        [
            (f"550 <{EMAIL}>: no", "550 <…>: no"),
            ("call +39 02 5556 7788 now", "call … now"),
            ("tel. 0255567788", "tel. …"),
            ("WyJjIiwxXQ-WyJjIiwxXQ.aSx1Yw.Zm9vYmFyYmF6Zm9vYmFy", "…"),
            ("gifting/quotes/tasks.py:142 in mail_offer", None),
            ("uq_outbox_message_key 23505", None),
            ("450 4.2.1 try later", None),
            ("quotes.notify_sales_of_acceptance", None),
        ],
    )
    def test_hides_what_is_somebodys_and_nothing_else(self, words: str, left: str | None) -> None:
        assert conceal(words) == (left or words)


class TestRequestLine:
    def test_says_route_status_time_and_who_by_number(
        self, client: FlaskClient, log: Written
    ) -> None:
        buyer = make_user()
        answer = sign_in(client, buyer).get("/preventivi")

        (line,) = log.named("request")
        assert (
            line
            | {
                "method": "GET",
                "route": "quotes.mine",
                "status": 200,
                "user": buyer.id,
                "company": buyer.company_id,
                "request_id": answer.headers["X-Request-ID"],
            }
            == line
        )
        assert line["queries"] > 0
        assert line["ms"] >= 0

    def test_a_page_that_is_not_there_has_no_route(self, client: FlaskClient, log: Written) -> None:
        client.get("/nulla")

        assert [(line["route"], line["status"]) for line in log.named("request")] == [("none", 404)]

    def test_an_id_from_outside_counts_only_from_our_proxy(
        self, client: FlaskClient, settings: config.Settings
    ) -> None:
        given = {"X-Request-ID": "0123456789abcdef"}
        behind = create_app(replace(settings, trusted_proxies=1)).test_client()

        assert client.get("/accedi", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]
        assert behind.get("/accedi", headers=given).headers["X-Request-ID"] == "0123456789abcdef"
        odd = {"X-Request-ID": "a\tb" * 30}
        assert behind.get("/accedi", headers=odd).headers["X-Request-ID"] != odd["X-Request-ID"]


class TestJobLine:
    def test_carries_the_id_of_the_request_that_owed_it(
        self, client: FlaskClient, log: Written
    ) -> None:
        buyer = make_user()
        quote = make_request(buyer)
        run_everything()
        answer = sign_in(client, buyer).post(
            f"/preventivi/{quote.reference}/messaggi", data={"body": "Ci siete?"}
        )
        make_user(Role.SALES)
        run_everything()

        line = log.named("job")[-1]
        assert line["request_id"] == answer.headers["X-Request-ID"]
        assert (line["task"], line["queue"]) == ("quotes.notify_sales_of_message", "mail")
        assert (line["attempt"], line["outcome"]) == (1, "done")
        assert line["job"] > 0

    def test_a_job_owed_by_a_job_carries_it_on(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch, log: Written
    ) -> None:
        def owe_another(**_: Any) -> None:
            outbox.owe("tests.second", key="second", now=NOW)

        monkeypatch.setitem(outbox.HANDLERS, "tests.note", owe_another)
        monkeypatch.setitem(outbox.HANDLERS, "tests.second", lambda **_: None)
        logs.begin(request_id="the-request")
        with transaction():
            outbox.owe("tests.note", key="k", now=NOW)
        logs.begin()
        run_everything()
        run_everything()

        assert [line["request_id"] for line in log.named("job")] == ["the-request"] * 2


class TestDescribe:
    def test_a_full_disk_says_so_without_the_files_name(self) -> None:
        try:
            raise OSError(28, "No space left on device", "/files/sentinella.pdf")
        except OSError as error:
            told = describe(error)

        assert told.startswith("OSError: No space left on device, tests/platform/test_logs.py:")
        assert revealed(told) == []
