"""Reckon what is owed of the invoices that were there before, and index those not paid to the cent.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH = 5_000
INDEX = "ix_invoice_unsettled"
FILL = """
UPDATE invoice SET owed_total = DEFAULT
WHERE id > {first} AND id <= {last} AND owed_total <> gross_total
  - (SELECT coalesce(sum(amount), 0) FROM payment WHERE invoice_id = invoice.id)
"""


def upgrade() -> None:
    """Every statement stands by itself and may be repeated, after an attempt that gave way."""
    with op.get_context().autocommit_block():
        last = op.get_bind().scalar(sa.text("SELECT max(id) FROM invoice")) or 0
        for first in range(0, last, BATCH):
            # waives rewrite_rows: in batches, each its own transaction; this release reads it
            op.execute(FILL.format(first=first, last=first + BATCH))
        op.drop_index(INDEX, table_name="invoice", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            INDEX,
            "invoice",
            ["company_id", "issued_on", "id"],
            postgresql_where=sa.text("owed_total <> 0"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, table_name="invoice", postgresql_concurrently=True)
