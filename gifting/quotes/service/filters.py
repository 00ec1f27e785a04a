"""Parts of the queue kept under a name, each person's own."""

import sqlalchemy as sa

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
    kept = queries.list_filters(user_id)
    for one in kept:
        if one.name == name:
            one.asked = asked
            return
    if len(kept) >= MAX_FILTERS:
        raise TooManyFilters
    db.session.add(SavedFilter(user_id=user_id, name=name, asked=asked))
    db.session.flush()


def drop_filter(filter_id: int, *, user_id: int) -> None:
    """Forget one of a person's own; another's, or none, is left alone."""
    mine = (SavedFilter.id == filter_id) & (SavedFilter.user_id == user_id)
    db.session.execute(sa.delete(SavedFilter).where(mine))
