"""Keep telephones, codes on paper, trusted browsers, and sign-ins that are half done.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("next_secret", sa.String(200), nullable=False),
        sa.Column("last_step", sa.BigInteger()),
        sa.Column("confirmed_at", Moment),
        _person("second_factor"),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        *_id_and_person("recovery_code"),
        sa.Column("code_mark", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("code_mark", name="uq_recovery_code_code_mark"),
    )
    op.create_table(
        "trusted_browser",
        *_id_and_person("trusted_browser"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_trusted_browser_token_hash"),
    )
    op.create_table(
        "pending_sign_in",
        *_id_and_person("pending_sign_in"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("is_remembered", sa.Boolean(), nullable=False),
        sa.Column("is_by_mail", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("lettered_at", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.UniqueConstraint("token_hash", name="uq_pending_sign_in_token_hash"),
    )
    for table in ("recovery_code", "trusted_browser", "pending_sign_in"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def downgrade() -> None:
    for table in ("pending_sign_in", "trusted_browser", "recovery_code", "second_factor"):
        op.drop_table(table)


def _id_and_person(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _person(table),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["user_account.id"], name=f"fk_{table}_user_id_user_account"
    )
