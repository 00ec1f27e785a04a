"""A way to owe each job there is: one row for a handler, and it is drilled at every step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gifting.accounts.models import LinkPurpose
from gifting.backoffice.queries.alarms import Alarm

DATA = {
    "revision": 1,
    "hampers": 20,
    "comment": "Quando vi serve?",
    "reason": "Cambiamo idea",
    "body": "Una parola",
    "amount": "1.00",
}
"""All that the letters about an event read of it."""
PERSON = "paolo@meridiana.example"
"""Whom the letters about people are written to."""


@dataclass(frozen=True)
class Records:
    """Rows of the main job to hang jobs on. `number` makes the keys of letters new each time."""

    quote: int
    revision: int
    event: int
    message: int
    order: int
    invoice: int
    person: int
    invitation: int
    sign_in: int
    pack: int
    number: int

    def about(self, record_id: int, **more: Any) -> dict[str, Any]:
        return {"record_id": record_id, "event_id": self.event, **more}


def _accounts(records: Records) -> dict[str, Any]:
    """Say all that letters about people, known or strange, ask for."""
    return {
        "record_id": records.person,
        "email": PERSON,
        "name": "Nuova Persona",
        "company": "Cartiera S.r.l.",
        "vat_number": "IT01234567897",
        "company_name": "Cartiera S.r.l.",
        "identifier": "IT01234567897",
        "purpose": LinkPurpose.SIGN_IN.value,
        "phone": "",
        "job_title": "",
        "locale": "it",
        "what": "wrong_codes",
        "number": 1,
        "letter_number": 1,
    }


def _invitation(records: Records) -> dict[str, Any]:
    return {**_accounts(records), "record_id": records.invitation}


def _sign_in(records: Records) -> dict[str, Any]:
    return {**_accounts(records), "record_id": records.sign_in}


def _quote(records: Records) -> dict[str, Any]:
    return records.about(records.quote, revision_id=records.revision, message_id=records.message)


def _pack(records: Records) -> dict[str, Any]:
    return {"pack_id": records.pack}


def _order(records: Records) -> dict[str, Any]:
    return records.about(records.order)


def _invoice(records: Records) -> dict[str, Any]:
    return records.about(records.invoice)


def _backoffice(records: Records) -> dict[str, Any]:
    return {"alarm": Alarm.FAILED_JOBS.value, "count": 1, "example": "", "about": records.number}


BY_AREA: dict[str, Callable[[Records], dict[str, Any]]] = {
    "accounts": _accounts,
    "backoffice": _backoffice,
    "quotes": _quote,
    "orders": _order,
    "billing": _invoice,
}
ASTRAY: dict[str, Callable[[Records], dict[str, Any]]] = {
    "accounts.mail_invitation": _invitation,
    "accounts.mail_asked_again": _invitation,
    "accounts.mail_code": _sign_in,
    "quotes.pack_offers": _pack,
}
"""Jobs about another record than most of their area are."""


def payload_of(task: str, records: Records) -> dict[str, Any]:
    """Return what the job is told; handlers take what they need and leave the rest."""
    way = ASTRAY.get(task) or BY_AREA[task.partition(".")[0]]
    return {**way(records), "letter": f"drill:{task}:{records.number}"}
