"""Jobs of the accounts slice. Run through the outbox, never called directly."""

from datetime import datetime
from typing import Any

from gifting.accounts import queries, service
from gifting.platform import mail, settings, tokens
from gifting.platform.outbox import Queue, handles

CONFIRM_EMAIL = "confirm-email"
"""The purpose of a confirming link. It carries [user id, address]."""


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
