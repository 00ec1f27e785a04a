"""The people of one company, or of the staff where `company_id` is None, and who manages them."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from gifting.accounts.models import User, UserSession
from gifting.accounts.queries import initials_of
from gifting.accounts.queries.factors import HAS_FACTOR
from gifting.core.roles import Role, part_of
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a company or of the staff, as whoever manages them sees it."""

    id: int
    name: str
    email: str
    role: Role
    is_company_admin: bool
    is_active: bool
    has_second_factor: bool
    last_seen_at: datetime | None
    """None if no session of theirs is kept."""
    last_seen_on: date | None
    """None if they have never come in."""

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def part(self) -> str:
        return part_of(self.role, is_company_admin=self.is_company_admin)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a letter goes to."""

    id: int
    name: str
    email: str
    locale: str


class NobodyLeft(LookupError):
    """Nobody of the company may enter any more: invite somebody, then try the job again."""


_MEMBER = sa.select(
    User.id,
    User.name,
    User.email,
    User.role,
    User.is_company_admin,
    User.is_active,
    HAS_FACTOR,
    sa.select(sa.func.max(UserSession.last_seen_at))
    .where(UserSession.user_id == User.id)
    .scalar_subquery(),
    User.last_seen_on,
)
_READER = sa.select(User.id, User.name, User.email, User.locale)


def list_members(company_id: int | None) -> list[Member]:
    """Return everybody, whoever may still enter first, by name."""
    rows = db.session.execute(
        _MEMBER.where(User.company_id == company_id).order_by(
            User.is_active.desc(), sa.func.lower(User.name), User.id
        )
    )
    return [Member(*row) for row in rows]


def get_member(user_id: int, *, company_id: int | None) -> Member:
    """Return one of them.

    :raises NoResultFound: if there is no such person here
    """
    query = _MEMBER.where(User.id == user_id, User.company_id == company_id)
    return Member(*db.session.execute(query).one())


def lock_member(user_id: int, *, company_id: int | None) -> User:
    """Return the row of one of them, to be changed.

    :raises NoResultFound: if there is no such person here
    """
    return db.session.scalars(
        sa.select(User)
        .where(User.id == user_id, User.company_id == company_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_managers(company_id: int | None) -> set[int]:
    """Return the ids of who manages the people here, held until the transaction ends.

    Who waits for another's change reads what that one left: of two who take each other's
    right at once, the second finds themselves the last.
    """
    query = sa.select(User.id).where(_manages(company_id)).order_by(User.id)
    return set(db.session.scalars(query.with_for_update(key_share=True)))


def list_managers(company_id: int | None, *, preferred_id: int | None = None) -> list[Reader]:
    """Return who manages the people here; only the preferred one, if they still do."""
    rows = db.session.execute(_READER.where(_manages(company_id)).order_by(User.id))
    managers = [Reader(*row) for row in rows]
    return [one for one in managers if one.id == preferred_id] or managers


def _manages(company_id: int | None) -> sa.ColumnElement[bool]:
    """The condition that `core.roles.is_manager` states of one person."""
    is_manager = User.role == Role.ADMINISTRATOR if company_id is None else User.is_company_admin
    return sa.and_(User.company_id == company_id, User.is_active, is_manager)


def find_reader(user_id: int, *, company_id: int) -> Reader | None:
    """Return the person, or who stands in once they have left: who manages the company first.

    None if nobody of the company may enter any more.
    """
    row = db.session.execute(
        _READER.where(User.company_id == company_id, User.is_active)
        .order_by(
            (User.id == user_id).desc(),
            User.is_company_admin.desc(),
            (User.role == Role.BUYER).desc(),
            User.id,
        )
        .limit(1)
    ).one_or_none()
    return None if row is None else Reader(*row)


def get_reader(user_id: int, *, company_id: int) -> Reader:
    """Return the person, or who stands in once they have left.

    :raises NobodyLeft: if nobody does
    """
    reader = find_reader(user_id, company_id=company_id)
    if reader is None:
        raise NobodyLeft(f"nobody of company {company_id} may enter any more: invite somebody")
    return reader
