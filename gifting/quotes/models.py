"""Tables of the quotes slice: the negotiation, its revisions, the acceptance."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gifting.core.pricing import ComponentKind
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.db import (
    Base,
    Moment,
    Money,
    Percent,
    UnitCost,
    Versioned,
    enum_column,
)


class DeliveryMode(StrEnum):
    """Where the hampers go."""

    ONE_ADDRESS = "one_address"
    SITES = "sites"
    HOMES = "homes"
    COLLECTION = "collection"


DUE = "coalesce(answer_due_at, '9999-01-01 00:00:00+00'::timestamptz)"
"""The queue's order: the answer due first, quotes without a deadline last."""


class Quote(Versioned, Base):
    """A negotiation with one company. Its content is in its revisions."""

    __tablename__ = "quote"
    __table_args__ = (
        sa.Index("ix_quote_company_id_id", "company_id", "id"),
        sa.Index("ix_quote_state_answer_due_at", "state", "answer_due_at"),
        sa.Index("ix_quote_due_id", sa.text(DUE), "id"),
        sa.Index("ix_quote_state_due_id", "state", sa.text(DUE), "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    submission_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    state: Mapped[QuoteState] = mapped_column(enum_column(QuoteState))
    delivery_mode: Mapped[DeliveryMode] = mapped_column(enum_column(DeliveryMode))
    delivery_note: Mapped[str] = mapped_column(sa.Text, default="")
    wanted_on: Mapped[date | None]
    purchase_order_number: Mapped[str] = mapped_column(sa.String(20), default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    requested_at: Mapped[Moment]
    answer_due_at: Mapped[Moment | None]
    seen_at: Mapped[Moment | None]

    @property
    def subject(self) -> str:
        """The name under which the event log files this record."""
        return f"quote:{self.id}"


class SavedFilter(Base):
    """A part of the queue that a person keeps under a name; `asked` is its address's query."""

    __tablename__ = "quote_filter"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    asked: Mapped[str] = mapped_column(sa.Text)


class OfferPack(Base):
    """A ZIP file with offers that a person asked for; `quotes`, `packed` are references.

    `sha256` None: not made yet or, once it was made, that there was nothing to put in.
    """

    __tablename__ = "offer_pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[Moment]
    quotes: Mapped[list[str]] = mapped_column(JSONB)
    packed: Mapped[list[str]] = mapped_column(JSONB)
    made_at: Mapped[Moment | None]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))


class QuoteRevision(Base):
    """One numbered content of a quote. Once sent it never changes."""

    __tablename__ = "quote_revision"
    __table_args__ = (
        sa.UniqueConstraint("quote_id", "number"),
        sa.CheckConstraint("net_total + vat_total = gross_total", name="totals_add_up"),
        sa.CheckConstraint(
            "sent_at IS NULL OR (valid_until IS NOT NULL AND pdf_sha256 IS NOT NULL)",
            name="sent_is_complete",
        ),
        sa.Index(
            "uq_quote_revision_draft",
            "quote_id",
            unique=True,
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey("quote.id"))
    number: Mapped[int]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    valid_until: Mapped[date | None]
    payment_terms_days: Mapped[int]
    delivery_on: Mapped[date | None]
    message: Mapped[str] = mapped_column(sa.Text, default="")
    internal_note: Mapped[str] = mapped_column(sa.Text, default="")
    net_total: Mapped[Money]
    vat_total: Mapped[Money]
    gross_total: Mapped[Money]
    send_requested_at: Mapped[Moment | None]
    send_requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    sent_at: Mapped[Moment | None]
    superseded_at: Mapped[Moment | None]
    pdf_sha256: Mapped[str | None] = mapped_column(sa.String(64))

    hampers: Mapped[list["QuoteHamper"]] = relationship(
        order_by="QuoteHamper.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    charges: Mapped[list["QuoteCharge"]] = relationship(
        order_by="QuoteCharge.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class QuoteHamper(Base):
    """A hamper in a number of equal copies, as one revision has it."""

    __tablename__ = "quote_hamper"
    __table_args__ = (
        sa.UniqueConstraint("revision_id", "position"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("quote_revision.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    quantity: Mapped[int]
    own_unit_net: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    work_minutes: Mapped[int] = mapped_column(default=0)
    box_sku: Mapped[str] = mapped_column(sa.String(20))

    components: Mapped[list["QuoteComponent"]] = relationship(
        order_by="QuoteComponent.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class QuoteComponent(Base):
    """A product, box or extra in a hamper, with price, VAT and cost as they were taken over."""

    __tablename__ = "quote_component"
    __table_args__ = (
        sa.UniqueConstraint("hamper_id", "position"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("discount >= 0 AND discount <= 100", name="discount_in_range"),
        sa.CheckConstraint("(vat_rate = 0) = (vat_nature <> '')", name="nature_only_at_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hamper_id: Mapped[int] = mapped_column(
        sa.ForeignKey("quote_hamper.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[ComponentKind] = mapped_column(enum_column(ComponentKind))
    sku: Mapped[str] = mapped_column(sa.String(20))
    name_it: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    maker: Mapped[str] = mapped_column(sa.String(160), default="")
    quantity: Mapped[int]
    list_net: Mapped[Money]
    discount: Mapped[Percent]
    cost_net: Mapped[UnitCost | None]
    setup_fee_net: Mapped[Money]
    vat_rate: Mapped[Percent]
    vat_nature: Mapped[str] = mapped_column(sa.String(4), default="")


class QuoteCharge(Base):
    """Freight or a service on the whole document."""

    __tablename__ = "quote_charge"
    __table_args__ = (
        sa.UniqueConstraint("revision_id", "position"),
        sa.CheckConstraint("net >= 0", name="net_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("quote_revision.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    description: Mapped[str] = mapped_column(sa.String(120))
    net: Mapped[Money]


class QuoteMessage(Base):
    """A message in the quote's thread, from the buyer or from sales."""

    __tablename__ = "quote_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey("quote.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    body: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[Moment]


class Acceptance(Base):
    """The one record that binds a company to a revision: who, when, from where, to which bytes."""

    __tablename__ = "acceptance"

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey("quote.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("quote_revision.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    signed_name: Mapped[str] = mapped_column(sa.String(80))
    signed_role: Mapped[str] = mapped_column(sa.String(80), default="")
    ip_address: Mapped[str] = mapped_column(sa.String(45))
    accepted_at: Mapped[Moment]
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64))
    purchase_order_number: Mapped[str] = mapped_column(sa.String(20), default="")
    is_on_behalf: Mapped[bool] = mapped_column(default=False)
    evidence_document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_document.id"))
