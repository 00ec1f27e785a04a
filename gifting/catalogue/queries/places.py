"""Makers, their workshops and the stores: only what the catalogue's own columns say."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gifting.catalogue.models import Producer, Product, Store
from gifting.catalogue.queries.facts import ProductFacts
from gifting.catalogue.queries.goods import facts_of, select_facts
from gifting.platform.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerFacts:
    """A maker and its workshop. What is empty or None is not known and is left out of pages."""

    id: int
    slug: str
    name: str
    legal_form: str
    prison: str
    city: str
    province: str
    region: str
    latitude: float | None
    longitude: float | None
    activity: str
    founded_year: int | None
    website: str
    story_it: str
    story_en: str
    people_employed: int | None
    source_urls: tuple[str, ...]
    status_note: str

    def story(self, locale: str) -> str:
        return self.story_en if locale == "en" else self.story_it


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSheet:
    """Everything a product's own page may say, with what is illustrative marked as such."""

    facts: ProductFacts
    producer: ProducerFacts
    description_it: str
    description_en: str
    net_weight_g: int | None
    volume_ml: int | None
    shelf_life_days: int | None
    award: str
    label_confirmed: bool
    vat_basis: str

    def description(self, locale: str) -> str:
        return self.description_en if locale == "en" else self.description_it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """A place where the consortium sells."""

    name: str
    kind: str
    address: str
    cap: str
    city: str
    opening_hours: str
    phone: str
    website: str
    note: str


def get_product_sheet(sku: str, *, on: date) -> ProductSheet:
    """Return a product with its maker, on sale or not.

    :raises NoResultFound: if there is none
    """
    query = select_facts(
        on,
        Product.description_it,
        Product.description_en,
        Product.net_weight_g,
        Product.volume_ml,
        Product.shelf_life_days,
        Product.award,
    )
    row = db.session.execute(query.add_columns(Producer).where(Product.sku == sku)).one()
    return ProductSheet(
        facts=facts_of(row),
        producer=producer_facts(row.Producer),
        description_it=row.description_it,
        description_en=row.description_en,
        net_weight_g=row.net_weight_g,
        volume_ml=row.volume_ml,
        shelf_life_days=row.shelf_life_days,
        award=row.award,
        label_confirmed=row.label_confirmed,
        vat_basis=row.legal_basis or "",
    )


def list_producers() -> list[ProducerFacts]:
    """List all makers from north to south, as the map numbers them."""
    rows = db.session.scalars(
        sa.select(Producer).order_by(Producer.latitude.desc().nulls_last(), Producer.name)
    )
    return [producer_facts(row) for row in rows]


def get_producer(slug: str) -> ProducerFacts:
    """Return a maker.

    :raises NoResultFound: if there is none
    """
    query = sa.select(Producer).where(Producer.slug == slug)
    return producer_facts(db.session.execute(query).scalar_one())


def list_stores() -> list[StoreFacts]:
    """List the stores, places before websites."""
    rows = db.session.scalars(sa.select(Store).order_by(Store.kind.desc(), Store.id))
    return [
        StoreFacts(
            name=row.name,
            kind=row.kind,
            address=row.address,
            cap=row.cap,
            city=row.city,
            opening_hours=row.opening_hours,
            phone=row.phone,
            website=row.website,
            note=row.note,
        )
        for row in rows
    ]


def producer_facts(row: Producer) -> ProducerFacts:
    return ProducerFacts(
        id=row.id,
        slug=row.slug,
        name=row.name,
        legal_form=row.legal_form,
        prison=row.prison,
        city=row.city,
        province=row.province,
        region=row.region,
        latitude=row.latitude,
        longitude=row.longitude,
        activity=row.activity,
        founded_year=row.founded_year,
        website=row.website,
        story_it=row.story_it,
        story_en=row.story_en,
        people_employed=row.people_employed,
        source_urls=tuple(row.source_urls.split()),
        status_note=row.status_note,
    )
