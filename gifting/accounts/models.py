"""Tables of the accounts slice: companies, people, how they come in and where they are."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gifting.core.roles import COMPANY, Role
from gifting.platform.db import Base, Moment, Versioned, enum_column

_COMPANY_ROLES = ", ".join(f"'{role}'" for role in sorted(COMPANY))
_ROLE_FITS_COMPANY = f"(company_id IS NOT NULL) = (role IN ({_COMPANY_ROLES}))"
_ADMIN_HAS_COMPANY = "company_id IS NOT NULL OR NOT is_company_admin"


class Company(Versioned, Base):
    """A customer organisation, with what its invoices need."""

    __tablename__ = "company"
    __table_args__ = (
        sa.UniqueConstraint("vat_number"),
        sa.CheckConstraint("vat_number <> '' OR tax_code <> ''", name="is_identified"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    vat_number: Mapped[str | None] = mapped_column(sa.String(11))
    tax_code: Mapped[str] = mapped_column(sa.String(16), default="")
    sdi_code: Mapped[str] = mapped_column(sa.String(7), default="")
    pec: Mapped[str] = mapped_column(sa.String(254), default="")
    street: Mapped[str] = mapped_column(sa.String(60))
    cap: Mapped[str] = mapped_column(sa.String(5))
    city: Mapped[str] = mapped_column(sa.String(60))
    province: Mapped[str] = mapped_column(sa.String(2))
    country: Mapped[str] = mapped_column(sa.String(2), default="IT")
    deducts_vat: Mapped[bool] = mapped_column(default=True)
    logo_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    """The stored PNG; none: the company has shown us no logo."""
    created_at: Mapped[Moment]

    @property
    def subject(self) -> str:
        """The name under which the event log files what its people change."""
        return f"company:{self.id}"


class User(Base):
    """A person who signs in: of a company, or of the consortium's staff.

    `is_company_admin` stands beside the role: what somebody does for their company, and whether
    they also say who else belongs to it, are two questions (docs/adr/0008-company-admin.md).
    """

    __tablename__ = "user_account"
    __table_args__ = (
        sa.CheckConstraint(_ROLE_FITS_COMPANY, name="role_fits_company"),
        sa.CheckConstraint(_ADMIN_HAS_COMPANY, name="admin_has_company"),
        sa.CheckConstraint("email = lower(email)", name="email_is_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    is_company_admin: Mapped[bool] = mapped_column(default=False)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"), index=True)
    locale: Mapped[str] = mapped_column(sa.String(2), default="it")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    email_confirmed_at: Mapped[Moment | None]
    last_seen_on: Mapped[date | None]
    """The day in Rome; sessions, which know the minute, are purged."""
    created_at: Mapped[Moment]

    company: Mapped[Company | None] = relationship(lazy="raise_on_sql")

    @property
    def subject(self) -> str:
        """The name under which the event log files this record."""
        return f"user:{self.id}"


class UserSession(Base):
    """One browser in which a person is signed in: its cookie has the token, the row its hash."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    has_second_step: Mapped[bool] = mapped_column(server_default=sa.false())
    """Whether a code, or a browser trusted by one, let the person in or was asked for since."""
    address: Mapped[str] = mapped_column(sa.String(45))
    agent: Mapped[str] = mapped_column(sa.String(200))


class LinkPurpose(StrEnum):
    """What a link in a letter lets its reader do, once."""

    SIGN_IN = "sign_in"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, no password
    NEW_EMAIL = "new_email"
    OLD_EMAIL = "old_email"


class MailLink(Base):
    """A link that was mailed: for one person and purpose, once, for a time. Here is its hash."""

    __tablename__ = "mail_link"
    __table_args__ = (sa.Index("ix_mail_link_user_id_purpose", "user_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Invitation(Base):
    """A letter that lets somebody in: into a company or, without one, into the staff.

    Its link carries a signed [id, letter_number] and is stored nowhere; a letter sent again has
    the next number, which makes the links of the earlier ones void.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(_ROLE_FITS_COMPANY, name="role_fits_company"),
        sa.CheckConstraint(_ADMIN_HAS_COMPANY, name="admin_has_company"),
        sa.CheckConstraint("email = lower(email)", name="email_is_lower"),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="ends_once"),
        sa.Index(
            "uq_invitation_open",
            "company_id",
            "email",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"))
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(80))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    is_company_admin: Mapped[bool] = mapped_column(default=False)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    invited_at: Mapped[Moment]
    letter_number: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]

    @property
    def is_open(self) -> bool:
        """Tell whether it was neither accepted nor taken back; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None


class SecondFactor(Base):
    """The telephone that a person's codes come from; its secrets are sealed.

    `next_secret` waits for its first code: until then nothing has changed.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(200), default="")
    next_secret: Mapped[str] = mapped_column(sa.String(200), default="")
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    confirmed_at: Mapped[Moment | None]


class RecoveryCode(Base):
    """A code on paper, for when the telephone is lost; once used, its row is gone."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    code_mark: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)


class TrustedBrowser(Base):
    """A browser in which a person's password is enough for a time."""

    __tablename__ = "trusted_browser"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[Moment]


class PendingSignIn(Base):
    """A first step that was made, with the second still to come: it opens no page but that one."""

    __tablename__ = "pending_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    is_remembered: Mapped[bool]
    is_by_mail: Mapped[bool]
    """Whether a link in a letter was the first step: then no letter can be the second."""
    tries: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)
    lettered_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
