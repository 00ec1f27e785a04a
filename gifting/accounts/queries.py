"""Everything that reads companies and people; rows leave here as frozen dataclasses."""

from dataclasses import dataclass

import sqlalchemy as sa

from gifting.accounts.models import Company, User
from gifting.core.roles import COMPANY, STAFF, Role
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class Person:
    """A person who signs in, with what pages and policies ask of them."""

    id: int
    email: str
    name: str
    role: Role
    company_id: int | None
    company_name: str
    locale: str
    is_active: bool
    is_confirmed: bool

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_company(self) -> bool:
        return self.role in COMPANY

    @property
    def initials(self) -> str:
        """The first letters of first and last name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[0], words[-1]) if word)[: len(words)].upper()


_PERSON = sa.select(
    User.id,
    User.email,
    User.name,
    User.role,
    User.company_id,
    sa.func.coalesce(Company.name, "").label("company_name"),
    User.locale,
    User.is_active,
    User.email_confirmed_at.is_not(None).label("is_confirmed"),
).outerjoin(Company, Company.id == User.company_id)


def find_person(user_id: int) -> Person | None:
    """Return the person with this id, or None."""
    row = db.session.execute(_PERSON.where(User.id == user_id)).one_or_none()
    return None if row is None else Person(**row._mapping)  # noqa: SLF001 - its public mapping


def find_people(user_ids: set[int]) -> dict[int, Person]:
    """Return the people with these ids, by id."""
    rows = db.session.execute(_PERSON.where(User.id.in_(user_ids)))
    return {row.id: Person(**row._mapping) for row in rows}  # noqa: SLF001
