"""Tables of the catalogue slice: who makes what, what it costs, how much of it there is."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gifting.platform.db import Base, Money, Percent, UnitCost

Words = ARRAY(sa.String(40))

NON_FOOD_CATEGORIES = frozenset(
    {"tessile-e-accessori", "carta-e-cartoleria", "cosmetica", "piante", "casa-e-detergenza"}
)
SEASONS = ("year-round", "christmas")
EXTRA_KINDS = ("card", "ribbon", "sleeve", "label", "tag", "packing", "service")
STORE_KINDS = ("shop", "online")


class Producer(Base):
    """A cooperative and its workshop inside a prison."""

    __tablename__ = "producer"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    legal_form: Mapped[str] = mapped_column(sa.String(120), default="")
    prison: Mapped[str] = mapped_column(sa.String(160), default="")
    city: Mapped[str] = mapped_column(sa.String(60), default="")
    province: Mapped[str] = mapped_column(sa.String(2), default="")
    region: Mapped[str] = mapped_column(sa.String(40), default="", index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    activity: Mapped[str] = mapped_column(sa.Text, default="")
    founded_year: Mapped[int | None]
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    story_it: Mapped[str] = mapped_column(sa.Text, default="")
    story_en: Mapped[str] = mapped_column(sa.Text, default="")
    people_employed: Mapped[int | None]
    source_urls: Mapped[str] = mapped_column(sa.Text, default="")
    consortium_link: Mapped[str] = mapped_column(sa.String(120), default="")
    status_note: Mapped[str] = mapped_column(sa.Text, default="")


class Product(Base):
    """A thing sold, with its size, its label facts and its stock.

    `allergens` or `dietary` NULL means «not declared»: it suits nobody who asks. Food is on sale
    only once staff have confirmed both from the label. `public_fields` names what the maker's own
    pages say of it; the rest, `work_minutes` first, is an estimate of the consortium.
    `search_it` and `search_en` are written by a trigger.
    """

    __tablename__ = "product"
    __table_args__ = (
        sa.CheckConstraint("length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="has_size"),
        sa.CheckConstraint("gross_weight_g > 0", name="has_weight"),
        sa.CheckConstraint("on_hand >= 0 AND reserved >= 0", name="stock_not_negative"),
        sa.CheckConstraint("reserved <= on_hand", name="reserved_exists"),
        sa.Index("ix_product_search_it", "search_it", postgresql_using="gin"),
        sa.Index("ix_product_search_en", "search_en", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(20), unique=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    name_it: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    category: Mapped[str] = mapped_column(sa.String(40), index=True)
    description_it: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    net_weight_g: Mapped[int | None]
    volume_ml: Mapped[int | None]
    gross_weight_g: Mapped[int]
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    allergens: Mapped[list[str] | None] = mapped_column(Words)
    dietary: Mapped[list[str] | None] = mapped_column(Words)
    label_confirmed: Mapped[bool] = mapped_column(default=False)
    shelf_life_days: Mapped[int | None]
    lead_time_days: Mapped[int]
    season: Mapped[str] = mapped_column(sa.String(20), default="year-round")
    work_minutes: Mapped[int] = mapped_column(default=0)
    work_minutes_source: Mapped[str] = mapped_column(sa.String(40), default="")
    public_fields: Mapped[str] = mapped_column(sa.String(120), default="")
    source_urls: Mapped[str] = mapped_column(sa.Text, default="")
    award: Mapped[str] = mapped_column(sa.String(200), default="")
    is_on_sale: Mapped[bool] = mapped_column(default=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    search_it: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    search_en: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)

    producer: Mapped[Producer] = relationship(lazy="raise_on_sql")


class ProductPrice(Base):
    """Net unit price and cost of a product from a day on: the price list."""

    __tablename__ = "product_price"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "valid_from"),
        sa.CheckConstraint("list_net >= 0 AND cost_net >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    list_net: Mapped[Money]
    cost_net: Mapped[UnitCost]
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class ProductVat(Base):
    """VAT rate of a product from a day on, with its legal basis: never the category's."""

    __tablename__ = "product_vat"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "valid_from"),
        sa.CheckConstraint("(rate = 0) = (nature <> '')", name="nature_only_at_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id", ondelete="CASCADE"))
    valid_from: Mapped[date]
    rate: Mapped[Percent]
    nature: Mapped[str] = mapped_column(sa.String(4), default="")
    legal_basis: Mapped[str] = mapped_column(sa.String(300), default="")


class Box(Base):
    """The empty container, with its inner size and maximum weight. `cost_net` NULL: not known."""

    __tablename__ = "box"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name_it: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    max_weight_g: Mapped[int]
    tare_g: Mapped[int]
    material: Mapped[str] = mapped_column(sa.String(120), default="")
    list_net: Mapped[Money]
    cost_net: Mapped[UnitCost | None]
    vat_rate: Mapped[Percent]
    is_on_sale: Mapped[bool] = mapped_column(default=True)


class Extra(Base):
    """Card, ribbon, sleeve, tag, personalisation: added to every hamper of a line.

    `cost_net` NULL means that it is not known, and neither is the margin.
    """

    __tablename__ = "extra"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name_it: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(20))
    list_net: Mapped[Money]
    cost_net: Mapped[UnitCost | None]
    setup_fee_net: Mapped[Money]
    min_quantity: Mapped[int]
    lead_time_days: Mapped[int]
    vat_rate: Mapped[Percent]
    note_it: Mapped[str] = mapped_column(sa.String(200), default="")
    is_on_sale: Mapped[bool] = mapped_column(default=True)


class QuantityBreak(Base):
    """Discount on unit prices from a number of equal hampers, from a day on."""

    __tablename__ = "quantity_break"
    __table_args__ = (
        sa.UniqueConstraint("valid_from", "min_quantity"),
        sa.CheckConstraint("min_quantity > 1", name="quantity_above_one"),
        sa.CheckConstraint("discount > 0 AND discount < 100", name="discount_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(index=True)
    min_quantity: Mapped[int]
    discount: Mapped[Percent]


class ReadyHamper(Base):
    """A hamper thought out by the consortium, from which a buyer may start."""

    __tablename__ = "ready_hamper"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name_it: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    description_it: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    occasion: Mapped[str] = mapped_column(sa.String(40), default="")
    box_id: Mapped[int] = mapped_column(sa.ForeignKey("box.id"))
    position: Mapped[int] = mapped_column(default=0)

    lines: Mapped[list["ReadyHamperLine"]] = relationship(
        order_by="ReadyHamperLine.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ReadyHamperLine(Base):
    """A product in a ready-made hamper."""

    __tablename__ = "ready_hamper_line"
    __table_args__ = (
        sa.UniqueConstraint("ready_hamper_id", "product_id"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ready_hamper_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ready_hamper.id", ondelete="CASCADE")
    )
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class Store(Base):
    """A place where the consortium sells."""

    __tablename__ = "store"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(20))
    address: Mapped[str] = mapped_column(sa.String(160), default="")
    cap: Mapped[str] = mapped_column(sa.String(5), default="")
    city: Mapped[str] = mapped_column(sa.String(60), default="")
    province: Mapped[str] = mapped_column(sa.String(2), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    opening_hours: Mapped[str] = mapped_column(sa.Text, default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    source_urls: Mapped[str] = mapped_column(sa.Text, default="")
