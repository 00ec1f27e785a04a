"""Hampers for tests."""

from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.accounts.models import User
from gifting.catalogue.models import Product
from gifting.hampers.models import Hamper, HamperExtra, HamperLine
from gifting.hampers.queries import Owner
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.catalogue import make_box

_serial = count(1)
VISITOR_KEY = "a-visitor-of-these-tests"


def owner_of(user: User) -> Owner:
    """Return the person as the owner of what they compose."""
    return Owner(company_id=user.company_id, user_id=user.id)


def make_hamper(
    *products: Product | tuple[Product, int],
    owner: User | None = None,
    extras: tuple[Any, ...] = (),
    **overrides: Any,
) -> Hamper:
    """Add a hamper of these products: a person's, or the test visitor's."""
    pairs = [entry if isinstance(entry, tuple) else (entry, 1) for entry in products]
    values: dict[str, Any] = {
        "key": f"hamper{next(_serial)}",
        "name": "Natale in Meridiana",
        "quantity": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "lines": [
            HamperLine(product_id=product.id, quantity=quantity, position=position)
            for position, (product, quantity) in enumerate(pairs)
        ],
        "extras": [HamperExtra(extra_id=extra.id) for extra in extras],
    }
    if owner is None:
        values["visitor_key"] = VISITOR_KEY
    else:
        values |= {"company_id": owner.company_id, "owner_id": owner.id}
    if "box_id" not in overrides:
        values["box_id"] = make_box().id
    hamper = Hamper(**values | overrides)
    db.session.add(hamper)
    db.session.commit()
    return reload(hamper)


def reload(hamper: Hamper) -> Hamper:
    """Read the hamper again, with what is in it."""
    return db.session.scalars(
        sa.select(Hamper)
        .where(Hamper.id == hamper.id)
        .options(selectinload(Hamper.lines), selectinload(Hamper.extras))
        .execution_options(populate_existing=True)
    ).one()


def as_visitor(client: Any, visitor_key: str = VISITOR_KEY) -> Any:
    """Give the browser a visitor's secret."""
    with client.session_transaction() as session:
        session["visitor"] = visitor_key
    return client
