"""The parts of the queue that people keep under a name."""

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.quotes.models import SavedFilter


def list_filters(user_id: int) -> list[SavedFilter]:
    """Return what a person has kept, in the order they kept it."""
    mine = sa.select(SavedFilter).where(SavedFilter.user_id == user_id)
    return list(db.session.scalars(mine.order_by(SavedFilter.id)))
