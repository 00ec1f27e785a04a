"""Offers of many quotes in one ZIP file: somebody asks, a worker makes it, it stays some days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from gifting.platform import outbox, storage
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.models import OfferPack
from gifting.quotes.service.many import AT_ONCE

KEPT = timedelta(days=7)


def ask_for_pack(references: Iterable[str], *, user_id: int, now: datetime) -> OfferPack:
    """Owe a file with the offers of these quotes, for this person."""
    pack = OfferPack(
        user_id=user_id, asked_at=now, quotes=sorted(set(references))[:AT_ONCE], packed=[]
    )
    db.session.add(pack)
    db.session.flush()
    outbox.owe(queries.PACK_TASK, key=f"{queries.PACK_TASK}:{pack.id}", now=now, pack_id=pack.id)
    return pack


def finish_pack(pack: OfferPack, *, content: bytes, packed: list[str], now: datetime) -> None:
    """Keep the file that was made; `packed` are the quotes that had an offer to put in."""
    pack.sha256 = storage.store(content) if packed else None
    pack.packed = packed
    pack.made_at = now
    db.session.flush()


def drop_packs(*, now: datetime) -> int:
    """Let go of files kept long enough; return of how many. Bears repeating after a crash."""
    old = list(db.session.scalars(sa.select(OfferPack).where(OfferPack.asked_at < now - KEPT)))
    for pack in old:
        if pack.sha256 and not queries.is_named_by_another(pack):
            storage.remove(pack.sha256)
        db.session.delete(pack)
        db.session.flush()
    return len(old)
