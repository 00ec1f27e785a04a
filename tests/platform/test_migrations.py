"""The schema goes up, down and up again, and is what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from gifting.platform.db import Base

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")
EMPTY = "gifting_empty"


@pytest.fixture
def empty(
    migrated_app: Flask, owner_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sa.Engine]:
    """Lead the migrations to a database without a single table."""
    with owner_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {EMPTY}"))
        engine = sa.create_engine(owner_engine.url.set(database=EMPTY), poolclass=sa.NullPool)
        url = engine.url.render_as_string(hide_password=False)
        monkeypatch.setitem(migrated_app.config, "DATABASE_ADMIN_URL", url)
        with migrated_app.app_context():
            yield engine
        connection.execute(sa.text(f"DROP DATABASE {EMPTY}"))


def _snapshot(engine: sa.Engine) -> dict[str, list[str]]:
    """List what a schema is made of: columns, constraints, indexes, triggers and functions."""
    catalogues = {
        "columns": "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable,"
        " column_default) FROM information_schema.columns WHERE table_schema = 'public'",
        "constraints": "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace",
    }
    with engine.connect() as connection:
        return {
            name: sorted(connection.scalars(sa.text(query))) for name, query in catalogues.items()
        }


class TestMigrations:
    def test_go_up_down_and_up_again(self, empty: sa.Engine) -> None:
        upgrade(directory=MIGRATIONS)
        first = _snapshot(empty)
        downgrade(directory=MIGRATIONS, revision="base")
        bare = _snapshot(empty)
        upgrade(directory=MIGRATIONS)

        left = [line for lines in bare.values() for line in lines if "alembic_version" not in line]
        assert left == []
        assert len(first["triggers"]) > len(first["functions"]) > 0
        assert _snapshot(empty) == first

    def test_make_what_the_models_say(self, owner_engine: sa.Engine) -> None:
        with owner_engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, Base.metadata)

        assert differences == []

    def test_make_every_check_of_the_models(self, owner_engine: sa.Engine) -> None:
        """Alembic compares columns, keys and indexes; checks it passes over."""
        said = {
            constraint.name
            for table in Base.metadata.tables.values()
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        }
        with owner_engine.connect() as connection:
            made = set(
                connection.scalars(
                    sa.text(
                        "SELECT conname FROM pg_constraint WHERE contype = 'c'"
                        " AND connamespace = 'public'::regnamespace"
                    )
                )
            )

        assert said == made


PEOPLE = (
    # address, company, role, may enter: in the order in which they came
    ("left@one", 1, "buyer", False),
    ("finance@one", 1, "finance", True),
    ("chiara@one", 1, "buyer", True),
    ("later@one", 1, "buyer", True),
    ("finance@two", 2, "finance", True),
    ("sales@staff", None, "sales", True),
)


class TestWhoManagesACompanyAfterTheMigration:
    def test_is_its_oldest_buyer_who_may_enter_or_whoever_there_is(self, empty: sa.Engine) -> None:
        upgrade(directory=MIGRATIONS, revision="0004")
        with empty.begin() as connection:
            for number in (1, 2):
                connection.execute(
                    sa.text(
                        "INSERT INTO company (id, name, tax_code, sdi_code, pec, street, cap, city,"
                        " province, country, deducts_vat, created_at) VALUES"
                        " (:id, 'x', 'x', '', '', 'x', '20100', 'x', 'MI', 'IT', true, now())"
                    ),
                    {"id": number},
                )
            for email, company_id, role, is_active in PEOPLE:
                connection.execute(
                    sa.text(
                        "INSERT INTO user_account (email, name, phone, password_hash, role,"
                        " company_id, locale, is_active, is_sample, created_at) VALUES"
                        " (:email, 'x', '', 'x', :role, :company_id, 'it', :is_active, false,"
                        " now())"
                    ),
                    {
                        "email": email,
                        "company_id": company_id,
                        "role": role,
                        "is_active": is_active,
                    },
                )

        upgrade(directory=MIGRATIONS)

        with empty.connect() as connection:
            managers = connection.scalars(
                sa.text("SELECT email FROM user_account WHERE is_company_admin ORDER BY email")
            ).all()
        assert managers == ["chiara@one", "finance@two"]
