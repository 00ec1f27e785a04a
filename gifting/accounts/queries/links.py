"""The links that letters carried."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from gifting.accounts.models import LinkPurpose, MailLink
from gifting.accounts.queries import Person, find_person, hash_token
from gifting.platform.db import db


class LinkState(StrEnum):
    """What the link of a letter or of an invitation leads to."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Link:
    """A mailed link: what for, whose, about which address, and whether it still works."""

    purpose: LinkPurpose
    person: Person
    email: str
    state: LinkState


def find_link(token: str, *, now: datetime) -> Link | None:
    """Return the link with this token, or None if there is none for a person with access."""
    row = db.session.scalars(
        sa.select(MailLink).where(MailLink.token_hash == hash_token(token))
    ).one_or_none()
    person = find_person(row.user_id) if row else None
    if row is None or person is None or not person.is_active:
        return None
    if row.used_at is not None:
        state = LinkState.USED
    else:
        state = LinkState.OPEN if row.expires_at > now else LinkState.EXPIRED
    return Link(row.purpose, person, row.email, state)
