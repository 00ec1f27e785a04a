"""Files with the offers of many quotes."""

import sqlalchemy as sa

from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes.models import OfferPack, Quote

PACK_TASK = "quotes.pack_offers"


def get_pack(pack_id: int) -> OfferPack:
    """Return the file of that number; all of sales may read every offer.

    :raises NoResultFound: if there is none, or it is gone
    """
    return db.session.get_one(OfferPack, pack_id)


def find_pack(pack_id: int) -> OfferPack | None:
    """Return the one a worker is to make, or None if it is gone."""
    return db.session.get(OfferPack, pack_id)


def has_given_up(pack: OfferPack) -> bool:
    """Whether the worker stopped trying to make it."""
    return is_owed(f"{PACK_TASK}:{pack.id}", has_given_up=True)


def is_owed(key: str, *, has_given_up: bool = False) -> bool:
    """Whether the outbox has a job of this key; on request, one that was given up."""
    query = sa.select(OutboxMessage.id).where(OutboxMessage.key == key)
    if has_given_up:
        query = query.where(OutboxMessage.gave_up_at.is_not(None), OutboxMessage.done_at.is_(None))
    return db.session.scalar(query) is not None


def is_named_by_another(pack: OfferPack) -> bool:
    """Whether the same bytes are another pack's too."""
    same = (OfferPack.sha256 == pack.sha256) & (OfferPack.id != pack.id)
    return db.session.scalar(sa.select(OfferPack.id).where(same).limit(1)) is not None


def list_subjects(references: list[str]) -> list[tuple[str, str]]:
    """Return (reference, subject) of these quotes, by reference."""
    query = sa.select(Quote).where(Quote.reference.in_(references)).order_by(Quote.reference)
    return [(quote.reference, quote.subject) for quote in db.session.scalars(query)]
