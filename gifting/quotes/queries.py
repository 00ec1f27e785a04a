"""Everything that reads quotes; a company sees its own and no other's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, selectinload

from gifting.accounts.models import Company, User
from gifting.catalogue import queries as catalogue
from gifting.catalogue.models import Product
from gifting.catalogue.queries import ExtraFacts, ProductFacts
from gifting.core.calendar import end_of_day_rome
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.platform.addresses import read_id, read_moment
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, OutboxMessage
from gifting.quotes.models import (
    Acceptance,
    Quote,
    QuoteHamper,
    QuoteMessage,
    QuoteRevision,
)

PAGE_SIZE = 25
RENDER_TASK = "quotes.render_and_send"
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
            Quote.state == QuoteState.SENT,
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
                Quote.state == QuoteState.SENT,
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


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Somebody letters go to."""

    id: int
    name: str
    email: str
    locale: str
    phone: str
    is_confirmed: bool

    @property
    def initials(self) -> str:
        return _initials(self.name)


_CORRESPONDENT = sa.select(
    User.id, User.name, User.email, User.locale, User.phone, User.email_confirmed_at.is_not(None)
)


def get_correspondent(user_id: int) -> Correspondent:
    """Return the person to write to."""
    row = db.session.execute(_CORRESPONDENT.where(User.id == user_id)).one()
    return Correspondent(*row)


def list_sales_for(quote: Quote) -> list[Correspondent]:
    """Return who answers for a quote: its owner, or all of sales while it has none."""
    query = _CORRESPONDENT.where(User.is_active).order_by(User.id)
    if quote.owner_id is not None:
        owner = [
            Correspondent(*row)
            for row in db.session.execute(query.where(User.id == quote.owner_id))
        ]
        if owner:
            return owner
    sales = query.where(User.role.in_((Role.SALES, Role.SALES_MANAGER)))
    return [Correspondent(*row) for row in db.session.execute(sales)]


def get_company(company_id: int) -> Company:
    """Return the company a paper is addressed to."""
    return db.session.get_one(Company, company_id)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a quote's history."""

    id: int
    happened_at: datetime
    actor_id: int | None
    actor_name: str
    is_staff: bool
    action: str
    source: str
    target: str
    data: dict[str, object]


def list_events(quote: Quote) -> list[Event]:
    """Return the history of a quote, oldest first, with names."""
    rows = db.session.execute(
        sa.select(
            EventLogEntry.id,
            EventLogEntry.happened_at,
            EventLogEntry.actor_id,
            sa.func.coalesce(User.name, ""),
            User.company_id.is_(None) & User.id.is_not(None),
            EventLogEntry.action,
            EventLogEntry.source,
            EventLogEntry.target,
            EventLogEntry.data,
        )
        .outerjoin(User, User.id == EventLogEntry.actor_id)
        .where(EventLogEntry.subject == quote.subject)
        .order_by(EventLogEntry.id)
    )
    return [Event(*row) for row in rows]


def find_last_event(quote: Quote, action: str) -> EventLogEntry | None:
    """Return the last time this happened to the quote."""
    return db.session.scalar(
        sa.select(EventLogEntry)
        .where(EventLogEntry.subject == quote.subject, EventLogEntry.action == action)
        .order_by(EventLogEntry.id.desc())
        .limit(1)
    )


def get_event(event_id: int) -> EventLogEntry:
    """Return the line of history a job is owed by."""
    return db.session.get_one(EventLogEntry, event_id)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the thread."""

    id: int
    author_id: int
    author_name: str
    author_initials: str
    is_staff: bool
    body: str
    written_at: datetime


def list_messages(quote_id: int) -> list[Message]:
    """Return the thread, oldest first."""
    rows = db.session.execute(
        sa.select(QuoteMessage, User.name, User.company_id)
        .join(User, User.id == QuoteMessage.author_id)
        .where(QuoteMessage.quote_id == quote_id)
        .order_by(QuoteMessage.id)
    )
    return [
        Message(
            id=message.id,
            author_id=message.author_id,
            author_name=name,
            author_initials=_initials(name),
            is_staff=company_id is None,
            body=message.body,
            written_at=message.written_at,
        )
        for message, name, company_id in rows
    ]


def get_message(message_id: int) -> QuoteMessage:
    """Return the message a letter is about."""
    return db.session.get_one(QuoteMessage, message_id)


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1]))[: len(words)].upper() if words else ""


class SendState(StrEnum):
    """Where the sending of a revision stands."""

    WAITING = "waiting"
    FAILING = "failing"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True)
class SendJob:
    """The job that renders and sends a revision; `error` is of its last attempt."""

    message_id: int
    state: SendState
    attempts: int
    error: str
    requested_at: datetime
    next_attempt_at: datetime


def send_key(revision: QuoteRevision) -> str:
    """Return the key of the job that sends this revision as it was when sending was asked for."""
    moment = revision.send_requested_at
    return f"{RENDER_TASK}:{revision.id}:{int(moment.timestamp() * 1000) if moment else 0}"


def find_send_job(revision: QuoteRevision) -> SendJob | None:
    """Return the sending that is under way, or None."""
    if revision.send_requested_at is None or revision.sent_at is not None:
        return None
    job = db.session.scalar(
        sa.select(OutboxMessage).where(
            OutboxMessage.key == send_key(revision), OutboxMessage.done_at.is_(None)
        )
    )
    if job is None:
        return None
    if job.gave_up_at is not None:
        state = SendState.GAVE_UP
    else:
        state = SendState.FAILING if job.last_error else SendState.WAITING
    return SendJob(
        message_id=job.id,
        state=state,
        attempts=job.attempts,
        error=job.last_error or "",
        requested_at=job.created_at,
        next_attempt_at=job.available_at,
    )


def list_failing_sends(revisions: Iterable[QuoteRevision]) -> frozenset[int]:
    """Return the ids of those revisions whose sending failed at its last attempt."""
    keys = {send_key(revision): revision.id for revision in revisions}
    if not keys:
        return frozenset()
    failing = db.session.scalars(
        sa.select(OutboxMessage.key).where(
            OutboxMessage.key.in_(keys),
            OutboxMessage.done_at.is_(None),
            OutboxMessage.last_error.is_not(None),
        )
    )
    return frozenset(keys[key] for key in failing)


def is_overdue(state: QuoteState, valid_until: date | None, *, now: datetime) -> bool:
    """Whether an offer's last valid day has ended at 24:00 in Rome, whatever its row still says."""
    return (
        state is QuoteState.SENT and valid_until is not None and now >= end_of_day_rome(valid_until)
    )


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


class QueueView(StrEnum):
    """The saved views of the sales queue."""

    TO_ANSWER = "to_answer"
    """Our move and not begun: requested, changes asked."""
    PREPARING = "preparing"
    """Our move and begun: in preparation, in review, approved."""
    UNASSIGNED = "unassigned"
    """Our move, and nobody's yet."""
    MINE = "mine"
    """Open quotes of the person asking."""
    WAITING = "waiting"
    """The buyer's move."""
    ACCEPTED = "accepted"
    CLOSED = "closed"
    """Declined, expired, withdrawn."""
    ALL = "all"


TO_BEGIN = (QuoteState.REQUESTED, QuoteState.CHANGE_REQUESTED)
BEGUN = (QuoteState.PREPARING, QuoteState.IN_REVIEW, QuoteState.APPROVED)
OUR_MOVE = (*TO_BEGIN, *BEGUN)
BUYERS_MOVE = (QuoteState.SENT, QuoteState.BUYER_REVIEW, QuoteState.INFO_NEEDED)
OVER = (QuoteState.DECLINED, QuoteState.EXPIRED, QuoteState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A quote in the sales queue. `net` is of the latest revision; `cost` comes with the margin.

    `is_email_confirmed` False: the answer clock waits for the buyer's confirmation.
    """

    id: int
    reference: str
    title: str
    state: QuoteState
    version: int
    company_name: str
    buyer_name: str
    is_email_confirmed: bool
    owner_id: int | None
    owner_name: str
    requested_at: datetime
    answer_due_at: datetime | None
    wanted_on: date | None
    valid_until: date | None
    seen_at: datetime | None
    revision: int
    hampers_count: int
    net: Decimal
    gross: Decimal
    margin_percent: Decimal | None
    is_sending: bool
    is_failing: bool
    """Its sending failed at the last attempt."""

    @property
    def owner_initials(self) -> str:
        return _initials(self.owner_name)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `next_after` is the cursor of the next one, None at the end."""

    rows: tuple[QueueRow, ...]
    next_after: str | None


def _due() -> sa.ColumnElement[datetime]:
    """Order of the queue: the answer due first, quotes without a deadline last."""
    return sa.func.coalesce(Quote.answer_due_at, sa.literal(_NEVER, type_=Quote.answer_due_at.type))


_NEVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def _in_view(view: QueueView, *, person_id: int) -> sa.ColumnElement[bool]:
    state = Quote.state
    mine = (Quote.owner_id == person_id) & state.in_((*OUR_MOVE, *BUYERS_MOVE))
    return {
        QueueView.TO_ANSWER: state.in_(TO_BEGIN),
        QueueView.PREPARING: state.in_(BEGUN),
        QueueView.UNASSIGNED: state.in_(OUR_MOVE) & Quote.owner_id.is_(None),
        QueueView.MINE: mine,
        QueueView.WAITING: state.in_(BUYERS_MOVE),
        QueueView.ACCEPTED: state == QuoteState.ACCEPTED,
        QueueView.CLOSED: state.in_(OVER),
        QueueView.ALL: sa.true(),
    }[view]


def count_queue(*, person_id: int) -> dict[QueueView, int]:
    """Count every view of the queue in one question."""
    counted = [
        sa.func.count().filter(_in_view(view, person_id=person_id)).label(view)
        for view in QueueView
    ]
    row = db.session.execute(sa.select(*counted).select_from(Quote)).one()
    return dict(zip(QueueView, row, strict=True))


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """What is open: answers that are late, and the net value of all open quotes."""

    late: int
    open_net: Decimal


def get_queue_summary(*, now: datetime) -> QueueSummary:
    """Sum up the open quotes in one question."""
    newer = aliased(QuoteRevision)
    latest = (
        sa.select(sa.func.max(newer.number))
        .where(newer.quote_id == Quote.id)
        .correlate(Quote)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(Quote.state.in_(OUR_MOVE) & (Quote.answer_due_at < now)),
            sa.func.coalesce(sa.func.sum(QuoteRevision.net_total), Decimal(0)),
        )
        .select_from(Quote)
        .join(
            QuoteRevision,
            (QuoteRevision.quote_id == Quote.id) & (QuoteRevision.number == latest),
        )
        .where(Quote.state.in_((*OUR_MOVE, *BUYERS_MOVE)))
    ).one()
    return QueueSummary(*row)


def list_queue(
    view: QueueView,
    *,
    person_id: int,
    search: str = "",
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> list[tuple[Quote, QuoteRevision, str, str, bool, str]]:
    """Return what `documents.get_queue` shows: one more than `limit` if there are more.

    Each with its latest revision, the names of company and buyer, whether the buyer's
    e-mail is confirmed, and the owner's name.
    """
    buyer, owner = aliased(User), aliased(User)
    newer = aliased(QuoteRevision)
    latest = (
        sa.select(sa.func.max(newer.number))
        .where(newer.quote_id == Quote.id)
        .correlate(Quote)
        .scalar_subquery()
    )
    due = _due()
    query = (
        sa.select(
            Quote,
            QuoteRevision,
            Company.name,
            buyer.name,
            buyer.email_confirmed_at.is_not(None),
            sa.func.coalesce(owner.name, ""),
        )
        .select_from(Quote)
        .join(
            QuoteRevision,
            (QuoteRevision.quote_id == Quote.id) & (QuoteRevision.number == latest),
        )
        .join(Company, Company.id == Quote.company_id)
        .join(buyer, buyer.id == Quote.requested_by_id)
        .outerjoin(owner, owner.id == Quote.owner_id)
        .where(_in_view(view, person_id=person_id))
        .options(*_WHOLE)
        .order_by(due, Quote.id)
        .limit(limit + 1)
    )
    if search:
        words = f"%{search.replace('%', '').replace('_', '')}%"
        query = query.where(
            Quote.reference.ilike(words) | Quote.title.ilike(words) | Company.name.ilike(words)
        )
    if after is not None:
        moment, quote_id = _read_cursor(after)
        query = query.where(sa.tuple_(due, Quote.id) > sa.tuple_(moment, quote_id))
    return [
        (quote, revision, company, person, is_confirmed, owner_name)
        for quote, revision, company, person, is_confirmed, owner_name in db.session.execute(query)
    ]


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    """Read where a page starts.

    :raises NoResultFound: if it is no cursor of ours
    """
    moment, _, quote_id = cursor.rpartition("~")
    try:
        return read_moment(moment), read_id(quote_id)
    except ValueError as error:
        raise NoResultFound(cursor) from error


def cursor_of(quote: Quote) -> str:
    """Write where the page after this quote starts."""
    return f"{(quote.answer_due_at or _NEVER).isoformat()}~{quote.id}"


def list_addable(text: str, *, on: date, limit: int = 8) -> list[ProductFacts | ExtraFacts]:
    """Find what can be put into a hamper by SKU or a part of its name; only what is on sale."""
    words = f"%{text.replace('%', '').replace('_', '')}%"
    ids = db.session.scalars(
        sa.select(Product.id)
        .where(
            Product.is_on_sale,
            Product.sku.ilike(words) | Product.name_it.ilike(words) | Product.name_en.ilike(words),
        )
        .order_by(Product.name_it, Product.id)
        .limit(limit * 2)
    ).all()
    products = catalogue.get_products(ids, on=on)
    sought = text.casefold()
    extras = [
        extra
        for extra in catalogue.list_extras()
        if any(sought in word.casefold() for word in (extra.sku, extra.name_it, extra.name_en))
    ]
    found: list[ProductFacts | ExtraFacts] = []
    found += [products[i] for i in ids if products[i].is_on_sale]
    found += extras
    return found[:limit]


def find_addable(sku: str, *, on: date) -> ProductFacts | ExtraFacts | None:
    """Return the product or extra on sale with this SKU, or None."""
    product = catalogue.get_products_by_sku([sku], on=on).get(sku)
    if product is not None:
        return product if product.is_on_sale else None
    return next((extra for extra in catalogue.list_extras() if extra.sku == sku), None)
