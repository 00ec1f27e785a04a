"""Everything that reads companies and people; people leave here as frozen dataclasses."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa

import config
from gifting.accounts.models import Company, User
from gifting.core.roles import COMPANY, STAFF, Role, is_manager
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage

SAMPLE = config.ROOT / "sample" / "accounts.json"


@dataclass(frozen=True, slots=True)
class Person:
    """A person who signs in, with what pages and policies ask of them."""

    id: int
    email: str
    name: str
    phone: str
    role: Role
    company_id: int | None
    company_name: str
    locale: str
    is_active: bool
    is_confirmed: bool
    is_company_admin: bool

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_company(self) -> bool:
        return self.role in COMPANY

    @property
    def is_manager(self) -> bool:
        """Tell whether they say who else belongs to their company, or to the staff."""
        return is_manager(self.role, is_company_admin=self.is_company_admin)

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def initials_of(name: str) -> str:
    """Return the first letters of first and last name; of one word, one letter."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1]))[: len(words)].upper() if words else ""


def subject_of(company_id: int | None) -> str:
    """Return the name under which the event log files changes to a company, or to the staff."""
    return "staff" if company_id is None else f"company:{company_id}"


class SampleLogin(NamedTuple):
    role: str
    email: str
    password: str


PERSON = sa.select(
    User.id,
    User.email,
    User.name,
    User.phone,
    User.role,
    User.company_id,
    sa.func.coalesce(Company.name, "").label("company_name"),
    User.locale,
    User.is_active,
    User.email_confirmed_at.is_not(None).label("is_confirmed"),
    User.is_company_admin,
).outerjoin(Company, Company.id == User.company_id)


def find_person(user_id: int) -> Person | None:
    """Return the person with this id, or None."""
    return _one(PERSON.where(User.id == user_id))


def get_person(user_id: int) -> Person:
    """Return the person with this id.

    :raises NoResultFound: if there is none
    """
    return Person(**db.session.execute(PERSON.where(User.id == user_id)).one()._mapping)  # noqa: SLF001


def find_person_by_email(email: str) -> Person | None:
    """Return the person who signs in with this address, however it is written, or None."""
    return _one(PERSON.where(User.email == normalise_email(email)))


def normalise_email(email: str) -> str:
    """Return the one spelling in which addresses are kept."""
    return email.strip().lower()


def hash_token(token: str) -> str:
    """Return what the database keeps of a token: who reads the table gets nowhere with it."""
    return sha256(token.encode()).hexdigest()


def get_user(user_id: int, *, for_update: bool = False) -> User:
    """Return the row of a person, to be changed by the service.

    :raises NoResultFound: if there is none
    """
    query = sa.select(User).where(User.id == user_id)
    return db.session.scalars(query.with_for_update() if for_update else query).one()


def find_user_by_email(email: str) -> User | None:
    """Return the row of the person with this address, or None."""
    return db.session.scalars(
        sa.select(User).where(User.email == normalise_email(email))
    ).one_or_none()


def get_company(company_id: int) -> Company:
    """Return a company.

    :raises NoResultFound: if there is none
    """
    return db.session.scalars(sa.select(Company).where(Company.id == company_id)).one()


def find_logo(company_id: int, *, own_id: int | None) -> str | None:
    """Return the SHA-256 of a company's logo, or None; of any company only if `own_id` is None."""
    query = sa.select(Company.logo_sha256).where(Company.id == company_id)
    if own_id is not None:
        query = query.where(Company.id == own_id)
    return db.session.scalar(query)


def find_company_by_vat_number(vat_number: str) -> Company | None:
    """Return the company with this VAT number, or None."""
    return db.session.scalars(
        sa.select(Company).where(Company.vat_number == vat_number)
    ).one_or_none()


def has_company(*, vat_number: str | None, tax_code: str) -> bool:
    """Tell whether one of these identifiers is a known company's, as whichever of the two."""
    identifiers = [identifier for identifier in (vat_number, tax_code) if identifier]
    known = sa.or_(Company.vat_number.in_(identifiers), Company.tax_code.in_(identifiers))
    return bool(db.session.scalar(sa.select(sa.exists().where(known))))


def has_job_since(key_prefix: str, moment: datetime) -> bool:
    """Tell whether a job whose key begins like this was owed after the moment."""
    owed = OutboxMessage.key.startswith(key_prefix, autoescape=True)
    return bool(
        db.session.scalar(sa.select(sa.exists().where(owed, OutboxMessage.created_at > moment)))
    )


def has_sample_users() -> bool:
    """Tell whether anybody of the sample, whose passwords are printed, is in the database."""
    if not sa.inspect(db.engine).has_table(User.__tablename__):
        return False
    return bool(db.session.scalar(sa.select(sa.exists().where(User.is_sample))))


def read_sample() -> dict[str, Any]:
    """Return the sample company and people as `sample/accounts.json` states them."""
    content: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return content


def sample_logins() -> list[SampleLogin]:
    """Return who may sign in to a copy with sample data, one person per role."""
    return [
        SampleLogin(person["role"], person["email"], person["password"])
        for person in read_sample()["people"]
    ]


def _one(query: sa.Select[*tuple[Any, ...]]) -> Person | None:
    row = db.session.execute(query).one_or_none()
    return None if row is None else Person(**row._mapping)  # noqa: SLF001 - its public mapping
