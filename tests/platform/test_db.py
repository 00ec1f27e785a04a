"""The end of a request's session, which comes after its answer was made."""

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.platform.db import db


class TestSession:
    def test_ends_quietly_when_the_database_has_gone_meanwhile(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that stopped between the page and its end once made a 500 of a good page."""

        def be_gone(_connection: object) -> None:
            raise psycopg.OperationalError("the connection is closed")

        db.session.execute(sa.text("SELECT 1"))
        with monkeypatch.context() as outage:
            outage.setattr(db.engine.dialect, "do_rollback", be_gone)
            db.session.remove()

        assert db.session.scalar(sa.text("SELECT 1")) == 1
