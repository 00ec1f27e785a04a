"""A product with documents in it, a place for backups, and the commands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from gifting.documents.models import StoredDocument
from gifting.platform import storage
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.accounts import make_company

Command = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def backup(app: Flask, place: Path) -> Command:
    """`flask backup` with the place of this test."""

    def run(verb: str, *options: str) -> Result:
        return app.test_cli_runner().invoke(args=["backup", verb, str(place), *options])

    return run


@pytest.fixture
def documents(app: Flask) -> list[str]:
    """Three stored papers; returns their hashes."""
    company = make_company()
    db.session.flush()
    return [add_document(company.id, f"carta {number}".encode()) for number in range(3)]


def add_document(company_id: int, content: bytes) -> str:
    sha256 = storage.store(content)
    db.session.add(
        StoredDocument(
            subject=f"quote:{sha256[:8]}",
            kind="offer",
            company_id=company_id,
            filename="offerta.pdf",
            media_type="application/pdf",
            sha256=sha256,
            size=len(content),
            created_at=NOW,
        )
    )
    db.session.commit()
    return sha256


@pytest.fixture
def empty_database(owner_engine: sa.Engine) -> Iterator[str]:
    """The address of a database without tables, for the owner."""
    with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CREATE DATABASE gifting_restored"))
        yield owner_engine.url.set(database="gifting_restored").render_as_string(
            hide_password=False
        )
        connection.execute(sa.text("DROP DATABASE gifting_restored WITH (FORCE)"))
