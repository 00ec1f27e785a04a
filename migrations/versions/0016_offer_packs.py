"""Keep for some days the files with many offers that people ask for.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quotes", JSONB(), nullable=False),
        sa.Column("packed", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("sha256", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_offer_pack_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offer_pack"),
    )


def downgrade() -> None:
    op.drop_table("offer_pack")
