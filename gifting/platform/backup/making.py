"""Make a backup, and let old ones go."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from gifting.platform.backup.manifest import Manifest
from gifting.platform.backup.place import Place, hash_file
from gifting.platform.backup.postgres import Programs
from gifting.platform.storage import Store, StoredFileDamaged

LOCK = 816
"""One backup at a time: retention takes away what another may be counting on."""

Column = sa.orm.InstrumentedAttribute[str] | sa.orm.InstrumentedAttribute[str | None]


class BackupRunning(Exception):
    """Another backup is being made."""


def make(
    place: Place,
    *,
    owner: sa.Engine,
    storage: Store,
    named_by: Sequence[Column],
    programs: Programs,
    now: datetime,
) -> Manifest:
    """Back up the database as it is at one moment, and every file that its rows name.

    :param named_by: the columns that hold hashes of stored files
    :raises BackupRunning: if another one is under way
    :raises ProgramFailed: if PostgreSQL's programs do not succeed
    """
    name = now.strftime("%Y-%m-%dT%H-%M-%SZ")
    with _alone(owner), tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        with _snapshot(owner) as (connection, snapshot):
            server = connection.scalar(sa.text("SHOW server_version_num"))
            postgres = int(server or 0) // 10_000
            programs.check_version(postgres)
            programs.dump(owner, snapshot=snapshot, target=dump)
            tables = count_rows(connection)
            revision = read_revision(connection)
            named = list_named(connection, named_by)
        place.add_dump(name, dump)
        copied, missing = _copy(named, storage, place)
        manifest = Manifest(
            name=name,
            made_at=now,
            revision=revision,
            postgres=postgres,
            dump_sha256=hash_file(dump),
            dump_size=dump.stat().st_size,
            tables=tables,
            files=copied,
            missing=missing,
        )
        place.finish(manifest)
    return manifest


def prune(place: Place, *, owner: sa.Engine, keep: int) -> list[str]:
    """Take away all but the newest backups, and the files that only those named."""
    with _alone(owner):
        names = place.names()
        gone, kept = names[:-keep], names[-keep:]
        for name in gone:
            place.remove(name)
        if gone:
            needed = {sha256 for name in kept for sha256 in place.manifest(name).files}
            for sha256 in place.files.names() - needed:
                place.files.remove(sha256)
    return gone


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    names = sa.inspect(connection).get_table_names()
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
        for name in sorted(names)
    }


def read_revision(connection: sa.Connection) -> str:
    """Return the migration that the schema stands at."""
    return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def list_named(connection: sa.Connection, columns: Sequence[Column]) -> list[str]:
    """Return the hashes of all files that rows name, each once."""
    chosen = (sa.select(column).where(column.is_not(None)) for column in columns)
    return sorted(connection.scalars(sa.union(*chosen)))


@contextmanager
def _alone(owner: sa.Engine) -> Iterator[None]:
    with owner.connect() as connection:
        if not connection.scalar(sa.text(f"SELECT pg_try_advisory_lock({LOCK})")):
            raise BackupRunning("another backup is being made; wait for it to end")
        connection.commit()
        try:
            yield
        finally:
            connection.execute(sa.text(f"SELECT pg_advisory_unlock({LOCK})"))


@contextmanager
def _snapshot(owner: sa.Engine) -> Iterator[tuple[sa.Connection, str]]:
    """Hold one moment still, for our own counts and for pg_dump."""
    level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with owner.connect().execution_options(**level) as connection:
        yield connection, str(connection.scalar(sa.text("SELECT pg_export_snapshot()")))


def _copy(named: list[str], source: Store, place: Place) -> tuple[dict[str, int], tuple[str, ...]]:
    """Copy what the place does not have yet; return the sizes, and what could not be copied."""
    known = _known_sizes(place)
    sizes, missing = {}, []
    for sha256 in named:
        if sha256 in known:
            sizes[sha256] = known[sha256]
            continue
        try:
            content = source.get(sha256)
        except (FileNotFoundError, StoredFileDamaged):
            missing.append(sha256)
            continue
        place.files.put(content)
        sizes[sha256] = len(content)
    return sizes, tuple(missing)


def _known_sizes(place: Place) -> dict[str, int]:
    """Return the sizes of files that an earlier backup copied and that are still there."""
    names = place.names()
    if not names:
        return {}
    there = place.files.names()
    earlier = place.manifest(names[-1]).files
    return {sha256: size for sha256, size in earlier.items() if sha256 in there}
