"""A way to owe each job there is: one row for a handler, and it is drilled at every step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DATA = {
    "revision": 1,
    "hampers": 20,
    "comment": "Quando vi serve?",
    "reason": "Cambiamo idea",
    "body": "Una parola",
    "amount": "1.00",
}
"""All that the letters about an event read of it."""


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
    number: int

    def about(self, record_id: int, **more: Any) -> dict[str, Any]:
        return {"record_id": record_id, "event_id": self.event, **more}

    @property
    def letter(self) -> str:
        return f"drill:letter:{self.number}"


def _accounts(records: Records) -> dict[str, Any]:
    return {
        "record_id": records.person,
        "letter": records.letter,
        "email": "nuova@cartiera.example",
        "name": "Nuova Persona",
        "company": "Cartiera S.r.l.",
        "vat_number": "IT01234567897",
        "phone": "",
        "job_title": "",
        "locale": "it",
    }


def _quote(records: Records) -> dict[str, Any]:
    return records.about(records.quote, revision_id=records.revision, message_id=records.message)


def _order(records: Records) -> dict[str, Any]:
    return records.about(records.order)


def _invoice(records: Records) -> dict[str, Any]:
    return records.about(records.invoice)


BY_AREA: dict[str, Callable[[Records], dict[str, Any]]] = {
    "accounts": _accounts,
    "quotes": _quote,
    "orders": _order,
    "billing": _invoice,
}
NOT_DRILLED: dict[str, str] = {}
"""Jobs that no way leads to, each with the reason."""


def payload_of(task: str, records: Records) -> dict[str, Any]:
    """Return what the job is told; handlers take what they need and leave the rest."""
    return BY_AREA[task.partition(".")[0]](records)
