"""Every migration after the first release may run while the version before it serves."""

import pytest

from gifting.platform.db import Base
from gifting.web import registry
from tests.support.migration_rules import BIG_TABLES, RAW, judge, waivers
from tests.support.running import ROOT

RELEASED = ("0001", "0002")
FILES = sorted(
    path
    for path in (ROOT / "migrations/versions").glob("*.py")
    if not path.name.startswith(RELEASED)
)


class TestMigrations:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_keep_to_the_rules_or_say_why_not(self, path):
        assert judge(path.read_text(encoding="utf-8")) == set()

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_waive_nothing_they_do_not_do(self, path):
        source = path.read_text(encoding="utf-8")
        waived = waivers(source)
        without = "\n".join(line for line in source.splitlines() if "# waives" not in line)

        assert set(waived) <= judge(without)

    def test_big_tables_are_tables(self):
        assert registry.MODELS  # they have named every table
        assert set(Base.metadata.tables) >= BIG_TABLES


BAD = {
    "drop_column": 'op.drop_column("quote", "note")',
    "drop_table": 'op.drop_table("note")',
    "rename": 'op.alter_column("quote", "note", new_column_name="remark")',
    "alter_type": 'op.alter_column("quote", "note", type_=sa.Text())',
    "set_not_null": 'op.alter_column("quote", "note", nullable=False)',
    "not_null_without_default": 'op.add_column("quote", sa.Column("a", sa.Text(), nullable=False))',
    "plain_index": 'op.create_index("ix", "invoice", ["a"])',
    "checked_constraint": 'op.create_check_constraint("positive", "quote", "a > 0")',
    "lock_table": 'op.execute("LOCK TABLE quote")',
    "rewrite_rows": 'op.execute("UPDATE invoice SET a = 1")',
    "truncate": 'op.execute("TRUNCATE quote")',
}
GOOD = (
    'op.add_column("quote", sa.Column("a", sa.Text()))',
    'op.add_column("quote", sa.Column("a", sa.Text(), nullable=False, server_default=""))',
    'op.create_index("ix", "store", ["a"])',
    'op.create_index("ix", "invoice", ["a"], postgresql_concurrently=True)',
    'op.create_check_constraint("ok", "quote", "a > 0", postgresql_not_valid=True)',
    'op.execute("ALTER TABLE quote VALIDATE CONSTRAINT ok")',
    'op.execute("CREATE INDEX CONCURRENTLY ix ON quote (a)")',
    'op.create_table("invoice_note", sa.Column("a"))',
)
RAW_BAD = {
    "rename": "ALTER TABLE quote RENAME COLUMN a TO b",
    "alter_type": "ALTER TABLE quote ALTER COLUMN a TYPE text",
    "set_not_null": "ALTER TABLE quote ALTER a SET NOT NULL",
    "plain_index": "CREATE UNIQUE INDEX ix ON invoice (a)",
    "checked_constraint": "ALTER TABLE quote ADD CONSTRAINT c CHECK (a > 0)",
    "drop_column": "ALTER TABLE quote DROP COLUMN a",
    "drop_table": "DROP TABLE note",
}


def migration(line, waiver=""):
    return (
        f"def upgrade():\n    {waiver}\n    {line}\n\n\ndef downgrade():\n    op.drop_table('x')\n"
    )


class TestRules:
    @pytest.mark.parametrize("rule", BAD)
    def test_notice_what_breaks_the_last_version_or_locks_long(self, rule):
        assert judge(migration(BAD[rule])) == {rule}

    @pytest.mark.parametrize("rule", RAW_BAD)
    def test_read_sql_too(self, rule):
        assert judge(migration(f'op.execute("{RAW_BAD[rule]}")')) == {rule}

    @pytest.mark.parametrize("line", GOOD)
    def test_let_the_safe_form_pass(self, line):
        assert judge(migration(line)) == set()

    def test_read_sql_that_a_constant_holds(self):
        source = 'CHANGE = "UPDATE invoice SET a = 1"\n' + migration("op.execute(CHANGE)")

        assert judge(source) == {"rewrite_rows"}

    def test_let_a_table_made_here_be_indexed(self):
        lines = 'op.create_table("invoice")\n    op.create_index("ix", "invoice", ["a"])'

        assert judge(migration(lines)) == set()

    @pytest.mark.parametrize("rule", BAD)
    def test_are_waived_with_a_reason_only(self, rule):
        assert judge(migration(BAD[rule], f"# waives {rule}: nobody reads it")) == set()
        assert judge(migration(BAD[rule], f"# waives {rule}:")) == {rule}

    def test_cover_every_pattern(self):
        assert set(RAW) <= set(BAD) | set(RAW_BAD)
