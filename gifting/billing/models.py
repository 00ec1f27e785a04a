"""Tables of the billing slice: invoices, which copy all they show, and payments beside them."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gifting.core.invoice_lifecycle import InvoiceState
from gifting.platform.db import Base, Moment, Money, Percent, Versioned, enum_column


class Invoice(Versioned, Base):
    """A tax document, which copies all that it shows.

    After issue neither it nor its lines can be changed or deleted: the database refuses
    (trigger `invoice_is_immutable`); what may still move is `state`, `version` and `owed_total`,
    its total without its payments, which the database alone writes (trigger `reckon_owed`).
    """

    __tablename__ = "invoice"
    __table_args__ = (
        sa.UniqueConstraint("series", "year", "number"),
        sa.CheckConstraint("net_total + vat_total = gross_total", name="totals_add_up"),
        sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name="number_given_at_issue"),
        sa.CheckConstraint(
            "(number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (reference IS NULL)",
            name="issue_is_whole",
        ),
        sa.Index("ix_invoice_issued_on_id", "issued_on", "id"),
        sa.Index("ix_invoice_company_id_issued_on_id", "company_id", "issued_on", "id"),
        sa.Index(
            "ix_invoice_unsettled",
            "company_id",
            "issued_on",
            "id",
            postgresql_where=sa.text("owed_total <> 0"),
        ),
        sa.UniqueConstraint("order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    state: Mapped[InvoiceState] = mapped_column(enum_column(InvoiceState))
    series: Mapped[str] = mapped_column(sa.String(10))
    year: Mapped[int]
    number: Mapped[int | None]
    reference: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    issued_on: Mapped[date | None]
    issued_at: Mapped[Moment | None]
    issued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date | None]
    payment_terms_days: Mapped[int]
    purchase_order_number: Mapped[str] = mapped_column(sa.String(20), default="")
    order_reference: Mapped[str] = mapped_column(sa.String(20))
    seller: Mapped[dict[str, Any]] = mapped_column(JSONB)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hampers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    net_total: Mapped[Money]
    vat_total: Mapped[Money]
    gross_total: Mapped[Money]
    owed_total: Mapped[Money] = mapped_column(server_default=sa.text("0"))
    """What is still to be paid; negative when too much was."""

    lines: Mapped[list["InvoiceLine"]] = relationship(
        order_by="InvoiceLine.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    vat_rows: Mapped[list["InvoiceVat"]] = relationship(
        order_by="InvoiceVat.vat_rate", cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @property
    def subject(self) -> str:
        """The name under which the event log files this record."""
        return f"invoice:{self.id}"


class InvoiceLine(Base):
    """One line of an invoice: one VAT class, quantity × unit price = net."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "position"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("quantity * unit_net = net", name="line_multiplies"),
        sa.CheckConstraint("(vat_rate = 0) = (vat_nature <> '')", name="nature_only_at_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("invoice.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    description: Mapped[str] = mapped_column(sa.String(1000))
    quantity: Mapped[int]
    unit_net: Mapped[Money]
    net: Mapped[Money]
    vat_rate: Mapped[Percent]
    vat_nature: Mapped[str] = mapped_column(sa.String(4), default="")
    is_accessory: Mapped[bool] = mapped_column(default=False)


class InvoiceVat(Base):
    """Taxable amount and tax of one VAT class of an invoice."""

    __tablename__ = "invoice_vat"
    __table_args__ = (sa.UniqueConstraint("invoice_id", "vat_rate", "vat_nature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("invoice.id", ondelete="CASCADE"), index=True
    )
    vat_rate: Mapped[Percent]
    vat_nature: Mapped[str] = mapped_column(sa.String(4), default="")
    net: Mapped[Money]
    tax: Mapped[Money]


class Payment(Base):
    """Money received for an invoice, by a traceable means."""

    __tablename__ = "payment"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.UniqueConstraint("submission_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    received_on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[Money]
    method: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.String(120), default="")
    submission_key: Mapped[str] = mapped_column(sa.String(64))
    registered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    registered_at: Mapped[Moment]
