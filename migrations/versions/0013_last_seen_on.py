"""Keep the day on which a person was last here, for when their sessions are gone.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FILL = """
UPDATE user_account SET last_seen_on = seen.day
FROM (
  SELECT user_id, (max(last_seen_at) AT TIME ZONE 'Europe/Rome')::date AS day
  FROM user_session GROUP BY user_id
) AS seen
WHERE seen.user_id = user_account.id
"""


def upgrade() -> None:
    op.add_column("user_account", sa.Column("last_seen_on", sa.Date()))
    op.execute(FILL)


def downgrade() -> None:
    op.drop_column("user_account", "last_seen_on")
