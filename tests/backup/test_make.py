import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from gifting.platform import storage
from gifting.platform.backup import making, runs
from gifting.platform.backup.postgres import Programs
from gifting.platform.db import Base, db
from gifting.platform.failures import StorageAway
from gifting.platform.models import BackupRun
from gifting.web import backup as commands
from tests.backup.conftest import add_document


def manifests(place):
    return [json.loads(path.read_text()) for path in sorted(place.glob("*/manifest.json"))]


class TestMake:
    def test_holds_the_database_and_every_file_that_rows_name(self, backup, documents, place):
        storage.store(b"che nessuno nomina")
        done = backup("make")

        [manifest] = manifests(place)
        assert done.exit_code == 0, done.output
        assert sorted(manifest["files"]) == sorted(documents)
        assert manifest["tables"]["stored_document"] == 3
        assert manifest["missing"] == []
        assert {path.name for path in (place / "files").rglob("*") if path.is_file()} == set(
            documents
        )

    def test_copies_only_what_is_new(self, backup, documents, place, monkeypatch):
        backup("make")
        new = add_document(db.session.scalar(sa.text("SELECT id FROM company")), b"una nuova")
        read = []
        get = storage.Store.get
        monkeypatch.setattr(storage.Store, "get", lambda s, name: read.append(name) or get(s, name))
        next_second(monkeypatch)
        backup("make")

        assert read == [new]
        assert sorted(manifests(place)[-1]["files"]) == sorted([*documents, new])

    def test_is_of_one_moment_whatever_is_written_meanwhile(
        self, backup, documents, place, monkeypatch
    ):
        dump = Programs.dump

        def dump_while_somebody_writes(programs, engine, **options):
            add_document(db.session.scalar(sa.text("SELECT id FROM company")), b"nel frattempo")
            dump(programs, engine, **options)

        monkeypatch.setattr(Programs, "dump", dump_while_somebody_writes)

        assert backup("make").exit_code == 0
        assert manifests(place)[0]["tables"]["stored_document"] == 3
        assert backup("drill").exit_code == 0

    def test_says_what_the_storage_has_lost_and_keeps_the_rest(self, app, backup, documents, place):
        lost = documents[0]
        (app.config["SETTINGS"].instance / "files" / lost[:2] / lost).unlink()
        done = backup("make")

        [manifest] = manifests(place)
        assert done.exit_code == 1
        assert "1 files were missing" in done.output
        assert manifest["missing"] == [lost]
        assert sorted(manifest["files"]) == sorted(documents[1:])
        assert runs.get_last().problem == "1 files were missing"

    def test_leaves_no_backup_behind_if_it_fails(self, backup, documents, place, monkeypatch):
        def fail(*_args):
            raise StorageAway("OSError 5")

        monkeypatch.setattr(storage.Store, "get", fail)

        assert backup("make").exit_code == 1
        assert manifests(place) == []
        assert backup("list").output == ""

    def test_waits_for_no_other(self, backup, documents, owner_engine):
        with owner_engine.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_lock({making.LOCK})"))
            done = backup("make")
            connection.execute(sa.text(f"SELECT pg_advisory_unlock({making.LOCK})"))

        assert done.exit_code == 1
        assert "another backup is being made" in done.output

    def test_is_remembered_for_the_status_page(self, backup, documents):
        assert runs.get_last().made_at is None
        backup("make")
        made = runs.get_last()

        assert made.made_at
        assert made.files == 3
        assert made.problem == ""
        assert made.verified_at is None

        backup("drill")

        assert runs.get_last().verified_at

    def test_knows_every_column_that_names_files(self):
        columns = {
            column
            for table in Base.metadata.tables.values()
            for column in table.columns
            if column.name.endswith("sha256") and column.name != "pdf_sha256"
        }  # a PDF's is the one of its document, repeated

        assert columns == {column.property.columns[0] for column in commands.NAMED_BY}
        assert all(isinstance(column, InstrumentedAttribute) for column in commands.NAMED_BY)


class TestNightly:
    def test_keeps_the_newest_and_the_files_they_name(
        self, app, backup, documents, place, monkeypatch
    ):
        monkeypatch.setattr(
            commands, "current", lambda: with_keep(app.config["SETTINGS"], 1), raising=True
        )
        backup("make")
        orphan = place / "files" / "ab" / ("ab" * 32)
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_bytes(b"di una copia che non c'e piu")
        next_second(monkeypatch)
        done = backup("nightly")

        assert done.exit_code == 0, done.output
        assert len(manifests(place)) == 1
        assert "Let go: " in done.output
        assert not orphan.exists()
        assert backup("verify").exit_code == 0

    def test_lets_nothing_go_while_the_newest_is_doubtful(
        self, app, backup, documents, place, monkeypatch
    ):
        monkeypatch.setattr(commands, "current", lambda: with_keep(app.config["SETTINGS"], 1))
        backup("make")
        name = documents[0]
        (place / "files" / name[:2] / name).write_bytes(b"marcio")
        next_second(monkeypatch)

        assert backup("nightly").exit_code == 1
        assert len(manifests(place)) == 2
        assert db.session.scalars(
            sa.select(BackupRun.problem).where(BackupRun.kind == "drill")
        ).one()


class TestPrograms:
    @pytest.fixture
    def programs(self, tmp_path):
        """A pg_dump that writes down how it was called."""
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "pg_dump"
        program.write_text(
            "#!/bin/sh\n"
            '[ "$1" = --version ] && { echo "pg_dump (PostgreSQL) 15.8"; exit; }\n'
            f'echo "$@" > {tmp_path}/arguments; echo "$PGPASSWORD" > {tmp_path}/password\n'
        )
        program.chmod(0o755)
        return Programs(str(folder))

    def test_older_than_the_server_are_refused_in_a_line_that_says_what_to_do(self, programs):
        programs.check_version(15)
        with pytest.raises(Exception, match=r"version 15, the server 18: set POSTGRES_BIN"):
            programs.check_version(18)

    def test_get_the_password_where_the_list_of_processes_does_not_show_it(
        self, programs, tmp_path
    ):
        engine = sa.create_engine("postgresql+psycopg://owner:geheim@db:5433/gifting")
        programs.dump(engine, snapshot="1", target=tmp_path / "dump")

        assert "geheim" not in (tmp_path / "arguments").read_text()
        assert "--dbname=postgresql://owner@db:5433/gifting" in (tmp_path / "arguments").read_text()
        assert (tmp_path / "password").read_text() == "geheim\n"


def with_keep(settings, keep):
    return replace(settings, backup_keep=keep)


def next_second(monkeypatch):
    """Backups are named by the second."""
    now = commands.clock.now
    monkeypatch.setattr(commands.clock, "now", lambda: now() + timedelta(seconds=1))
