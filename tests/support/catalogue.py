"""Producers, products, boxes and extras for tests."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from gifting.catalogue.models import (
    Box,
    Extra,
    Producer,
    Product,
    ProductPrice,
    ProductVat,
    QuantityBreak,
)
from gifting.platform.db import db

LONG_AGO = date(2026, 1, 1)
_serial = count(1)


def make_producer(**overrides: Any) -> Producer:
    """Add a producer."""
    serial = next(_serial)
    values = {
        "slug": f"giotto-{serial}",
        "name": "Pasticceria Giotto",
        "prison": "Casa di reclusione Due Palazzi",
        "city": "Padova",
        "province": "PD",
        "region": "Veneto",
    }
    producer = Producer(**values | overrides)
    db.session.add(producer)
    db.session.commit()
    return producer


def make_product(
    *, list_net: str = "10.00", cost_net: str = "7.00", vat_rate: str = "10.00", **overrides: Any
) -> Product:
    """Add a product on sale, priced, with a VAT rate and a declared label."""
    serial = next(_serial)
    if "producer_id" not in overrides:
        overrides["producer_id"] = make_producer().id
    values = {
        "sku": f"GIO-BIS-{serial:04d}",
        "name_it": f"Biscotti {serial}",
        "name_en": f"Biscuits {serial}",
        "category": "biscotti",
        "gross_weight_g": 300,
        "length_mm": 100,
        "width_mm": 80,
        "height_mm": 60,
        "allergens": ["gluten"],
        "dietary": ["vegetarian", "alcohol-free"],
        "label_confirmed": True,
        "lead_time_days": 5,
        "work_minutes": 6,
        "on_hand": 1000,
    }
    product = Product(**values | overrides)
    db.session.add(product)
    db.session.flush()
    db.session.add(
        ProductPrice(
            product_id=product.id,
            valid_from=LONG_AGO,
            list_net=Decimal(list_net),
            cost_net=Decimal(cost_net),
        )
    )
    db.session.add(
        ProductVat(
            product_id=product.id,
            valid_from=LONG_AGO,
            rate=Decimal(vat_rate),
            legal_basis="Tab. A parte III n. 68 DPR 633/72",
        )
    )
    db.session.commit()
    return product


def make_box(**overrides: Any) -> Box:
    """Add a medium box."""
    serial = next(_serial)
    values = {
        "sku": f"BOX-{serial}",
        "name_it": "Scatola media",
        "name_en": "Medium box",
        "length_mm": 350,
        "width_mm": 260,
        "height_mm": 140,
        "max_weight_g": 4500,
        "tare_g": 380,
        "list_net": Decimal("2.80"),
        "cost_net": Decimal("1.50"),
        "vat_rate": Decimal(22),
    }
    box = Box(**values | overrides)
    db.session.add(box)
    db.session.commit()
    return box


def make_extra(**overrides: Any) -> Extra:
    """Add a card with a logo: it has a set-up fee and a minimum quantity."""
    serial = next(_serial)
    values = {
        "sku": f"XTR-{serial}",
        "name_it": "Biglietto con logo",
        "name_en": "Card with logo",
        "kind": "card",
        "list_net": Decimal("1.30"),
        "cost_net": Decimal("0.80"),
        "setup_fee_net": Decimal("45.00"),
        "min_quantity": 1,
        "lead_time_days": 8,
        "vat_rate": Decimal(22),
    }
    extra = Extra(**values | overrides)
    db.session.add(extra)
    db.session.commit()
    return extra


def make_breaks() -> None:
    """Add the usual quantity breaks: −3 % from 50, −6 % from 200, −9 % from 500."""
    for quantity, discount in ((50, 3), (200, 6), (500, 9)):
        db.session.add(
            QuantityBreak(valid_from=LONG_AGO, min_quantity=quantity, discount=Decimal(discount))
        )
    db.session.commit()
