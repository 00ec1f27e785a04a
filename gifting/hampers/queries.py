"""Everything that reads hampers, always for somebody: what is not theirs is not there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from gifting.accounts.queries import hash_token
from gifting.hampers.models import Hamper, HamperLink
from gifting.platform.db import db

PAGE_SIZE = 24
WITH_CONTENTS = (selectinload(Hamper.lines), selectinload(Hamper.extras))


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is composing: a person of a company, or a visitor known by their browser's secret."""

    company_id: int | None = None
    user_id: int | None = None
    visitor_key: str | None = None

    @property
    def is_company(self) -> bool:
        return self.company_id is not None


def get_hamper(
    key: str,
    *,
    company_id: int | None,
    user_id: int | None,
    visitor_key: str | None,
    for_update: bool = False,
) -> Hamper:
    """Return the hamper with its lines and extras; with `for_update`, nobody else may change it.

    :raises NoResultFound: if there is none, or it is somebody else's
    """
    owner = Owner(company_id, user_id, visitor_key)
    statement = _visible_to(owner).where(Hamper.key == key, Hamper.deleted_at.is_(None))
    return _one(statement, for_update=for_update)


def get_deleted_hamper(key: str, *, owner: Owner) -> Hamper:
    """Return a deleted hamper, to bring it back.

    :raises NoResultFound: if there is none of this owner's
    """
    return _one(_deleted(key, owner), for_update=True)


def find_deleted_hamper(key: str, *, owner: Owner) -> Hamper | None:
    """Return a deleted hamper of this owner's, or None."""
    return db.session.scalars(_deleted(key, owner)).one_or_none()


def list_hampers(
    *,
    company_id: int | None,
    user_id: int | None,
    visitor_key: str | None,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE_SIZE,
) -> list[Hamper]:
    """List hampers, the last changed first; `before` is (updated_at, id) of the last one seen."""
    statement = (
        _visible_to(Owner(company_id, user_id, visitor_key))
        .where(Hamper.deleted_at.is_(None))
        .order_by(Hamper.updated_at.desc(), Hamper.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(sa.tuple_(Hamper.updated_at, Hamper.id) < before)
    return list(db.session.scalars(statement))


def list_by_keys(keys: list[str], *, owner: Owner) -> list[Hamper]:
    """List the owner's hampers with these keys, in the order of the keys."""
    statement = _visible_to(owner).where(Hamper.key.in_(keys), Hamper.deleted_at.is_(None))
    found = {hamper.key: hamper for hamper in db.session.scalars(statement)}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def find_by_link(token: str, *, now: datetime) -> tuple[Hamper, HamperLink] | None:
    """Return the hamper that may be read at this open address, and the address, or None."""
    statement = (
        sa.select(Hamper, HamperLink)
        .join(HamperLink, HamperLink.hamper_id == Hamper.id)
        .where(
            HamperLink.token_hash == hash_token(token),
            HamperLink.expires_at > now,
            Hamper.deleted_at.is_(None),
        )
        .options(*WITH_CONTENTS)
    )
    row = db.session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def find_link(hamper_id: int, *, now: datetime) -> HamperLink | None:
    """Return the hamper's open address, or None when there is none, or none any more."""
    statement = sa.select(HamperLink).where(
        HamperLink.hamper_id == hamper_id, HamperLink.expires_at > now
    )
    return db.session.scalars(statement).one_or_none()


def list_of_visitor(visitor_key: str) -> list[Hamper]:
    """List a visitor's hampers to hand them over, deleted ones too."""
    statement = sa.select(Hamper).where(Hamper.visitor_key == visitor_key).with_for_update()
    return list(db.session.scalars(statement))


def is_visible(hamper: Hamper, *, owner: Owner) -> bool:
    """Tell whether the owner may open the hamper: it is theirs, or a colleague shares it."""
    found = sa.exists().where(Hamper.id == hamper.id, _is_visible_to(owner))
    return bool(db.session.scalar(sa.select(found)))


def _visible_to(owner: Owner) -> sa.Select[Hamper]:
    return sa.select(Hamper).where(_is_visible_to(owner)).options(*WITH_CONTENTS)


def _is_visible_to(owner: Owner) -> sa.ColumnElement[bool]:
    """What the visitor or the person composed, and what colleagues share."""
    theirs: list[Any] = []
    if owner.visitor_key:
        theirs.append(Hamper.visitor_key == owner.visitor_key)
    if owner.company_id is not None:
        is_theirs = sa.or_(Hamper.owner_id == owner.user_id, Hamper.is_shared)
        theirs.append(sa.and_(Hamper.company_id == owner.company_id, is_theirs))
    return sa.or_(sa.false(), *theirs)


def _deleted(key: str, owner: Owner) -> sa.Select[Hamper]:
    return _visible_to(owner).where(Hamper.key == key, Hamper.deleted_at.is_not(None))


def _one(statement: sa.Select[Hamper], *, for_update: bool) -> Hamper:
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()
