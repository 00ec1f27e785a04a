"""Who belongs to a company, or to the staff: what they may do there, and that they leave.

`company_id` None means the staff. Nothing here commits.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm.exc import StaleDataError

from gifting.accounts import queries
from gifting.accounts.models import LinkPurpose, User
from gifting.accounts.queries import Person, subject_of
from gifting.accounts.queries.people import find_reader, lock_managers, lock_member
from gifting.accounts.service.factors import close_half_open
from gifting.accounts.service.links import void_links
from gifting.accounts.service.sessions import end_sessions
from gifting.core.roles import Role, is_manager, part_of, roles_of
from gifting.platform import transitions
from gifting.platform.db import db

on_left: list[Callable[[Person, int | None, datetime], None]] = []
"""Called with who may no longer enter, who takes over and when, inside the transaction that shuts
them out. A company's manager who does it takes over, or else who stands in; of the staff nobody."""


class LastManager(Exception):
    """Nobody would be left who says who belongs here."""


class RoleElsewhere(ValueError):
    """The role is of another kind of people: staff's offered to a company, or the reverse."""


def change_role(
    user_id: int,
    *,
    company_id: int | None,
    role: Role,
    is_company_admin: bool,
    seen: str,
    actor_id: int,
    now: datetime,
) -> bool:
    """Give somebody another part to play; False if it is the one they have.

    `seen` is the part, as `core.roles.part_of` writes it, that the asker's page showed.

    :raises NoResultFound: if nobody here has this id
    :raises RoleElsewhere: if people here cannot have the role
    :raises StaleDataError: if the person has left, or has another part by now
    :raises LastManager: if nobody would be left to manage the people
    """
    expect_role(role, company_id)
    managers = lock_managers(company_id)
    user = lock_member(user_id, company_id=company_id)
    before = part_of(user.role, is_company_admin=user.is_company_admin)
    after = part_of(role, is_company_admin=is_company_admin)
    if not user.is_active or before != seen:
        raise StaleDataError(f"{user.subject} is no longer {seen}")
    if before == after:
        return False
    if managers == {user.id} and not is_manager(role, is_company_admin=is_company_admin):
        raise LastManager
    user.role, user.is_company_admin = role, is_company_admin
    db.session.flush()
    _log("change_role", user, actor_id=actor_id, now=now, before=before, after=after)
    return True


def remove(user_id: int, *, company_id: int | None, actor_id: int, now: datetime) -> bool:
    """Shut somebody out from their next request on; False if they were. Their work stays.

    :raises NoResultFound: if nobody here has this id
    :raises LastManager: if nobody would be left to manage the people
    """
    managers = lock_managers(company_id)
    user = lock_member(user_id, company_id=company_id)
    if not user.is_active:
        return False
    if managers == {user.id}:
        raise LastManager
    person = queries.get_person(user.id)
    user.is_active = user.is_company_admin = False
    db.session.flush()
    end_sessions(user.id, now=now)
    void_links(user.id, *LinkPurpose, now=now)
    close_half_open(user.id)
    _log("remove_person", user, actor_id=actor_id, now=now)
    heir = find_reader(actor_id, company_id=company_id) if company_id is not None else None
    for hook in on_left:
        hook(person, heir.id if heir else None, now)
    return True


def appoint(user: User, *, now: datetime) -> None:
    """Let somebody of a company manage its people: what the consortium does where nobody can."""
    before = part_of(user.role, is_company_admin=user.is_company_admin)
    user.is_company_admin = True
    after = part_of(user.role, is_company_admin=True)
    _log("change_role", user, actor_id=None, now=now, before=before, after=after)


def expect_role(role: Role, company_id: int | None) -> None:
    """Refuse a role that people here cannot have.

    :raises RoleElsewhere: if it is one
    """
    if role not in roles_of(company_id):
        raise RoleElsewhere(role)


def _log(action: str, user: User, *, actor_id: int | None, now: datetime, **data: str) -> None:
    transitions.log(
        subject_of(user.company_id),
        action,
        actor_id=actor_id,
        now=now,
        data={"user_id": user.id, **data},
    )
