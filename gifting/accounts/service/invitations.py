"""Invitations: how people join a company, or the staff where `company_id` is None.

What opens an invitation is in its letter alone. The link is a signed [id, letter number], made by
the job that sends it: neither the table nor the job's payload holds anything that opens one, and a
job that runs again sends the same right. Nothing here commits.
"""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from gifting.accounts import queries
from gifting.accounts.models import Invitation, User
from gifting.accounts.queries.invitations import Invited, get_invited, lock_invitation
from gifting.accounts.queries.links import LinkState
from gifting.accounts.service import add, owe_letter
from gifting.accounts.service.hashing import hash_password
from gifting.accounts.service.links import EmailKnown
from gifting.accounts.service.people import expect_role
from gifting.core.roles import Role
from gifting.platform import transitions
from gifting.platform.db import db

MAIL_INVITATION = "accounts.mail_invitation"
MAIL_ASKED_AGAIN = "accounts.mail_asked_again"
VALID_FOR = timedelta(days=7)
RESEND_AFTER = timedelta(minutes=2)
ASK_AFTER = timedelta(days=1)


class AlreadyHere(Exception):
    """The address is a colleague's."""


class AlreadyInvited(Exception):
    """An invitation of this address is open."""


class InvitationOver(Exception):
    """The link no longer lets anybody in; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state)
        self.state = state


def invite(
    *,
    company_id: int | None,
    email: str,
    name: str,
    role: Role,
    is_company_admin: bool = False,
    actor_id: int,
    now: datetime,
) -> Invitation:
    """Invite somebody and owe the letter.

    Whether they have an account elsewhere changes nothing here: the letter says it, to them alone.

    :raises RoleElsewhere: if people here cannot have the role
    :raises AlreadyHere: if a colleague signs in with this address
    :raises AlreadyInvited: if an earlier invitation is open
    """
    expect_role(role, company_id)
    person = queries.find_person_by_email(email)
    if person is not None and person.is_active and person.company_id == company_id:
        raise AlreadyHere(email)
    invitation = Invitation(
        company_id=company_id,
        email=queries.normalise_email(email),
        name=name,
        role=role,
        is_company_admin=is_company_admin,
        invited_by_id=actor_id,
        invited_at=now,
        sent_at=now,
        expires_at=now + VALID_FOR,
    )
    _add(invitation)
    _log(invitation, "invite", actor_id=actor_id, now=now)
    _owe_letter(invitation, now=now)
    return invitation


def resend(invitation_id: int, *, company_id: int | None, actor_id: int, now: datetime) -> bool:
    """Send the letter again, with a new link and seven new days; earlier links are void.

    False if one left less than two minutes ago.

    :raises NoResultFound: if there is no such invitation here
    :raises StaleDataError: if it was accepted or taken back meanwhile
    """
    invitation = lock_invitation(invitation_id, company_id=company_id)
    if not invitation.is_open:
        raise StaleDataError(f"invitation {invitation.id} is over")
    if now - invitation.sent_at < RESEND_AFTER:
        return False
    invitation.letter_number += 1
    invitation.sent_at = now
    invitation.expires_at = now + VALID_FOR
    _log(invitation, "resend_invitation", actor_id=actor_id, now=now)
    _owe_letter(invitation, now=now)
    return True


def revoke(invitation_id: int, *, company_id: int | None, actor_id: int, now: datetime) -> bool:
    """Take an invitation back; False if it was taken back before.

    :raises NoResultFound: if there is no such invitation here
    :raises StaleDataError: if it was accepted meanwhile
    """
    invitation = lock_invitation(invitation_id, company_id=company_id)
    if invitation.accepted_at is not None:
        raise StaleDataError(f"invitation {invitation.id} was accepted")
    if invitation.revoked_at is not None:
        return False
    invitation.revoked_at = now
    _log(invitation, "revoke_invitation", actor_id=actor_id, now=now)
    return True


def accept(
    invited: Invited, letter_number: int, *, name: str, password: str, locale: str, now: datetime
) -> User:
    """Let the invited person in, their address confirmed by the link that came to it.

    Somebody who had left comes back as themselves, with the password they choose now.

    :raises InvitationOver: if the link no longer opens anything
    :raises EmailKnown: if the address has an account elsewhere: nobody is moved silently
    """
    password_hash = hash_password(password)
    invitation = lock_invitation(invited.id, company_id=invited.company_id)
    state = get_invited(invited.id).link_state(letter_number, now=now)
    if state is not LinkState.OPEN:
        raise InvitationOver(state)
    user = queries.find_user_by_email(invitation.email)
    if user is None:
        user = User(email=invitation.email, company_id=invitation.company_id, created_at=now)
    elif user.is_active or user.company_id != invitation.company_id:
        raise EmailKnown(invitation.email)
    user.name = name
    user.role, user.is_company_admin = invitation.role, invitation.is_company_admin
    user.password_hash, user.locale = password_hash, locale
    user.is_active, user.email_confirmed_at = True, now
    add(user)
    invitation.accepted_at = now
    transitions.log(
        queries.subject_of(user.company_id),
        "accept_invitation",
        actor_id=user.id,
        now=now,
        data={"user_id": user.id},
    )
    return user


def ask_again(invited: Invited, *, now: datetime) -> None:
    """Owe a letter to who may invite this person anew; once a day, however often it is asked."""
    about = f"{MAIL_ASKED_AGAIN}:{invited.id}:"
    if not queries.has_job_since(about, now - ASK_AFTER):
        owe_letter(MAIL_ASKED_AGAIN, str(invited.id), now=now, record_id=invited.id)


def _add(invitation: Invitation) -> None:
    """Add in a savepoint: of two who invite at once, the second is told of the first."""
    try:
        with db.session.begin_nested():
            db.session.add(invitation)
    except IntegrityError as error:
        if "uq_invitation_open" in str(error.orig):
            raise AlreadyInvited from error
        raise


def _owe_letter(invitation: Invitation, *, now: datetime) -> None:
    owe_letter(
        MAIL_INVITATION,
        f"{invitation.id}.{invitation.letter_number}",
        now=now,
        record_id=invitation.id,
        letter_number=invitation.letter_number,
    )


def _log(invitation: Invitation, action: str, *, actor_id: int, now: datetime) -> None:
    transitions.log(
        queries.subject_of(invitation.company_id),
        action,
        actor_id=actor_id,
        now=now,
        data={"invitation_id": invitation.id},
    )
