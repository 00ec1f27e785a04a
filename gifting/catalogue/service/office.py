"""What staff change in the catalogue. Prices, rates and breaks are dated: the past stays as it was.

Every change leaves a line in the event log under the product or the breaks it is about.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gifting.catalogue.models import Product, ProductPrice, ProductVat, QuantityBreak
from gifting.core.calendar import rome_date
from gifting.platform import transitions
from gifting.platform.db import db

BREAKS_SUBJECT = "quantity_breaks"


class DateInThePast(Exception):
    """A price, rate or break would change what was already in force."""


class StockBelowReserved(Exception):
    """Fewer pieces were counted than are promised to orders."""

    def __init__(self, reserved: int) -> None:
        super().__init__(f"{reserved} pieces are reserved")
        self.reserved = reserved


class BreaksDoNotRise(Exception):
    """A larger quantity would get no larger discount, or a quantity is there twice."""


def subject_of(product_id: int) -> str:
    return f"product:{product_id}"


def set_price(
    product_id: int,
    *,
    list_net: Decimal,
    cost_net: Decimal,
    valid_from: date,
    actor_id: int,
    now: datetime,
) -> None:
    """Set the price from a day on; a second price for the same day replaces the first.

    :raises DateInThePast: if the day is over
    """
    values = {"list_net": list_net, "cost_net": cost_net, "source": ""}
    _set_dated(ProductPrice, product_id, values, valid_from, now)
    data = {"list_net": str(list_net), "cost_net": str(cost_net), "valid_from": f"{valid_from}"}
    _log(product_id, "set_price", actor_id, now, data)


def set_vat(
    product_id: int,
    *,
    rate: Decimal,
    legal_basis: str,
    valid_from: date,
    actor_id: int,
    now: datetime,
) -> None:
    """Set the VAT rate and its legal basis from a day on.

    :raises DateInThePast: if the day is over
    """
    values = {"rate": rate, "nature": "", "legal_basis": legal_basis}
    _set_dated(ProductVat, product_id, values, valid_from, now)
    data = {"rate": str(rate), "legal_basis": legal_basis, "valid_from": f"{valid_from}"}
    _log(product_id, "set_vat", actor_id, now, data)


def count_stock(product_id: int, *, on_hand: int, actor_id: int, now: datetime) -> None:
    """Write down what was counted.

    :raises StockBelowReserved: if it is less than what orders have reserved
    """
    product = _lock(product_id)
    if on_hand < product.reserved:
        raise StockBelowReserved(product.reserved)
    before = product.on_hand
    product.on_hand = on_hand
    _log(product_id, "count_stock", actor_id, now, {"from": before, "to": on_hand})


def confirm_label(
    product_id: int,
    *,
    allergens: Collection[str],
    dietary: Collection[str],
    actor_id: int,
    now: datetime,
) -> None:
    """Declare what the label says: nothing named means declared absent. Food may be sold then."""
    product = _lock(product_id)
    product.allergens, product.dietary = list(allergens), list(dietary)
    product.label_confirmed = True
    data = {"allergens": list(allergens), "dietary": list(dietary)}
    _log(product_id, "confirm_label", actor_id, now, data)


def set_on_sale(product_id: int, *, is_on_sale: bool, actor_id: int, now: datetime) -> None:
    """Offer the product, or stop offering it; what was quoted or ordered is not touched."""
    product = _lock(product_id)
    if product.is_on_sale != is_on_sale:
        product.is_on_sale = is_on_sale
        _log(product_id, "put_on_sale" if is_on_sale else "take_off_sale", actor_id, now, {})


def set_breaks(
    steps: Sequence[tuple[int, Decimal]], *, valid_from: date, actor_id: int, now: datetime
) -> None:
    """Set all quantity breaks from a day on; a second set for the same day replaces the first.

    :raises DateInThePast: if the day is over
    :raises BreaksDoNotRise: if quantities and discounts do not rise together, or there are none
    """
    _refuse_past(valid_from, now)
    ordered = sorted(steps)
    if not ordered or any(
        many[0] == few[0] or many[1] <= few[1] for few, many in pairwise(ordered)
    ):
        raise BreaksDoNotRise
    db.session.execute(sa.delete(QuantityBreak).where(QuantityBreak.valid_from == valid_from))
    db.session.add_all(
        QuantityBreak(valid_from=valid_from, min_quantity=quantity, discount=discount)
        for quantity, discount in ordered
    )
    data = {
        "valid_from": f"{valid_from}",
        "steps": [[quantity, str(discount)] for quantity, discount in ordered],
    }
    transitions.log(BREAKS_SUBJECT, "set_breaks", actor_id=actor_id, now=now, data=data)


def _set_dated(
    table: type[ProductPrice | ProductVat],
    product_id: int,
    values: dict[str, Any],
    valid_from: date,
    now: datetime,
) -> None:
    _refuse_past(valid_from, now)
    db.session.execute(
        insert(table)
        .values(product_id=product_id, valid_from=valid_from, **values)
        .on_conflict_do_update(index_elements=["product_id", "valid_from"], set_=values)
    )


def _refuse_past(valid_from: date, now: datetime) -> None:
    if valid_from < rome_date(now):
        raise DateInThePast


def _lock(product_id: int) -> Product:
    return db.session.get_one(
        Product, product_id, with_for_update={"of": Product}, populate_existing=True
    )


def _log(product_id: int, action: str, actor_id: int, now: datetime, data: dict[str, Any]) -> None:
    transitions.log(subject_of(product_id), action, actor_id=actor_id, now=now, data=data)
