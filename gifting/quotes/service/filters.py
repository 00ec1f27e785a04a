"""Parts of the queue kept under a name, each person's own."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.models import SavedFilter

MAX_FILTERS = 12


class TooManyFilters(Exception):
    """A person keeps as many as they may."""


def keep_filter(user_id: int, *, name: str, asked: str) -> None:
    """Keep an address's query under a name; a name that is there already gets the new one.

    :raises TooManyFilters: if there is no room for one more
    """
    names = [one.name for one in queries.list_filters(user_id)]
    if name not in names and len(names) >= MAX_FILTERS:
        raise TooManyFilters
    kept = insert(SavedFilter).values(user_id=user_id, name=name, asked=asked)
    db.session.execute(  # of two windows that keep the same name, the second waits and wins
        kept.on_conflict_do_update(index_elements=["user_id", "name"], set_={"asked": asked})
    )


def drop_filter(filter_id: int, *, user_id: int) -> None:
    """Forget one of a person's own; another's, or none, is left alone."""
    mine = (SavedFilter.id == filter_id) & (SavedFilter.user_id == user_id)
    db.session.execute(sa.delete(SavedFilter).where(mine))
