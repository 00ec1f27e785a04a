"""What sales may add to a hamper of a draft."""

from datetime import date

import sqlalchemy as sa

from gifting.catalogue import queries as catalogue
from gifting.catalogue.models import Product
from gifting.catalogue.queries import ExtraFacts, ProductFacts
from gifting.platform.db import db


def list_addable(text: str, *, on: date, limit: int = 8) -> list[ProductFacts | ExtraFacts]:
    """Find what can be put into a hamper by SKU or a part of its name; only what is on sale."""
    words = f"%{text.replace('%', '').replace('_', '')}%"
    ids = db.session.scalars(
        sa.select(Product.id)
        .where(
            Product.is_on_sale,
            Product.sku.ilike(words) | Product.name_it.ilike(words) | Product.name_en.ilike(words),
        )
        .order_by(Product.name_it, Product.id)
        .limit(limit * 2)
    ).all()
    products = catalogue.get_products(ids, on=on)
    sought = text.casefold()
    extras = [
        extra
        for extra in catalogue.list_extras()
        if any(sought in word.casefold() for word in (extra.sku, extra.name_it, extra.name_en))
    ]
    found: list[ProductFacts | ExtraFacts] = []
    found += [products[i] for i in ids if products[i].is_on_sale]
    found += extras
    return found[:limit]


def find_addable(sku: str, *, on: date) -> ProductFacts | ExtraFacts | None:
    """Return the product or extra on sale with this SKU, or None."""
    product = catalogue.get_products_by_sku([sku], on=on).get(sku)
    if product is not None:
        return product if product.is_on_sale else None
    return next((extra for extra in catalogue.list_extras() if extra.sku == sku), None)
