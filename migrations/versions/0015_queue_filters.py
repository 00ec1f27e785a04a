"""Keep the parts of the queue that people give a name.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_quote_filter_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quote_filter"),
        sa.UniqueConstraint("user_id", "name", name="uq_quote_filter_user_id_name"),
    )


def downgrade() -> None:
    op.drop_table("quote_filter")
