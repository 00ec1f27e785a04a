"""A database is brought up to date by two hosts at once, and while people use it."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade

from gifting.platform.backup.making import read_revision
from gifting.platform.embedded import APPLICATION
from gifting.web import rights
from tests.support.processes import in_processes
from tests.support.running import ROOT

MIGRATIONS = str(ROOT / "migrations")
HEAD = max(path.name[:4] for path in Path(MIGRATIONS, "versions").glob("*.py"))


@pytest.fixture
def url(migrated_app, owner_engine, monkeypatch):
    """A database without tables, to which the migrations are led."""
    with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CREATE DATABASE gifting_prepared"))
        url = owner_engine.url.set(database="gifting_prepared").render_as_string(
            hide_password=False
        )
        monkeypatch.setitem(migrated_app.config, "DATABASE_ADMIN_URL", url)
        monkeypatch.setitem(migrated_app.config, "MIGRATION_LOCK_TIMEOUT", "100ms")
        with migrated_app.app_context():
            yield url
        connection.execute(sa.text("DROP DATABASE gifting_prepared WITH (FORCE)"))


@pytest.fixture
def engine(url):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def busy(url, engine):
    """The schema of the first release, with somebody reading the outbox in a transaction."""
    rights.prepare(url)
    downgrade(directory=MIGRATIONS, revision="0002")
    with engine.connect() as reader:
        reader.execute(sa.text("SELECT count(*) FROM outbox_message"))
        yield reader


class TestPrepare:
    def test_is_done_once_by_two_hosts_that_start_together(self, migrated_app, url, engine):
        done = in_processes(migrated_app, 2, lambda _number: rights.prepare(url))

        assert done == [None, None]
        with engine.connect() as connection:
            assert read_revision(connection) == HEAD

    def test_gives_way_to_a_busy_table_and_comes_back(self, url, engine, busy, caplog):
        leaving = threading.Timer(1.0, busy.rollback)
        leaving.start()
        rights.prepare(url, wait_seconds=0.3)
        leaving.join()

        assert "gave way" in caplog.text
        with engine.connect() as connection:
            assert read_revision(connection) == HEAD

    def test_gives_up_with_nothing_changed(self, url, engine, busy, monkeypatch):
        monkeypatch.setattr(rights, "ATTEMPTS", 2)

        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            rights.prepare(url, wait_seconds=0)

        with engine.connect() as connection:
            assert read_revision(connection) == "0002"

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE mine (id int)",
            "DROP TABLE quote",
            "ALTER TABLE quote ADD COLUMN mine int",
            "UPDATE event_log SET action = 'x'",
            "DELETE FROM event_log",
            "UPDATE alembic_version SET version_num = '0001'",
            "TRUNCATE quote CASCADE",
        ],
    )
    def test_the_application_may_write_rows_and_nothing_else(
        self, app, owner_engine, settings, statement
    ):
        rights.grant_to_application(settings.database_admin_url)
        engine = sa.create_engine(owner_engine.url.set(username=APPLICATION), poolclass=sa.NullPool)
        with (
            engine.connect() as connection,
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
        ):
            connection.execute(sa.text(statement))
