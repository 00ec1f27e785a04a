"""Invitations: what their link shows, and which are still open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gifting.accounts.models import Company, Invitation, User
from gifting.accounts.queries.links import LinkState
from gifting.core.roles import Role, part_of
from gifting.platform.db import db


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, as who manages people and who was invited see it.

    `company_name` is empty for the staff.
    """

    id: int
    company_id: int | None
    company_name: str
    email: str
    name: str
    role: Role
    is_company_admin: bool
    invited_by_id: int
    inviter_name: str
    letter_number: int
    sent_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None

    @property
    def part(self) -> str:
        return part_of(self.role, is_company_admin=self.is_company_admin)

    @property
    def is_open(self) -> bool:
        """Tell whether it was neither accepted nor taken back; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None

    def link_state(self, letter_number: int, *, now: datetime) -> LinkState:
        """Tell what the link of this letter leads to."""
        if self.accepted_at is not None:
            return LinkState.USED
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if letter_number != self.letter_number:
            return LinkState.REPLACED
        return LinkState.OPEN if now <= self.expires_at else LinkState.EXPIRED


_INVITED: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        Invitation.id,
        Invitation.company_id,
        sa.func.coalesce(Company.name, ""),
        Invitation.email,
        Invitation.name,
        Invitation.role,
        Invitation.is_company_admin,
        Invitation.invited_by_id,
        User.name,
        Invitation.letter_number,
        Invitation.sent_at,
        Invitation.expires_at,
        Invitation.accepted_at,
        Invitation.revoked_at,
    )
    .join(User, User.id == Invitation.invited_by_id)
    .outerjoin(Company, Company.id == Invitation.company_id)
)


def get_invited(invitation_id: int) -> Invited:
    """Return an invitation.

    :raises NoResultFound: if there is none
    """
    return Invited(*db.session.execute(_INVITED.where(Invitation.id == invitation_id)).one())


def find_invited(invitation_id: int) -> Invited | None:
    """Return an invitation, or None."""
    row = db.session.execute(_INVITED.where(Invitation.id == invitation_id)).one_or_none()
    return None if row is None else Invited(*row)


def list_open_invitations(company_id: int | None) -> list[Invited]:
    """Return who was invited into a company, or into the staff, and has not come; oldest first."""
    rows = db.session.execute(
        _INVITED.where(
            Invitation.company_id == company_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        ).order_by(Invitation.id)
    )
    return [Invited(*row) for row in rows]


def lock_invitation(invitation_id: int, *, company_id: int | None) -> Invitation:
    """Return the row of an invitation into this company, or into the staff, to be changed.

    :raises NoResultFound: if there is no such invitation here
    """
    return db.session.scalars(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.company_id == company_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
