"""Tables of the hampers slice: what a buyer is composing."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gifting.platform.db import Base, Moment, Versioned


class Hamper(Versioned, Base):
    """A composed gift box. It belongs to a visitor until sign-in, then to their company.

    `key` names it in addresses; `is_shared` lets colleagues of the company change it too.
    `recent_changes` are the marks of the last changes browsers sent, the newest last.
    """

    __tablename__ = "hamper"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint(
            "(company_id IS NULL) <> (visitor_key IS NULL)", name="has_one_kind_of_owner"
        ),
        sa.CheckConstraint("(company_id IS NULL) = (owner_id IS NULL)", name="owner_has_company"),
        sa.Index("ix_hamper_company_id_updated_at", "company_id", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    visitor_key: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    box_id: Mapped[int] = mapped_column(sa.ForeignKey("box.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    deleted_at: Mapped[Moment | None]
    recent_changes: Mapped[list[str]] = mapped_column(
        sa.ARRAY(sa.String(32)), default=list, server_default="{}"
    )

    lines: Mapped[list["HamperLine"]] = relationship(
        order_by="HamperLine.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    extras: Mapped[list["HamperExtra"]] = relationship(
        order_by="HamperExtra.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class HamperLine(Base):
    """A product in a hamper, in a number of pieces per hamper."""

    __tablename__ = "hamper_line"
    __table_args__ = (
        sa.UniqueConstraint("hamper_id", "product_id"),
        sa.CheckConstraint("quantity > 0 AND quantity <= 99", name="quantity_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hamper_id: Mapped[int] = mapped_column(sa.ForeignKey("hamper.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class HamperExtra(Base):
    """An extra chosen for every hamper of this composition."""

    __tablename__ = "hamper_extra"
    __table_args__ = (sa.UniqueConstraint("hamper_id", "extra_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hamper_id: Mapped[int] = mapped_column(sa.ForeignKey("hamper.id", ondelete="CASCADE"))
    extra_id: Mapped[int] = mapped_column(sa.ForeignKey("extra.id"))


class HamperLink(Base):
    """A hamper's open address: whoever has it reads the hamper and may copy it, for a time.

    `sealed_token` is for the owner's page, which shows the address again; the hash finds it.
    """

    __tablename__ = "hamper_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    hamper_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hamper.id", ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sealed_token: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
