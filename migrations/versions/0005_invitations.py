"""Let companies invite and manage their own people.

Old code may serve while this runs: it fills every column it knows, and the rest have defaults.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OLDEST_BUYERS = """
UPDATE user_account SET is_company_admin = true WHERE id IN (
  SELECT DISTINCT ON (company_id) id FROM user_account
  WHERE company_id IS NOT NULL AND is_active
  ORDER BY company_id, role <> 'buyer', id
)
"""
"""Who opened a company is its oldest buyer; one without buyers still needs somebody."""
ROLES = (
    *("buyer", "approver", "finance"),
    *("sales", "sales_manager", "operations", "accounting", "administrator"),
)
COMPANY_ROLES = "(company_id IS NOT NULL) = (role IN ('approver', 'buyer', 'finance'))"
ADMIN_HAS_COMPANY = "company_id IS NOT NULL OR NOT is_company_admin"


def upgrade():
    op.add_column("company", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "user_account",
        sa.Column("is_company_admin", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_check_constraint(
        op.f("ck_user_account_admin_has_company"), "user_account", ADMIN_HAS_COMPANY
    )
    op.execute(OLDEST_BUYERS)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_company_admin", sa.Boolean(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter_number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(COMPANY_ROLES, name=op.f("ck_invitation_role_fits_company")),
        sa.CheckConstraint(ADMIN_HAS_COMPANY, name=op.f("ck_invitation_admin_has_company")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitation_email_is_lower")),
        sa.CheckConstraint(
            "accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_invitation_ends_once")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_invitation_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["user_account.id"],
            name=op.f("fk_invitation_invited_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["company_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade():
    op.drop_table("invitation")
    op.drop_constraint(op.f("ck_user_account_admin_has_company"), "user_account", type_="check")
    op.drop_column("user_account", "is_company_admin")
    op.drop_column("company", "version")
