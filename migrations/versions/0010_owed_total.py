"""Keep beside each invoice what is owed of it: its total without what was paid.

The database reckons it itself, whoever writes a payment: the last version, too, which knows
nothing of the column. Whatever is written into it, what the payments say stands; they are added
up once the invoice's row is held, so that of two payments at once the second sees the first.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GUARD = """
CREATE OR REPLACE FUNCTION invoice_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state <> 'draft'
     AND to_jsonb(NEW) - '%(may_move)s'::text[] = to_jsonb(OLD) - '%(may_move)s'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'invoice %% is issued and cannot change', OLD.reference
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
RECKONING = """
CREATE FUNCTION reckon_owed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.owed_total := NEW.gross_total
    - (SELECT coalesce(sum(amount), 0) FROM payment WHERE invoice_id = NEW.id);
  RETURN NEW;
END $$;
CREATE FUNCTION payments_have_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE invoice SET owed_total = DEFAULT WHERE id IN (OLD.invoice_id, NEW.invoice_id);
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_owed_total BEFORE INSERT OR UPDATE OF gross_total, owed_total ON invoice
  FOR EACH ROW EXECUTE FUNCTION reckon_owed();
CREATE TRIGGER payment_reckoned AFTER INSERT OR UPDATE OR DELETE ON payment
  FOR EACH ROW EXECUTE FUNCTION payments_have_changed()
"""


def upgrade() -> None:
    """Take the locks in the order in which a payment takes them: invoice, then payment."""
    op.add_column(
        "invoice", sa.Column("owed_total", sa.Numeric(14, 2), nullable=False, server_default="0")
    )
    op.execute(GUARD % {"may_move": "{state,version,owed_total}"})
    op.execute(RECKONING)


def downgrade() -> None:
    op.execute("DROP TRIGGER payment_reckoned ON payment")
    op.execute("DROP TRIGGER invoice_owed_total ON invoice")
    op.execute("DROP FUNCTION payments_have_changed()")
    op.execute("DROP FUNCTION reckon_owed()")
    op.execute(GUARD % {"may_move": "{state,version}"})
    op.drop_column("invoice", "owed_total")
