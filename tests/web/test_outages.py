"""What people see while the database or the file storage is away: 503, and what to do."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.platform.db import db
from gifting.platform.failures import StorageFull
from tests.support.accounts import make_user, sign_in
from tests.support.quotes import make_request


@pytest.fixture
def stop_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what makes every new connection fail, as a server that restarts does."""

    def stop() -> None:
        def refuse(*_args: object, **_kwargs: object) -> None:
            raise sa.exc.OperationalError("connect", {}, Exception("connection refused"))

        db.session.remove()
        monkeypatch.setattr(sa.engine.Engine, "connect", refuse)

    return stop


class TestDatabaseAway:
    @pytest.mark.parametrize("path", ["/", "/prodotti", "/preventivi", "/accedi"])
    def test_every_page_says_that_we_are_back_soon(
        self, client: FlaskClient, stop_database: Callable[[], None], path: str
    ) -> None:
        sign_in(client, make_user())
        stop_database()

        answer = client.get(path)

        if path != "/accedi":
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "30"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Torniamo tra poco" in answer.text
            assert f'href="{path}"' in answer.text

    def test_who_sent_something_learns_that_sending_again_is_safe(
        self, client: FlaskClient, stop_database: Callable[[], None]
    ) -> None:
        buyer = make_user()
        reference = make_request(buyer).reference
        sign_in(client, buyer)
        stop_database()

        answer = client.post(f"/preventivi/{reference}/messaggi", data={"body": "Ci siete?"})

        assert answer.status_code == 503
        assert "vale una volta sola" in answer.text

    def test_the_log_says_what_to_look_at(
        self,
        client: FlaskClient,
        stop_database: Callable[[], None],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        stop_database()

        client.get("/prodotti")

        assert "see that PostgreSQL runs and has connections free" in caplog.text


class TestStorageFull:
    def test_is_said_without_blame(
        self, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def be_full() -> None:
            raise StorageFull("OSError 28")

        monkeypatch.setitem(app.view_functions, "catalogue.home", be_full)

        answer = client.get("/")

        assert answer.status_code == 503
        assert "Torniamo tra poco" in answer.text
