"""`flask backup …`: make backups, check them, play them back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from gifting.accounts.models import Company
from gifting.billing.models import Invoice
from gifting.billing.service import COUNTER
from gifting.documents.models import StoredDocument
from gifting.platform import clock, outbox
from gifting.platform.backup import checking, making
from gifting.platform.backup.checking import Check, NotEmpty
from gifting.platform.backup.making import BackupRunning
from gifting.platform.backup.manifest import Manifest, UnreadableManifest
from gifting.platform.backup.place import Place
from gifting.platform.backup.postgres import ProgramFailed, Programs
from gifting.platform.db import db
from gifting.platform.failures import StorageAway, StorageFull
from gifting.platform.models import BackupRun, NumberSeries
from gifting.platform.settings import current
from gifting.platform.storage import Store, StoredFileDamaged
from gifting.platform.uow import transaction
from gifting.quotes.models import OfferPack
from gifting.web.rights import grant_to_application

group = AppGroup("backup", help="Backups of database and files, and the proof that they are whole.")

NAMED_BY = (StoredDocument.sha256, Company.logo_sha256, OfferPack.sha256)
"""Every column whose values are names of stored files."""
FORESEEN = (
    BackupRunning,
    FileNotFoundError,
    NotEmpty,
    ProgramFailed,
    StorageAway,
    StorageFull,
    StoredFileDamaged,
    UnreadableManifest,
)


class PlaceParameter(click.ParamType[Place]):
    """A folder, or an address of S3."""

    name = "place"

    def convert(
        self, value: str | Place, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        if isinstance(value, Place):
            return value
        return Place(value if "://" in value else f"file://{Path(value).resolve()}")


def _default_place() -> Place:
    return Place(current().backup_url)


in_place = click.argument("place", type=PlaceParameter(), default=_default_place)
named = click.option("--name", help="Which backup; by default the newest.")


@group.command("make")
@in_place
def make(place: Place) -> None:
    """Make a backup in PLACE, a folder or s3://…, by default BACKUP_URL."""
    with _one_line_errors():
        manifest = _make(place)
    click.echo(_describe(manifest))
    _stop_at(f"{len(manifest.missing)} files were missing" if manifest.missing else "")


@group.command("list")
@in_place
def list_backups(place: Place) -> None:
    """List the backups in PLACE, oldest first."""
    with _one_line_errors():
        for name in place.names():
            click.echo(_describe(place.manifest(name)))


@group.command("verify")
@in_place
@named
def verify(place: Place, name: str | None) -> None:
    """Read a backup again where it lies and compare every hash."""
    with _one_line_errors():
        checks = checking.verify(place, _choose(place, name))
    _report(checks)


@group.command("restore")
@in_place
@named
@click.option("--into-database", help="An empty database; by default that of DATABASE_ADMIN_URL.")
@click.option("--into-storage", help="An empty storage; by default that of STORAGE_URL.")
@click.option("--release-jobs", is_flag=True, help="Nothing was done since: let them run at once.")
@click.confirmation_option(prompt="Play the backup back into that database and storage?")
def restore(
    place: Place,
    name: str | None,
    into_database: str | None,
    into_storage: str | None,
    *,
    release_jobs: bool,
) -> None:
    """Play a backup back into an EMPTY database and an EMPTY storage, and refuse any other.

    Jobs that were due are held for a person, who knows which were done since the backup was made.
    """
    database = into_database or current_app.config["DATABASE_ADMIN_URL"]
    with _one_line_errors(), _as_owner(database) as owner:
        manifest = _choose(place, name)
        storage = Store(into_storage or current().storage_url)
        checking.restore(place, manifest, owner=owner, storage=storage, programs=_programs())
        held = 0 if release_jobs else _hold_jobs(owner, manifest)
        grant_to_application(database)
    click.echo(f"Restored {_describe(manifest)}")
    if held:
        click.echo(f"{held} jobs are held: see «Stato del sistema» before their letters leave.")


@group.command("drill")
@in_place
@named
def drill(place: Place, name: str | None) -> None:
    """Play a backup back into a database of its own, verify everything, and drop it."""
    with _one_line_errors():
        checks = _drill(place, _choose(place, name))
    _report(checks)


@group.command("nightly")
@in_place
def nightly(place: Place) -> None:
    """Make a backup, play it back, and let the oldest go: what a timer calls."""
    with _one_line_errors():
        manifest = _make(place)
        checks = _drill(place, manifest)
        gone = []
        if not _problems(checks):  # while the newest is doubtful, the old ones stay
            with _as_owner() as owner:
                gone = making.prune(place, owner=owner, keep=current().backup_keep)
    click.echo(_describe(manifest))
    if gone:
        click.echo(f"Let go: {', '.join(gone)}")
    _report(checks)


def check_invoice_numbers(connection: sa.Connection) -> Check:
    """Tell whether the invoices of each year are numbered from 1 without a gap."""
    of_year = sa.and_(Invoice.year == NumberSeries.year, Invoice.number.is_not(None))
    rows = connection.execute(
        sa.select(
            NumberSeries.year,
            NumberSeries.last_number,
            sa.func.count(Invoice.number),
            sa.func.coalesce(sa.func.max(Invoice.number), 0),
        )
        .outerjoin(Invoice, of_year)
        .where(NumberSeries.code == COUNTER)
        .group_by(NumberSeries.year, NumberSeries.last_number)
    ).all()
    wrong = [
        f"{year}: {count} invoices up to number {highest}, the counter stands at {last}"
        for year, last, count, highest in rows
        if not last == count == highest
    ]
    return Check("invoice numbers without a gap", sum(row[2] for row in rows), "; ".join(wrong))


def _make(place: Place) -> Manifest:
    started = clock.now()
    with _as_owner() as owner:
        manifest = making.make(
            place,
            owner=owner,
            storage=Store(current().storage_url),
            named_by=NAMED_BY,
            programs=_programs(),
            now=started,
        )
    lost = f"{len(manifest.missing)} files were missing" if manifest.missing else None
    _remember("backup", manifest, started, lost)
    return manifest


def _hold_jobs(owner: sa.Engine, manifest: Manifest) -> int:
    with owner.begin() as connection:
        return outbox.hold_due(connection, backup=manifest.name, now=clock.now())


def _drill(place: Place, manifest: Manifest) -> list[Check]:
    started = clock.now()
    with _as_owner() as owner:
        checks = checking.drill(
            place,
            manifest,
            owner=owner,
            named_by=NAMED_BY,
            programs=_programs(),
            migrate=_migrate,
            questions=(check_invoice_numbers,),
        )
    _remember("drill", manifest, started, _problems(checks) or None)
    return checks


def _migrate(engine: sa.Engine) -> str:
    """Bring a database to this code's schema; return what is wrong with where it stands then."""
    config = current_app.config
    own = config["DATABASE_ADMIN_URL"]
    config["DATABASE_ADMIN_URL"] = engine.url.render_as_string(hide_password=False)
    try:
        upgrade()
    finally:
        config["DATABASE_ADMIN_URL"] = own
    head = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    with engine.connect() as connection:
        found = making.read_revision(connection)
    return "" if found == head else f"it stands at {found}, the code at {head}"


def _remember(kind: str, manifest: Manifest, started: datetime, problem: str | None) -> None:
    with transaction():
        db.session.add(
            BackupRun(
                kind=kind,
                name=manifest.name,
                started_at=started,
                ended_at=clock.now(),
                size=manifest.size,
                files=len(manifest.files),
                problem=problem,
            )
        )


def _choose(place: Place, name: str | None) -> Manifest:
    names = place.names()
    if not names:
        raise FileNotFoundError(f"there is no backup in {place.url}")
    if name and name not in names:
        raise FileNotFoundError(f"there is no backup {name} in {place.url}")
    return place.manifest(name or names[-1])


def _programs() -> Programs:
    return Programs(current().postgres_bin)


@contextmanager
def _as_owner(url: str | None = None) -> Iterator[sa.Engine]:
    engine = sa.create_engine(
        url or current_app.config["DATABASE_ADMIN_URL"], poolclass=sa.NullPool
    )
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _one_line_errors() -> Iterator[None]:
    try:
        yield
    except FORESEEN as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error


def _describe(manifest: Manifest) -> str:
    rows = sum(manifest.tables.values())
    return (
        f"{manifest.name}  {manifest.size / 1e6:.1f} MB, {len(manifest.tables)} tables,"
        f" {rows} rows, {len(manifest.files)} files, schema {manifest.revision}"
    )


def _problems(checks: list[Check]) -> str:
    return "; ".join(f"{check.what}: {check.problem}" for check in checks if check.problem)


def _report(checks: list[Check]) -> None:
    for check in checks:
        verdict = "WRONG" if check.problem else "ok"
        click.echo(f"{check.what:32} {check.count:9,}  {verdict:5} {check.problem}".rstrip())
    _stop_at(_problems(checks))


def _stop_at(problem: str) -> None:
    if problem:
        raise click.ClickException(problem)
