"""Tables of the orders slice: what was accepted, and what is set aside for it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from gifting.core.order_lifecycle import OrderState
from gifting.platform.db import Base, Moment, Money, Versioned, enum_column


class Order(Versioned, Base):
    """An accepted revision on its way. Its content is that revision's, which never changes."""

    __tablename__ = "order"
    __table_args__ = (
        sa.UniqueConstraint("quote_id"),
        sa.CheckConstraint("net_total + vat_total = gross_total", name="totals_add_up"),
        sa.Index("ix_order_company_id_id", "company_id", "id"),
        sa.Index("ix_order_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    quote_id: Mapped[int] = mapped_column(sa.ForeignKey("quote.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("quote_revision.id"))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"))
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState))
    title: Mapped[str] = mapped_column(sa.String(80))
    purchase_order_number: Mapped[str] = mapped_column(sa.String(20), default="")
    wanted_on: Mapped[date | None]
    placed_at: Mapped[Moment]
    net_total: Mapped[Money]
    vat_total: Mapped[Money]
    gross_total: Mapped[Money]

    @property
    def subject(self) -> str:
        """The name under which the event log files this record."""
        return f"order:{self.id}"


class Reservation(Base):
    """Pieces of a product that an order needs: set aside from stock, or still to be made."""

    __tablename__ = "reservation"
    __table_args__ = (
        sa.UniqueConstraint("order_id", "product_id"),
        sa.CheckConstraint("needed > 0 AND reserved >= 0 AND reserved <= needed", name="in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("order.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    needed: Mapped[int]
    reserved: Mapped[int]
    made_at: Mapped[Moment]
