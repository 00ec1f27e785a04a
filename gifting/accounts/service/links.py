"""Links by mail: to enter, to choose a password, to change an address and to undo it.

Whoever asks is answered the same, and costs the same, whether anybody has the address: asking only
owes a job, and the job looks. A link works once, for one purpose, and voids the ones before it.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from gifting.accounts.models import LinkPurpose, MailLink, User
from gifting.accounts.queries import (
    get_user,
    has_job_since,
    hash_token,
    normalise_email,
)
from gifting.platform import outbox, tokens, transitions
from gifting.platform.db import db

MAIL_LINK = "accounts.mail_link"
MAIL_NEW_EMAIL = "accounts.mail_new_email"
MAIL_EMAIL_CHANGED = "accounts.mail_email_changed"
VALID_FOR = {
    LinkPurpose.SIGN_IN: timedelta(minutes=15),
    LinkPurpose.NEW_PASSWORD: timedelta(hours=1),
    LinkPurpose.NEW_EMAIL: timedelta(days=1),
    LinkPurpose.OLD_EMAIL: timedelta(days=7),
}
ASKED_AGAIN_AFTER = timedelta(minutes=2)
KEPT = timedelta(days=30)


class LinkNotOpen(Exception):
    """The link was used, voided by a later one, or is too old."""


class EmailKnown(Exception):
    """Somebody signs in with this address already."""


def ask_for_link(purpose: LinkPurpose, email: str, *, now: datetime) -> None:
    """Owe the letter with a link to whoever may have this address."""
    _ask(MAIL_LINK, purpose, email, now=now, purpose=purpose)


def make_link(
    user_id: int, purpose: LinkPurpose, *, letter: str, email: str = "", now: datetime
) -> str:
    """Make the link that this letter carries, void those before it, and return its token.

    Made again for the same letter, it is the same link.
    """
    token = tokens.derive("mail-link", letter)
    is_known = sa.exists().where(MailLink.token_hash == hash_token(token))
    if not db.session.scalar(sa.select(is_known)):
        void_links(user_id, purpose, now=now)
        db.session.add(
            MailLink(
                user_id=user_id,
                purpose=purpose,
                token_hash=hash_token(token),
                email=email,
                created_at=now,
                expires_at=now + VALID_FOR[purpose],
            )
        )
        db.session.flush()
    return token


def void_links(user_id: int, *purposes: LinkPurpose, now: datetime) -> None:
    """Close a person's open links of these purposes; of all but the way back, if none is named."""
    which = purposes or (LinkPurpose.SIGN_IN, LinkPurpose.NEW_PASSWORD, LinkPurpose.NEW_EMAIL)
    db.session.execute(
        sa.update(MailLink)
        .where(MailLink.user_id == user_id, MailLink.purpose.in_(which), MailLink.used_at.is_(None))
        .values(used_at=now)
    )


def use_link(token: str, purpose: LinkPurpose, *, now: datetime) -> MailLink:
    """Use a link up and return it; of two that use it at once, one does.

    :raises LinkNotOpen: if it no longer works, or is for something else
    """
    link = db.session.scalars(
        sa.update(MailLink)
        .where(
            MailLink.token_hash == hash_token(token),
            MailLink.purpose == purpose,
            MailLink.used_at.is_(None),
            MailLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(MailLink)
    ).one_or_none()
    if link is None:
        raise LinkNotOpen
    return link


def ask_email_change(user_id: int, email: str, *, now: datetime) -> None:
    """Owe the letter to a new address; nothing changes before its link is followed."""
    _ask(MAIL_NEW_EMAIL, str(user_id), email, now=now, record_id=user_id)


def change_email(token: str, *, now: datetime) -> None:
    """Give the person the address their link went to, and tell the old one how to undo it.

    :raises LinkNotOpen: if the link no longer works
    :raises EmailKnown: if somebody else took the address meanwhile
    """
    link = use_link(token, LinkPurpose.NEW_EMAIL, now=now)
    user = get_user(link.user_id, for_update=True)
    old = user.email
    _put_email(user, link.email, now=now)
    letter = f"{MAIL_EMAIL_CHANGED}:{user.id}:{now.isoformat()}"
    outbox.owe(MAIL_EMAIL_CHANGED, key=letter, now=now, record_id=user.id, email=old, letter=letter)


def undo_email_change(token: str, *, now: datetime) -> int:
    """Put the old address back and return whose it is.

    :raises LinkNotOpen: if the link no longer works
    :raises EmailKnown: if somebody else took the address meanwhile
    """
    link = use_link(token, LinkPurpose.OLD_EMAIL, now=now)
    user = get_user(link.user_id, for_update=True)
    _put_email(user, link.email, now=now)
    return user.id


def purge_links(*, now: datetime) -> None:
    """Delete links that no longer say anything to who opens them."""
    db.session.execute(sa.delete(MailLink).where(MailLink.expires_at < now - KEPT))


def _ask(task: str, about: str, email: str, *, now: datetime, **payload: Any) -> None:
    """Owe a letter to an address; who asks again within two minutes gets the one on its way."""
    address = normalise_email(email)
    key = f"{task}:{about}:{sha256(address.encode()).hexdigest()[:32]}:"
    if not has_job_since(key, now - ASKED_AGAIN_AFTER):
        letter = f"{key}{now.isoformat()}"
        outbox.owe(task, key=letter, now=now, email=address, letter=letter, **payload)


def _put_email(user: User, email: str, *, now: datetime) -> None:
    try:
        with db.session.begin_nested():
            user.email = email
            user.email_confirmed_at = now
    except IntegrityError as error:
        raise EmailKnown from error
    void_links(user.id, now=now)
    transitions.log(user.subject, "change_email", actor_id=user.id, now=now)
