"""Keep a company's logo.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("company", sa.Column("logo_sha256", sa.String(64)))


def downgrade() -> None:
    op.drop_column("company", "logo_sha256")
