"""A real PostgreSQL for the run, migrated once; every test begins with empty tables."""

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade

import config
from gifting.platform import clock, embedded
from gifting.platform.db import Base, db
from gifting.web.app import create_app
from gifting.web.rights import grant_to_application

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""A Monday morning in the season: the moment at which tests take place unless they say other."""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    """Settings of an instance of its own, with its PostgreSQL running and migrated."""
    instance = tmp_path_factory.mktemp("instance", numbered=True)
    servers = embedded.start(instance, with_broker=False)
    base = config.load({"GIFTING_INSTANCE": str(instance)})
    return replace(
        base,
        database_url=servers.database_url,
        database_admin_url=servers.database_admin_url,
        redis_url="redis://127.0.0.1:1/0",  # nobody answers: wake-ups fail, and may
        rate_factor=1_000,  # the whole run comes from one address
    )


@pytest.fixture(scope="session")
def migrated_app(settings: config.Settings) -> Iterator[Flask]:
    """The application over the migrated database; tests take `app` instead."""
    app = create_app(settings)
    app.extensions["wake"] = lambda _message_id: None
    with app.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        grant_to_application(settings.database_admin_url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def owner_engine(settings: config.Settings, migrated_app: Flask) -> Iterator[sa.Engine]:
    """An engine as the owner of the schema, which the application never is."""
    engine = sa.create_engine(settings.database_admin_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(migrated_app: Flask, owner_engine: sa.Engine) -> Iterator[Flask]:
    """The application in its context, on empty tables."""
    with migrated_app.app_context():
        yield migrated_app
        db.session.rollback()
        db.session.remove()
    _empty(owner_engine)


def _empty(engine: sa.Engine) -> None:
    """Empty the tables a test has filled, past the triggers that forbid it."""
    with engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.tables.values():
            connection.execute(table.delete())


@pytest.fixture(scope="module", autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Collect what a module has left: what it did not close fails it, not a later one."""
    yield
    gc.collect()


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Stop the product's clock at NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


class Browser(FlaskClient):
    """A browser whose requests share nothing but cookies.

    Tests keep an application context open, and requests join it: without this, who was
    signed in, the language and the CSRF token of one request would stay for the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask, at_now: datetime) -> FlaskClient:
    """A browser without JavaScript and without CSRF tokens, at NOW."""
    app.config["WTF_CSRF_ENABLED"] = False
    return Browser(app, app.response_class, use_cookies=True)


def pytest_collection_finish() -> None:
    """Let no collection look again at what was imported: it stays, and is most of what there is."""
    gc.collect()
    gc.freeze()


def pytest_configure() -> None:
    """Keep the run deaf to the settings of the shell it was started from."""
    for name in ("DATABASE_URL", "REDIS_URL", "GIFTING_ENV", "SECRET_KEY", "PUBLIC_URL", "PORT"):
        os.environ.pop(name, None)
