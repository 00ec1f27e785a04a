"""Quotes, revisions and acceptances: one of them, locked or to read."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import selectinload

from gifting.core.calendar import end_of_day_rome
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.quotes.models import (
    Acceptance,
    Quote,
    QuoteHamper,
    QuoteRevision,
)

REMINDER_TASK = "quotes.mail_reminder"
OFFERED = (QuoteState.SENT, QuoteState.BUYER_REVIEW)


def lock_quote(reference: str, *, company_id: int | None) -> Quote:
    """Return the quote, held until commit, with the company in the question.

    `company_id` None is for staff only.

    :raises NoResultFound: if there is none, or it is another company's
    """
    query = sa.select(Quote).where(Quote.reference == reference)
    if company_id is not None:
        query = query.where(Quote.company_id == company_id)
    return db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one()


def lock_quote_by_id(quote_id: int) -> Quote:
    """Return the quote of a job, held until commit."""
    return db.session.scalars(
        sa.select(Quote)
        .where(Quote.id == quote_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def get_quote(reference: str, *, company_id: int | None) -> Quote:
    """Return the quote to read; `company_id` None is for staff only.

    :raises NoResultFound: if there is none, or it is another company's
    """
    query = sa.select(Quote).where(Quote.reference == reference)
    if company_id is not None:
        query = query.where(Quote.company_id == company_id)
    return db.session.scalars(query).one()


def get_quote_by_id(quote_id: int) -> Quote:
    """Return the quote of a job."""
    return db.session.scalars(sa.select(Quote).where(Quote.id == quote_id)).one()


def find_submitted(submission_key: str) -> Quote | None:
    """Return the quote that this submission made, if it did."""
    return db.session.scalar(sa.select(Quote).where(Quote.submission_key == submission_key))


_WHOLE = (
    selectinload(QuoteRevision.hampers).selectinload(QuoteHamper.components),
    selectinload(QuoteRevision.charges),
)
_FRESH: dict[str, Any] = {"populate_existing": True}
"""What was read before the lock was taken is read again."""


def list_revisions(quote_id: int) -> list[QuoteRevision]:
    """Return every revision with its content, first to last."""
    return list(
        db.session.scalars(
            sa.select(QuoteRevision)
            .where(QuoteRevision.quote_id == quote_id)
            .options(*_WHOLE)
            .order_by(QuoteRevision.number)
        )
    )


def get_revision(revision_id: int) -> QuoteRevision:
    """Return a revision with its content."""
    return db.session.scalars(
        sa.select(QuoteRevision)
        .where(QuoteRevision.id == revision_id)
        .options(*_WHOLE)
        .execution_options(**_FRESH)
    ).one()


def find_draft(quote_id: int) -> QuoteRevision | None:
    """Return the revision being prepared, with its content."""
    return db.session.scalar(
        sa.select(QuoteRevision)
        .where(QuoteRevision.quote_id == quote_id, QuoteRevision.sent_at.is_(None))
        .options(*_WHOLE)
        .execution_options(**_FRESH)
    )


def get_draft(quote_id: int) -> QuoteRevision:
    """Return the revision being prepared, with its content.

    :raises NoResultFound: if there is none
    """
    draft = find_draft(quote_id)
    if draft is None:
        raise NoResultFound(f"quote {quote_id} has no draft")
    return draft


def find_offer(quote_id: int) -> QuoteRevision | None:
    """Return the revision that was sent last, with its content: what a buyer can accept."""
    return db.session.scalar(
        sa.select(QuoteRevision)
        .where(
            QuoteRevision.quote_id == quote_id,
            QuoteRevision.sent_at.is_not(None),
            QuoteRevision.superseded_at.is_(None),
        )
        .options(*_WHOLE)
        .execution_options(**_FRESH)
    )


def get_latest_revision(quote_id: int) -> QuoteRevision:
    """Return the revision with the highest number, sent or not, with its content."""
    return db.session.scalars(
        sa.select(QuoteRevision)
        .where(QuoteRevision.quote_id == quote_id)
        .options(*_WHOLE)
        .order_by(QuoteRevision.number.desc())
        .limit(1)
    ).one()


def find_acceptance(quote_id: int) -> Acceptance | None:
    """Return what bound the company, if it did."""
    return db.session.scalar(sa.select(Acceptance).where(Acceptance.quote_id == quote_id))


def list_overdue(*, now: datetime, limit: int = 500) -> list[int]:
    """Return the ids of quotes on offer whose last valid day is over in Rome."""
    sent = db.session.execute(
        sa.select(Quote.id, QuoteRevision.valid_until)
        .join(QuoteRevision, QuoteRevision.quote_id == Quote.id)
        .where(
            Quote.state.in_(OFFERED),
            QuoteRevision.sent_at.is_not(None),
            QuoteRevision.superseded_at.is_(None),
            QuoteRevision.valid_until <= now.date(),
        )
        .order_by(Quote.id)
        .limit(limit)
    )
    return [row.id for row in sent if now >= end_of_day_rome(row.valid_until)]


def list_unreminded(valid_until: date, *, days: int) -> list[QuoteRevision]:
    """Return the open offers with this last day whose reminder of so many days is not owed yet."""
    owed = sa.select(OutboxMessage.id).where(
        OutboxMessage.key == sa.func.concat(f"{REMINDER_TASK}:", QuoteRevision.id, f":{days}")
    )
    return list(
        db.session.scalars(
            sa.select(QuoteRevision)
            .join(Quote, Quote.id == QuoteRevision.quote_id)
            .where(
                Quote.state.in_(OFFERED),
                QuoteRevision.sent_at.is_not(None),
                QuoteRevision.superseded_at.is_(None),
                QuoteRevision.valid_until == valid_until,
                ~owed.exists(),
            )
            .order_by(QuoteRevision.id)
        )
    )


def reminder_key(revision_id: int, days: int) -> str:
    """Return the key of the job that reminds of an offer so many days before its end."""
    return f"{REMINDER_TASK}:{revision_id}:{days}"


def list_waiting_for_confirmation(user_id: int) -> list[Quote]:
    """Return the requests of a person whose answer clock has not started, held until commit."""
    return list(
        db.session.scalars(
            sa.select(Quote)
            .where(
                Quote.requested_by_id == user_id,
                Quote.state == QuoteState.REQUESTED,
                Quote.answer_due_at.is_(None),
            )
            .order_by(Quote.id)
            .with_for_update()
        )
    )
