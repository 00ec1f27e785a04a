"""What the buyer's page and the office's show of the quote itself."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from gifting.quotes.models import DeliveryMode, Quote


@dataclass(frozen=True, kw_only=True)
class QuoteFacts:
    """A quote without its revisions, each field as the row has it."""

    id: int
    reference: str
    title: str
    version: int
    requested_at: datetime
    answer_due_at: datetime | None
    wanted_on: date | None
    delivery_mode: DeliveryMode
    delivery_note: str
    purchase_order_number: str
    notes: str
    seen_at: datetime | None


def facts_of(quote: Quote) -> dict[str, Any]:
    """Return the fields of `QuoteFacts`, by name."""
    return {field.name: getattr(quote, field.name) for field in fields(QuoteFacts)}
