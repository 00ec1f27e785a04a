"""Jobs of the accounts slice. Run through the outbox, never called directly."""

from datetime import datetime, timedelta
from typing import Any

from gifting.accounts import queries, service
from gifting.accounts.models import LinkPurpose
from gifting.accounts.queries import Person
from gifting.accounts.queries.factors import find_person_waiting
from gifting.accounts.queries.invitations import get_invited
from gifting.accounts.queries.links import LinkState
from gifting.accounts.queries.people import list_managers
from gifting.accounts.service import factors, invitations, links, second_step, sessions
from gifting.platform import links as addresses
from gifting.platform import mail, settings, tokens
from gifting.platform.outbox import Queue, every, handles

CONFIRM_EMAIL = "confirm-email"
"""The purpose of a confirming link. It carries [user id, address]."""
INVITATION = "invitation"
"""The purpose of an inviting link. It carries [invitation id, letter number]."""


@handles(service.MAIL_CONFIRMATION, queue=Queue.MAIL)
def mail_confirmation(*, record_id: int, letter: str, now: datetime, **_: Any) -> None:
    """Mail the link that confirms an address, unless that has happened meanwhile."""
    person = queries.get_person(record_id)
    if person.is_confirmed:
        return
    mail.send(
        "accounts_confirm",
        to=person.email,
        locale=person.locale,
        key=letter,
        now=now,
        person=person,
        token=tokens.sign(CONFIRM_EMAIL, [person.id, person.email]),
    )


@handles(service.MAIL_ALREADY, queue=Queue.MAIL)
def mail_already(*, record_id: int, letter: str, now: datetime, **_: Any) -> None:
    """Tell who asked for a second account that the first is there."""
    person = queries.get_person(record_id)
    mail.send(
        "accounts_already",
        to=person.email,
        locale=person.locale,
        key=letter,
        now=now,
        person=person,
    )


@handles(service.MAIL_TO_VERIFY, queue=Queue.MAIL)
def mail_to_verify(*, letter: str, now: datetime, **asked: Any) -> None:
    """Tell who asked in the name of a known company that a person will look into it."""
    mail.send(
        "accounts_to_verify",
        to=asked["email"],
        locale=asked["locale"],
        key=letter,
        now=now,
        asked=asked,
    )


@handles(service.MAIL_OFFICE, queue=Queue.MAIL)
def mail_office(*, letter: str, now: datetime, **asked: Any) -> None:
    """Tell the office who wants to join which company."""
    mail.send(
        "accounts_office",
        to=settings.current().seller.email,
        locale="it",
        key=letter,
        now=now,
        asked=asked,
    )


@handles(invitations.MAIL_INVITATION, queue=Queue.MAIL)
def mail_invitation(
    *, record_id: int, letter_number: int, letter: str, now: datetime, **_: Any
) -> None:
    """Mail the link that lets somebody in, unless a newer letter or an end has overtaken it.

    Whoever has an account elsewhere is told so instead, and nobody else is.
    """
    invited = get_invited(record_id)
    if invited.link_state(letter_number, now=now) is not LinkState.OPEN:
        return
    known = queries.find_person_by_email(invited.email)
    is_returning = known is not None and known.company_id == invited.company_id
    mail.send(
        "accounts_invitation" if known is None or is_returning else "accounts_elsewhere",
        to=invited.email,
        locale=known.locale if known else "it",
        key=letter,
        now=now,
        invited=invited,
        token=tokens.sign(INVITATION, [invited.id, letter_number]),
    )


@handles(invitations.MAIL_ASKED_AGAIN, queue=Queue.MAIL)
def mail_asked_again(*, record_id: int, letter: str, now: datetime, **_: Any) -> None:
    """Tell who invited, or else whoever manages the people there, that the link did not serve."""
    invited = get_invited(record_id)
    page = "accounts.company" if invited.company_id else "accounts.staff_people"
    for manager in list_managers(invited.company_id, preferred_id=invited.invited_by_id):
        mail.send(
            "accounts_asked_again",
            to=manager.email,
            locale=manager.locale,
            key=f"{letter}:{manager.id}",
            now=now,
            invited=invited,
            manager=manager,
            link=addresses.to(page),
        )


@handles(links.MAIL_LINK, queue=Queue.MAIL)
def mail_link(*, purpose: str, email: str, letter: str, now: datetime, **_: Any) -> None:
    """Mail a link to whoever has the address; to nobody if nobody has."""
    person = queries.find_person_by_email(email)
    if person is None or not person.is_active:
        return
    token = links.make_link(person.id, LinkPurpose(purpose), letter=letter, now=now)
    _write(purpose, person, to=email, letter=letter, token=token, now=now)


@handles(links.MAIL_NEW_EMAIL, queue=Queue.MAIL)
def mail_new_email(*, record_id: int, email: str, letter: str, now: datetime, **_: Any) -> None:
    """Mail the link that confirms a new address, or say that the address has an access."""
    holder = queries.find_person_by_email(email)
    if holder is not None:
        _write("email_taken", holder, to=email, letter=letter, now=now)
        return
    purpose = LinkPurpose.NEW_EMAIL
    token = links.make_link(record_id, purpose, letter=letter, email=email, now=now)
    person = queries.get_person(record_id)
    _write(purpose, person, to=email, letter=letter, token=token, now=now)


@handles(links.MAIL_EMAIL_CHANGED, queue=Queue.MAIL)
def mail_email_changed(*, record_id: int, email: str, letter: str, now: datetime, **_: Any) -> None:
    """Tell the old address of the change, with the way back."""
    purpose = LinkPurpose.OLD_EMAIL
    token = links.make_link(record_id, purpose, letter=letter, email=email, now=now)
    person = queries.get_person(record_id)
    _write(purpose, person, to=email, letter=letter, token=token, now=now)


@handles(service.MAIL_PASSWORD_CHANGED, queue=Queue.MAIL)
def mail_password_changed(*, record_id: int, letter: str, now: datetime, **_: Any) -> None:
    """Tell a person that their password is another one now, with the way to take it back."""
    person = queries.get_person(record_id)
    token = links.make_link(person.id, LinkPurpose.NEW_PASSWORD, letter=letter, now=now)
    _write("password_changed", person, to=person.email, letter=letter, token=token, now=now)


def _write(
    kind: str, person: Person, *, to: str, letter: str, now: datetime, token: str = ""
) -> None:
    mail.send(
        "accounts_letter",
        to=to,
        locale=person.locale,
        key=letter,
        now=now,
        kind=kind,
        person=person,
        address=addresses.to("accounts.follow_link", token=token) if token else "",
    )


@every(timedelta(days=1), "accounts.purge")
def purge(*, now: datetime) -> None:
    """Delete sessions, links, half sign-ins and trusted browsers that are over."""
    sessions.purge_sessions(now=now)
    links.purge_links(now=now)
    second_step.purge(now=now)
    factors.purge(now=now)


@handles(second_step.MAIL_CODE, queue=Queue.MAIL)
def mail_code(*, record_id: int, number: int, letter: str, now: datetime, **_: Any) -> None:
    """Mail the code of a sign-in that waits for it; of one that does not wait any more, none."""
    person = find_person_waiting(record_id)
    if person is not None:
        _send(
            "accounts_code", person, letter, now, code=second_step.code_of_letter(record_id, number)
        )


@handles(factors.MAIL_FACTOR, queue=Queue.MAIL)
def mail_factor(*, record_id: int, what: str, letter: str, now: datetime, **_: Any) -> None:
    """Tell a person what happened to their second factor."""
    _send("accounts_factor", queries.get_person(record_id), letter, now, what=what)


def _send(template: str, person: Person, letter: str, now: datetime, **context: Any) -> None:
    mail.send(
        template,
        to=person.email,
        locale=person.locale,
        key=letter,
        now=now,
        person=person,
        **context,
    )
