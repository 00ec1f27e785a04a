"""Stock is taken and given back by one statement each, so that two takers never share a piece."""

import sqlalchemy as sa

from gifting.catalogue.models import Product
from gifting.platform.db import db


def reserve_stock(product_id: int, wanted: int) -> int:
    """Take up to `wanted` free pieces in the caller's transaction; return how many there were.

    Takers of several products go in id order, or two of them may wait for each other for ever.
    """
    if wanted <= 0:
        return 0
    before = (
        sa.select(Product.id, Product.reserved)
        .where(Product.id == product_id)
        .with_for_update()
        .cte("before")
    )
    taken = sa.func.least(wanted, Product.on_hand - Product.reserved)
    return (
        db.session.scalar(
            sa.update(Product)
            .where(Product.id == before.c.id, Product.on_hand > Product.reserved)
            .values(reserved=Product.reserved + taken)
            .returning(Product.reserved - before.c.reserved)
            .execution_options(synchronize_session=False)
        )
        or 0
    )


def release_stock(product_id: int, pieces: int) -> None:
    """Give reserved pieces back.

    :raises IntegrityError: if more come back than were reserved
    """
    db.session.execute(
        sa.update(Product)
        .where(Product.id == product_id)
        .values(reserved=Product.reserved - pieces)
        .execution_options(synchronize_session=False)
    )
