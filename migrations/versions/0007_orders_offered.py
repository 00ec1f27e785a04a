"""Give every order that a list offers its index.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DUE = sa.text("coalesce(answer_due_at, '9999-01-01 00:00:00+00'::timestamptz)")
INDEXES = (
    ("ix_quote_due_id", "quote", [DUE, "id"]),
    ("ix_quote_state_due_id", "quote", ["state", DUE, "id"]),
    ("ix_order_state_id", "order", ["state", "id"]),
    ("ix_payment_received_on", "payment", ["received_on"]),
)


def upgrade() -> None:
    """Build each anew: an attempt that gave way to a lock leaves an index that is not valid."""
    with op.get_context().autocommit_block():
        for name, table, columns in INDEXES:
            op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)
            op.create_index(name, table, columns, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, _columns in INDEXES:
            op.drop_index(name, table_name=table, postgresql_concurrently=True)
