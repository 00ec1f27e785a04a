"""Let a hamper be read at an open address, and know a change that is sent again.

Old code may serve while this runs: it shares without an address, and knows no marks of changes.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "hamper",
        sa.Column("recent_changes", sa.ARRAY(sa.String(32)), nullable=False, server_default="{}"),
    )
    op.create_table(
        "hamper_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hamper_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hamper_id"],
            ["hamper.id"],
            name=op.f("fk_hamper_link_hamper_id_hamper"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hamper_link")),
        sa.UniqueConstraint("hamper_id", name=op.f("uq_hamper_link_hamper_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hamper_link_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("hamper_link")
    op.drop_column("hamper", "recent_changes")
