"""Keep what watching needs: whose request owed a job, what is put aside, when beat last ran.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("request_id", sa.String(64)))
    op.add_column("outbox_message", sa.Column("archived_at", sa.DateTime(timezone=True)))
    # waives plain_index: no season has filled the table yet, it holds hundreds of rows
    op.create_index(
        "ix_outbox_message_failed",
        "outbox_message",
        ["gave_up_at"],
        postgresql_where=sa.text("gave_up_at IS NOT NULL AND archived_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_message_done",
        "outbox_message",
        ["done_at"],
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )
    op.create_table(
        "periodic_run",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_periodic_run"),
    )


def downgrade() -> None:
    op.drop_table("periodic_run")
    op.drop_index("ix_outbox_message_done", table_name="outbox_message")
    op.drop_index("ix_outbox_message_failed", table_name="outbox_message")
    op.drop_column("outbox_message", "archived_at")
    op.drop_column("outbox_message", "request_id")
