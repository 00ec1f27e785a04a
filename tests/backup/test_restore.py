from datetime import timedelta

import pytest
import sqlalchemy as sa
from s3fs import S3FileSystem

from gifting.backoffice.views.wording import failure_words
from gifting.platform import clock, outbox, storage
from gifting.platform.db import db
from gifting.platform.embedded import APPLICATION
from gifting.platform.models import NumberSeries, OutboxMessage
from gifting.platform.storage import Store
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support import s3

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def a_day_later(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)


class TestRestore:
    def test_brings_back_every_row_file_and_right(
        self, backup, documents, empty_database, tmp_path
    ):
        backup("make")
        target = f"file://{tmp_path}/restored"
        done = restore(backup, empty_database, target)

        assert done.exit_code == 0, done.output
        assert Store(target).names() == set(documents)
        as_application = sa.create_engine(
            sa.make_url(empty_database).set(username=APPLICATION), poolclass=sa.NullPool
        )
        with as_application.connect() as connection:
            found = connection.scalars(sa.text("SELECT sha256 FROM stored_document"))
            assert sorted(found) == sorted(documents)
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                connection.execute(sa.text("DELETE FROM event_log"))

    def test_brings_back_what_protects_the_rows(self, backup, documents, empty_database, tmp_path):
        backup("make")
        restore(backup, empty_database, f"file://{tmp_path}/restored")
        engine = sa.create_engine(empty_database, poolclass=sa.NullPool)

        with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="append"):
            connection.execute(sa.text("DELETE FROM stored_document"))

    def test_refuses_a_database_that_is_not_empty(self, app, backup, documents, tmp_path):
        backup("make")
        own = app.config["DATABASE_ADMIN_URL"]
        done = restore(backup, own, f"file://{tmp_path}/restored")

        assert done.exit_code == 1
        assert "tables: name an empty one" in done.output

    def test_refuses_a_storage_that_is_not_empty(self, app, backup, documents, empty_database):
        backup("make")
        done = restore(backup, empty_database, app.config["SETTINGS"].storage_url)

        assert done.exit_code == 1
        assert "files: name an empty one" in done.output

    def test_asks_first(self, backup, documents, empty_database):
        backup("make")

        assert backup("restore", "--into-database", empty_database).exit_code == 1

    def test_writes_nothing_from_a_damaged_dump(
        self, backup, documents, place, empty_database, tmp_path
    ):
        backup("make")
        flip(next(place.glob("*/database.dump")))
        done = restore(backup, empty_database, f"file://{tmp_path}/restored")

        assert done.exit_code == 1
        assert "StoredFileDamaged" in done.output
        with sa.create_engine(empty_database, poolclass=sa.NullPool).connect() as connection:
            assert sa.inspect(connection).get_table_names() == []

    def test_holds_what_was_owed_then_so_that_no_letter_leaves_twice(
        self, backup, empty_database, tmp_path
    ):
        owed = owe_letters()
        backup("make")

        done = restore(backup, empty_database, f"file://{tmp_path}/restored")

        assert done.exit_code == 0, done.output
        assert "2 jobs are held" in done.output
        assert due_in(empty_database) == []
        assert held_in(empty_database) == sorted([owed["late"], owed["at once"]])

    def test_leaves_alone_what_was_done_and_what_is_not_due_yet(
        self, backup, empty_database, tmp_path
    ):
        owed = owe_letters()
        backup("make")
        restore(backup, empty_database, f"file://{tmp_path}/restored")

        assert {owed["done"], owed["in a year"]}.isdisjoint(held_in(empty_database))

    def test_of_a_held_job_says_why_and_lets_it_be_tried(self, backup, app):
        key = owe_letters()["at once"]
        with db.engine.begin() as connection:
            assert outbox.hold_due(connection, backup="2026-11-02T09-00-00Z", now=LATER) == 2
        job = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key == key)).one()

        assert job.last_error == "FromBackup: open in the backup 2026-11-02T09-00-00Z"
        with app.test_request_context():
            assert "copia di sicurezza" in failure_words("FromBackup")[0]
        with transaction():
            assert outbox.retry(job.id, now=LATER)
        assert job.id in {bell.message_id for bell in outbox.list_due(now=LATER)}

    def test_releases_them_where_nothing_was_done_since(self, backup, empty_database, tmp_path):
        owed = owe_letters()
        backup("make")

        done = restore(backup, empty_database, f"file://{tmp_path}/restored", "--release-jobs")

        assert "held" not in done.output
        assert owed["at once"] in due_in(empty_database)

    def test_names_the_place_where_there_is_no_backup(self, backup, place):
        done = backup("restore", "--yes")

        assert done.exit_code == 1
        assert f"there is no backup in file://{place}" in done.output


class TestVerify:
    def test_notices_a_flipped_byte_of_a_file(self, backup, documents, place):
        backup("make")
        flip(place / "files" / documents[1][:2] / documents[1])
        done = backup("verify")

        assert done.exit_code == 1
        assert documents[1][:16] in done.output

    def test_notices_a_file_that_is_gone(self, backup, documents, place):
        backup("make")
        (place / "files" / documents[1][:2] / documents[1]).unlink()

        assert "1 missing or damaged" in backup("verify").output

    def test_notices_a_flipped_byte_of_the_dump(self, backup, documents, place):
        backup("make")
        flip(next(place.glob("*/database.dump")))

        assert "its hash is another" in backup("verify").output

    def test_a_file_that_was_lost_from_the_place_is_copied_again(self, backup, documents, place):
        backup("make")
        (place / "files" / documents[1][:2] / documents[1]).unlink()
        backup("make")

        assert backup("verify").exit_code == 0


class TestDrill:
    def test_prints_a_table_and_leaves_no_database_behind(self, backup, documents, owner_engine):
        backup("make")
        done = backup("drill")

        lines = done.stdout.splitlines()
        assert done.exit_code == 0, done.output
        assert len(lines) == 8
        assert all(" ok" in line for line in lines)
        with owner_engine.connect() as connection:
            left = connection.scalars(
                sa.text("SELECT datname FROM pg_database WHERE datname LIKE 'gifting_drill%'")
            )
            assert left.all() == []

    def test_notices_a_gap_in_the_invoice_numbers(self, backup, documents):
        db.session.add(NumberSeries(code="FT", year=2026, last_number=3, last_date=NOW.date()))
        db.session.commit()
        backup("make")
        done = backup("drill")

        assert done.exit_code == 1
        assert "2026: 0 invoices up to number 0, the counter stands at 3" in done.output

    def test_notices_a_backup_that_lies_about_its_rows(self, backup, documents, place):
        backup("make")
        manifest = next(place.glob("*/manifest.json"))
        manifest.write_text(manifest.read_text().replace('"company": 1', '"company": 2'))
        done = backup("drill")

        assert done.exit_code == 1
        assert "company has 1 of 2" in done.output


class TestInS3:
    def test_a_backup_is_made_and_played_back(self, app, documents, monkeypatch):
        with s3.serving() as (address, bucket):
            for name, value in s3.environment(address).items():
                monkeypatch.setenv(name, value)
            storage._filesystem_of.cache_clear()
            S3FileSystem.clear_instance_cache()
            done = app.test_cli_runner().invoke(args=["backup", "nightly", "s3://copies/gifting"])

        assert done.exit_code == 0, done.output
        kept = {place.rpartition("/")[2] for place in bucket.objects}
        assert kept == {*documents, "database.dump", "manifest.json"}


def restore(backup, database, target, *options):
    into = ("--into-database", database, "--into-storage", target)
    return backup("restore", "--yes", *into, *options)


def owe_letters() -> dict[str, str]:
    """Owe one job of each kind; return their keys."""
    keys = {kind: f"letter {kind}" for kind in ("at once", "late", "done", "in a year")}
    with transaction():
        outbox.owe("tests.letter", key=keys["at once"], now=NOW)
        outbox.owe("tests.letter", key=keys["late"], now=NOW, after=timedelta(minutes=5))
        outbox.owe("tests.letter", key=keys["done"], now=NOW)
        outbox.owe("tests.letter", key=keys["in a year"], now=NOW, after=timedelta(365))
    db.session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.key == keys["done"]).values(done_at=NOW)
    )
    db.session.commit()
    return keys


def due_in(database: str) -> list[str]:
    return _keys(database, "done_at IS NULL AND gave_up_at IS NULL AND available_at <= :later")


def held_in(database: str) -> list[str]:
    return _keys(database, "done_at IS NULL AND gave_up_at IS NOT NULL")


def _keys(database: str, condition: str) -> list[str]:
    query = sa.text(
        f"SELECT key FROM outbox_message WHERE {condition} AND created_at < :later ORDER BY key"
    )
    with sa.create_engine(database, poolclass=sa.NullPool).connect() as connection:
        return list(connection.scalars(query, {"later": LATER}))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
