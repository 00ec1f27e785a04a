"""Bring the catalogue's files into the tables: what is new or changed is written, nothing else.

Nothing is deleted: what the files no longer name stays as it is. Prices and VAT rates are dated:
a changed one is a new row from today. Stock is set only for new products, because the counts of
the others have moved on since. A label that staff have confirmed is the staff's: the files change
it only when they are declared confirmed themselves.

Label rule. Not food: no allergens, no diets, unless the file names some. Food with diets and no
allergens: the maker declares none. Food with neither: not declared (NULL), so it suits nobody who
asks. Food with allergens and no diets: the diets are not declared.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.catalogue.models import (
    Box,
    Extra,
    Producer,
    Product,
    ProductPrice,
    ProductVat,
    QuantityBreak,
    ReadyHamper,
    ReadyHamperLine,
    Store,
)
from gifting.catalogue.service.sheets import Row, Sheets
from gifting.core.calendar import rome_date
from gifting.core.diet import FOOD_CATEGORIES
from gifting.platform import transitions
from gifting.platform.db import Base, db

T = TypeVar("T", bound=Base)
Dated = TypeVar("Dated", ProductPrice, ProductVat)
OPENED_ON = date(2026, 1, 1)
"""First day of the price list a product is first imported with."""


@dataclass(slots=True)
class Tally:
    """What happened to the rows of one kind."""

    total: int = 0
    new: int = 0
    changed: int = 0

    def count(self, *, is_new: bool, is_changed: bool) -> None:
        self.total += 1
        self.new += is_new
        self.changed += is_changed and not is_new


def import_catalogue(
    sheets: Sheets, *, label_confirmed: bool, actor_id: int | None, now: datetime
) -> dict[str, Tally]:
    """Write what is new or changed; return the tallies by file.

    `label_confirmed` declares that the files' allergens and diets were checked on the labels.
    """
    tallies: dict[str, Tally] = defaultdict(Tally)
    producers = _import_producers(sheets["producers.csv"], tallies["producers.csv"])
    products = _import_products(
        sheets["products.csv"],
        tallies["products.csv"],
        producers=producers,
        label_confirmed=label_confirmed,
        today=rome_date(now),
    )
    boxes = _upsert(Box, "sku", map(_box, sheets["boxes.csv"]), tallies["boxes.csv"])
    _upsert(Extra, "sku", map(_extra, sheets["extras.csv"]), tallies["extras.csv"])
    _upsert(Store, "sku", (row.values for row in sheets["stores.csv"]), tallies["stores.csv"])
    _import_hampers(sheets, tallies["hampers.csv"], boxes, products)
    _import_breaks(sheets["quantity_breaks.csv"], tallies["quantity_breaks.csv"])
    db.session.flush()
    if any(tally.new or tally.changed for tally in tallies.values()):
        data = {file: [tally.new, tally.changed] for file, tally in tallies.items()}
        transitions.log("catalogue", "import", actor_id=actor_id, now=now, data=data)
    return dict(tallies)


def label_of(row: Row) -> tuple[list[str] | None, list[str] | None]:
    """Read a product's allergens and diets by the label rule; None is «not declared»."""
    allergens, dietary = row["allergens"], row["dietary"]
    if row["category"] not in FOOD_CATEGORIES:
        return allergens, dietary
    return (allergens if allergens or dietary else None), dietary or None


def _import_producers(rows: Iterable[Row], tally: Tally) -> dict[str, Producer]:
    renamed = (
        {("city" if name == "prison_city" else name): value for name, value in row.values.items()}
        for row in rows
    )
    producers = _upsert(Producer, "slug", renamed, tally)
    db.session.flush()
    return producers


def _import_products(
    rows: Iterable[Row],
    tally: Tally,
    *,
    producers: Mapping[str, Producer],
    label_confirmed: bool,
    today: date,
) -> dict[str, Product]:
    products = {product.sku: product for product in db.session.scalars(sa.select(Product))}
    prices = _newest(ProductPrice, today)
    rates = _newest(ProductVat, today)
    for row in rows:
        product = products.get(row["sku"])
        is_new = product is None
        if product is None:
            product = products[row["sku"]] = Product(
                sku=row["sku"], on_hand=row["stock"], label_confirmed=label_confirmed
            )
            product.allergens, product.dietary = label_of(row)
            db.session.add(product)
        changes = [
            _set(product, _product(row) | {"producer_id": producers[row["producer_slug"]].id}),
            not is_new and _set_label(product, row, label_confirmed=label_confirmed),
        ]
        if is_new:
            db.session.flush()
        changes += [
            _date(prices, ProductPrice, product.id, _price(row), today),
            _date(rates, ProductVat, product.id, _vat(row), today),
        ]
        tally.count(is_new=is_new, is_changed=any(changes))
    return products


def _set_label(product: Product, row: Row, *, label_confirmed: bool) -> bool:
    if label_confirmed:
        allergens, dietary = label_of(row)
        values = {"allergens": allergens, "dietary": dietary, "label_confirmed": True}
        return _set(product, values)
    if product.label_confirmed:
        return False
    allergens, dietary = label_of(row)
    return _set(product, {"allergens": allergens, "dietary": dietary})


def _import_hampers(
    sheets: Sheets, tally: Tally, boxes: Mapping[str, Box], products: Mapping[str, Product]
) -> None:
    db.session.flush()
    contents: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in sheets["hamper_items.csv"]:
        line = (products[row["product_sku"]].id, row["quantity"])
        contents[row["hamper_sku"]].append(line)
    query = sa.select(ReadyHamper).options(selectinload(ReadyHamper.lines))
    hampers = {hamper.sku: hamper for hamper in db.session.scalars(query)}
    for position, row in enumerate(sheets["hampers.csv"], start=1):
        hamper = hampers.get(row["sku"])
        is_new = hamper is None
        if hamper is None:
            hamper = ReadyHamper(sku=row["sku"], lines=[])
            db.session.add(hamper)
        values = {name: value for name, value in row.values.items() if name != "box_sku"}
        more = {"box_id": boxes[row["box_sku"]].id, "position": position}
        is_changed = _set(hamper, values | more)
        is_refilled = _fill(hamper, contents[row["sku"]])
        tally.count(is_new=is_new, is_changed=is_changed or is_refilled)


def _fill(hamper: ReadyHamper, lines: list[tuple[int, int]]) -> bool:
    if [(line.product_id, line.quantity) for line in hamper.lines] == lines:
        return False
    hamper.lines.clear()
    db.session.flush()  # the old lines go before the new ones come: a product is there once
    hamper.lines.extend(
        ReadyHamperLine(product_id=product_id, quantity=quantity, position=position)
        for position, (product_id, quantity) in enumerate(lines, start=1)
    )
    return True


def _import_breaks(rows: Iterable[Row], tally: Tally) -> None:
    steps = {
        (step.valid_from, step.min_quantity): step
        for step in db.session.scalars(sa.select(QuantityBreak))
    }
    for row in rows:
        step = steps.get((row["valid_from"], row["min_quantity"]))
        is_new = step is None
        if step is None:
            step = QuantityBreak()
            db.session.add(step)
        tally.count(is_new=is_new, is_changed=_set(step, row.values))


def _upsert(
    table: type[T], key: str, rows: Iterable[Mapping[str, Any]], tally: Tally
) -> dict[str, T]:
    records = {getattr(record, key): record for record in db.session.scalars(sa.select(table))}
    for values in rows:
        record = records.get(values[key])
        is_new = record is None
        if record is None:
            record = records[values[key]] = table()
            db.session.add(record)
        tally.count(is_new=is_new, is_changed=_set(record, values))
    return records


def _set(record: Base, values: Mapping[str, Any]) -> bool:
    """Set what differs and tell whether anything did; equal rows cause no UPDATE."""
    is_changed = False
    for name, value in values.items():
        if getattr(record, name) != value:
            setattr(record, name, value)
            is_changed = True
    return is_changed


def _newest(table: type[Dated], today: date) -> dict[int, Dated]:
    """The row of each product that is in force, or its first one if all are still to come."""
    rows = db.session.scalars(sa.select(table).order_by(table.valid_from.desc())).all()
    in_force = {row.product_id: row for row in rows}
    in_force |= {row.product_id: row for row in reversed(rows) if row.valid_from <= today}
    return in_force


def _date(
    in_force: Mapping[int, Dated],
    table: type[Dated],
    product_id: int,
    values: Mapping[str, Any],
    today: date,
) -> bool:
    """Add a dated row if the one in force says something else; today's row is mended in place."""
    row = in_force.get(product_id)
    if row is None:
        db.session.add(table(product_id=product_id, valid_from=OPENED_ON, **values))
        return True
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.valid_from == today:
        return _set(row, values)
    db.session.add(table(product_id=product_id, valid_from=today, **values))
    return True


def _product(row: Row) -> dict[str, Any]:
    elsewhere = {
        *("producer_slug", "vat_rate", "vat_basis", "list_price_net", "cost_net", "price_source"),
        *("stock", "allergens", "dietary"),
    }
    return {name: value for name, value in row.values.items() if name not in elsewhere}


def _price(row: Row) -> dict[str, Any]:
    return {
        "list_net": row["list_price_net"],
        "cost_net": row["cost_net"],
        "source": row["price_source"],
    }


def _vat(row: Row) -> dict[str, Any]:
    return {"rate": row["vat_rate"], "nature": "", "legal_basis": row["vat_basis"]}


def _box(row: Row) -> dict[str, Any]:
    renamed = {
        "inner_length_mm": "length_mm",
        "inner_width_mm": "width_mm",
        "inner_height_mm": "height_mm",
        "price_net": "list_net",
    }
    return {renamed.get(name, name): value for name, value in row.values.items()}


def _extra(row: Row) -> dict[str, Any]:
    renamed = {"unit_price_net": "list_net", "note": "note_it"}
    return {renamed.get(name, name): value for name, value in row.values.items()}
