"""The list of a company’s own quotes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from gifting.core.calendar import end_of_day_rome
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.db import db
from gifting.quotes.models import (
    Quote,
    QuoteHamper,
    QuoteRevision,
)
from gifting.quotes.queries.records import OFFERED

PAGE_SIZE = 25


def is_overdue(state: QuoteState, valid_until: date | None, *, now: datetime) -> bool:
    """Whether an offer's last valid day has ended at 24:00 in Rome, whatever its row still says."""
    return state in OFFERED and valid_until is not None and now >= end_of_day_rome(valid_until)


def shown_state(state: QuoteState, valid_until: date | None, *, now: datetime) -> QuoteState:
    """Return the state as it truly is at `now`: an overdue offer has expired."""
    return QuoteState.EXPIRED if is_overdue(state, valid_until, now=now) else state


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote in a buyer's list. Amounts are those of the last offer, None before the first."""

    id: int
    reference: str
    title: str
    state: QuoteState
    requested_at: datetime
    wanted_on: date | None
    hampers_count: int
    revision: int | None
    gross: Decimal | None
    valid_until: date | None
    answer_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuotePageOfRows:
    """A page of a list; `next_before` is where the next one starts, None at the end."""

    rows: tuple[QuoteRow, ...]
    next_before: int | None


def list_for_company(
    company_id: int, *, now: datetime, before: int | None = None, limit: int = PAGE_SIZE
) -> QuotePageOfRows:
    """Return a company's quotes, newest first, with the last offer's figures."""
    offer, any_revision = aliased(QuoteRevision), aliased(QuoteRevision)
    latest = (
        sa.select(sa.func.max(any_revision.number))
        .where(any_revision.quote_id == Quote.id)
        .correlate(Quote)
        .scalar_subquery()
    )
    pieces = (
        sa.select(sa.func.coalesce(sa.func.sum(QuoteHamper.quantity), 0))
        .join(any_revision, any_revision.id == QuoteHamper.revision_id)
        .where(any_revision.quote_id == Quote.id, any_revision.number == latest)
        .correlate(Quote)
        .scalar_subquery()
    )
    query = (
        sa.select(Quote, offer.number, offer.gross_total, offer.valid_until, pieces)
        .outerjoin(
            offer,
            (offer.quote_id == Quote.id)
            & offer.sent_at.is_not(None)
            & offer.superseded_at.is_(None),
        )
        .where(Quote.company_id == company_id)
        .order_by(Quote.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(Quote.id < before)
    found = [
        QuoteRow(
            id=quote.id,
            reference=quote.reference,
            title=quote.title,
            state=shown_state(quote.state, valid_until, now=now),
            requested_at=quote.requested_at,
            wanted_on=quote.wanted_on,
            hampers_count=count,
            revision=number,
            gross=gross,
            valid_until=valid_until,
            answer_due_at=quote.answer_due_at,
        )
        for quote, number, gross, valid_until, count in db.session.execute(query)
    ]
    rows = tuple(found[:limit])
    return QuotePageOfRows(rows, rows[-1].id if len(found) > limit else None)
