"""Check a backup where it lies, play it back, and prove that what came back is what was there."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from gifting.platform.backup.making import Column, count_rows, list_named, read_revision
from gifting.platform.backup.manifest import Manifest
from gifting.platform.backup.place import DUMP, Place, hash_file
from gifting.platform.backup.postgres import Programs, temporary_database
from gifting.platform.storage import Store, StoredFileDamaged


class NotEmpty(Exception):
    """The place to restore into holds something already, which a backup never overwrites."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a report: what was looked at, how much of it, and what was wrong."""

    what: str
    count: int
    problem: str = ""


Question = Callable[[sa.Connection], Check]
"""Something that must be true of every database of the product."""


def verify(place: Place, manifest: Manifest) -> list[Check]:
    """Read the dump and every file of a backup again, and compare their hashes."""
    try:
        is_same = place.hash_dump(manifest.name) == manifest.dump_sha256
        dump = Check("dump", 1, "" if is_same else "its hash is another")
    except FileNotFoundError:
        dump = Check("dump", 0, "it is not there")
    return [
        dump,
        _check_files("files", place.files, sorted(manifest.files)),
        _check_whole(manifest),
    ]


def restore(
    place: Place, manifest: Manifest, *, owner: sa.Engine, storage: Store, programs: Programs
) -> None:
    """Play a backup back into an empty database and an empty storage.

    :raises NotEmpty: if either holds anything
    :raises StoredFileDamaged: if a file, or the dump, is not what was backed up
    :raises ProgramFailed: if PostgreSQL's programs do not succeed; then nothing was written
    """
    with owner.connect() as connection:
        if tables := sa.inspect(connection).get_table_names():
            raise NotEmpty(f"the database holds {len(tables)} tables: name an empty one")
    if there := storage.names():
        raise NotEmpty(f"the storage holds {len(there)} files: name an empty one")
    programs.check_version(manifest.postgres)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DUMP
        place.fetch_dump(manifest.name, dump)
        if hash_file(dump) != manifest.dump_sha256:
            raise StoredFileDamaged(f"{manifest.name}/{DUMP}")
        programs.restore(owner, source=dump)
    for sha256 in sorted(manifest.files):
        storage.put(place.files.get(sha256))


def drill(
    place: Place,
    manifest: Manifest,
    *,
    owner: sa.Engine,
    named_by: Sequence[Column],
    programs: Programs,
    migrate: Callable[[sa.Engine], str],
    questions: Sequence[Question],
) -> list[Check]:
    """Play a backup back into a database and a folder that are dropped afterwards, and look.

    :param migrate: brings that database to the code's schema and returns what is wrong with it
    """
    checks = verify(place, manifest)
    if any(check.problem for check in checks[:2]):
        return checks
    with temporary_database(owner) as engine, tempfile.TemporaryDirectory() as folder:
        storage = Store(f"file://{folder}/files")
        restore(place, manifest, owner=engine, storage=storage, programs=programs)
        with engine.connect() as connection:
            checks.append(_check_rows(connection, manifest))
            checks.append(_check_revision(connection, manifest))
            named = list_named(connection, named_by)
            wanted = [sha256 for sha256 in named if sha256 not in manifest.missing]
            checks.append(_check_files("files that rows name", storage, wanted))
        checks.append(Check("migrations to this code", 1, migrate(engine)))
        with engine.connect() as connection:
            checks += [question(connection) for question in questions]
    return checks


def _check_files(what: str, store: Store, names: Sequence[str]) -> Check:
    wrong = [sha256[:16] for sha256 in names if not _is_whole(store, sha256)]
    problem = f"{len(wrong)} missing or damaged: {', '.join(wrong[:5])}" if wrong else ""
    return Check(what, len(names), problem)


def _is_whole(store: Store, sha256: str) -> bool:
    try:
        store.get(sha256)
    except (FileNotFoundError, StoredFileDamaged):
        return False
    return True


def _check_whole(manifest: Manifest) -> Check:
    """Tell whether the storage had every file when the backup was made."""
    lost = [sha256[:16] for sha256 in manifest.missing]
    problem = f"the storage did not have {len(lost)}: {', '.join(lost[:5])}" if lost else ""
    return Check("files that were there to copy", len(manifest.files), problem)


def _check_rows(connection: sa.Connection, manifest: Manifest) -> Check:
    found = count_rows(connection)
    names = sorted(found.keys() | manifest.tables.keys())
    wrong = [
        f"{name} has {found.get(name)} of {manifest.tables.get(name)}"
        for name in names
        if found.get(name) != manifest.tables.get(name)
    ]
    return Check("rows of all tables", sum(found.values()), "; ".join(wrong[:5]))


def _check_revision(connection: sa.Connection, manifest: Manifest) -> Check:
    found = read_revision(connection)
    problem = "" if found == manifest.revision else f"{found} instead of {manifest.revision}"
    return Check(f"schema {manifest.revision}", 1, problem)
