"""Whom letters and papers name."""

from dataclasses import dataclass

import sqlalchemy as sa

from gifting.accounts.models import Company, User
from gifting.accounts.queries import initials_of, people
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.quotes.models import (
    Quote,
)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody letters go to."""

    id: int
    name: str
    email: str
    locale: str
    phone: str
    is_confirmed: bool

    @property
    def initials(self) -> str:
        return initials_of(self.name)


_CORRESPONDENT = sa.select(
    User.id, User.name, User.email, User.locale, User.phone, User.email_confirmed_at.is_not(None)
)


def get_correspondent(user_id: int) -> Correspondent:
    """Return the person to write to."""
    row = db.session.execute(_CORRESPONDENT.where(User.id == user_id)).one()
    return Correspondent(*row)


def get_reader(quote: Quote) -> Correspondent:
    """Return who reads the letters about a quote: who asked or, once they left, who stands in.

    :raises NobodyLeft: if nobody of the company may enter any more
    """
    reader = people.get_reader(quote.requested_by_id, company_id=quote.company_id)
    return get_correspondent(reader.id)


def list_sales_for(quote: Quote) -> list[Correspondent]:
    """Return who answers for a quote: its owner, or all of sales while it has none."""
    query = _CORRESPONDENT.where(User.is_active).order_by(User.id)
    if quote.owner_id is not None:
        owner = [
            Correspondent(*row)
            for row in db.session.execute(query.where(User.id == quote.owner_id))
        ]
        if owner:
            return owner
    return list_sales()


def list_sales() -> list[Correspondent]:
    """Return all of sales, who may be given a quote."""
    sales = _CORRESPONDENT.where(User.is_active, User.role.in_((Role.SALES, Role.SALES_MANAGER)))
    return [Correspondent(*row) for row in db.session.execute(sales.order_by(User.id))]


def get_company(company_id: int) -> Company:
    """Return the company a paper is addressed to."""
    return db.session.get_one(Company, company_id)
