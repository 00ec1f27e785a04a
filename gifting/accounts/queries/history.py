"""What the people of a company, or of the staff, changed: who, what, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from gifting.accounts.models import Invitation, User
from gifting.accounts.queries import subject_of
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry

PAGE = 30


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the register.

    `about` is the name of the person or invited person it is about, empty where it is about none.
    """

    id: int
    happened_at: datetime
    actor_name: str
    action: str
    about: str
    data: dict[str, Any]


def list_changes(
    company_id: int | None, *, before: int | None = None, limit: int = PAGE
) -> list[Change]:
    """Return a page of the register, newest first.

    `before` is the id of the last line of the page above.
    """
    actor, person = aliased(User), aliased(User)
    entry = EventLogEntry
    query = (
        sa.select(
            entry.id,
            entry.happened_at,
            sa.func.coalesce(actor.name, ""),
            entry.action,
            sa.func.coalesce(person.name, Invitation.name, ""),
            entry.data,
        )
        .outerjoin(actor, actor.id == entry.actor_id)
        .outerjoin(person, person.id == sa.cast(entry.data["user_id"].astext, sa.Integer))
        .outerjoin(
            Invitation, Invitation.id == sa.cast(entry.data["invitation_id"].astext, sa.Integer)
        )
        .where(entry.subject == subject_of(company_id))
        .order_by(entry.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(entry.id < before)
    return [Change(*row) for row in db.session.execute(query)]
