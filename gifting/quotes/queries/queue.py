"""The queue of sales: whose move it is, and by when."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, selectinload

from gifting.accounts.models import Company, User
from gifting.accounts.queries import initials_of
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.addresses import read_id, read_moment
from gifting.platform.counting import count_few
from gifting.platform.db import UtcDateTime, db
from gifting.platform.finding import Page, each_way, find
from gifting.quotes.models import (
    DUE,
    Quote,
    QuoteHamper,
    QuoteRevision,
)
from gifting.quotes.queries.mine import PAGE_SIZE


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
OPEN = (*OUR_MOVE, *BUYERS_MOVE)
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
        return initials_of(self.owner_name)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `next_after` is the cursor of the next one, None at the end."""

    rows: tuple[QueueRow, ...]
    next_after: str | None


_DUE = sa.literal_column(DUE.replace("answer_due_at", "quote.answer_due_at"), UtcDateTime())
"""Order of the queue, written as its indexes are."""
_NEVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
_PERSON = sa.bindparam("person_id", type_=sa.Integer)
_NOW = sa.bindparam("now", type_=UtcDateTime)

_STATES = {
    QueueView.TO_ANSWER: TO_BEGIN,
    QueueView.PREPARING: BEGUN,
    QueueView.UNASSIGNED: OUR_MOVE,
    QueueView.MINE: OPEN,
    QueueView.WAITING: BUYERS_MOVE,
    QueueView.ACCEPTED: (QuoteState.ACCEPTED,),
    QueueView.CLOSED: OVER,
    QueueView.ALL: (),
}
_OWNED = {
    QueueView.UNASSIGNED: Quote.owner_id.is_(None),
    QueueView.MINE: Quote.owner_id == _PERSON,
}


def _ways(view: QueueView) -> list[sa.ColumnElement[bool]]:
    """Return a view state by state: within one, the quotes lie in the order of the queue."""
    owned = _OWNED.get(view, sa.true())
    return [owned & (Quote.state == state) for state in _STATES[view]] or [owned]


_COUNTS = sa.select(*(count_few(Quote.id, sa.or_(*_ways(view))) for view in QueueView))


def count_queue(*, person_id: int) -> dict[QueueView, int]:
    """Count every view of the queue in one question, a long one up to a bound."""
    counts = db.session.execute(_COUNTS, {"person_id": person_id}).one()
    return dict(zip(QueueView, counts, strict=True))


_Newer = aliased(QuoteRevision)
_IS_LATEST = (QuoteRevision.quote_id == Quote.id) & ~sa.exists().where(
    _Newer.quote_id == QuoteRevision.quote_id, _Newer.number > QuoteRevision.number
)


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """What is open: answers that are late, and the net value of all open quotes."""

    late: int
    open_net: Decimal


_SUMMARY = (
    sa.select(
        sa.func.count().filter(Quote.state.in_(OUR_MOVE) & (Quote.answer_due_at < _NOW)),
        sa.func.coalesce(sa.func.sum(QuoteRevision.net_total), Decimal(0)),
    )
    .select_from(Quote)
    .join(QuoteRevision, _IS_LATEST)
    .where(Quote.state.in_(OPEN))
)


def get_queue_summary(*, now: datetime) -> QueueSummary:
    """Sum up the open quotes in one question."""
    return QueueSummary(*db.session.execute(_SUMMARY, {"now": now}).one())


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
    moment, quote_id = (None, None) if after is None else _read_cursor(after)
    values = {"person_id": person_id, "moment": moment, "quote_id": quote_id}
    goes_on = after is not None
    if search:
        page = _page(limit, goes_on=goes_on).where(sa.or_(*_ways(view)))
        statement = _whole(page, _mentions(search, page), limit)
    else:
        statement = _listed(view, limit, goes_on=goes_on)
    rows = db.session.execute(statement, values)
    return [
        (quote, revision, company, person, is_confirmed, owner_name)
        for quote, revision, company, person, is_confirmed, owner_name in rows
    ]


_CURSOR = sa.tuple_(
    sa.bindparam("moment", type_=UtcDateTime), sa.bindparam("quote_id", type_=sa.Integer)
)
Listed = sa.Select[Quote, QuoteRevision, str, str, bool, str]


def _page(limit: int, *, goes_on: bool) -> Page:
    page = sa.select(Quote.id).order_by(_DUE, Quote.id).limit(limit + 1)
    return page.where(sa.tuple_(_DUE, Quote.id) > _CURSOR) if goes_on else page


@lru_cache(maxsize=32)
def _listed(view: QueueView, limit: int, *, goes_on: bool) -> Listed:
    """Put the question of a view together, once for all who ask it."""
    return _whole(_page(limit, goes_on=goes_on), _ways(view), limit)


def _whole(page: Page, ways: list[sa.ColumnElement[bool]], limit: int) -> Listed:
    buyer, owner = aliased(User), aliased(User)
    return (
        sa.select(
            Quote,
            QuoteRevision,
            Company.name,
            buyer.name,
            buyer.email_confirmed_at.is_not(None),
            sa.func.coalesce(owner.name, ""),
        )
        .select_from(Quote)
        .join(QuoteRevision, _IS_LATEST)
        .join(Company, Company.id == Quote.company_id)
        .join(buyer, buyer.id == Quote.requested_by_id)
        .outerjoin(owner, owner.id == Quote.owner_id)
        .where(Quote.id.in_(each_way(page, ways)))
        .options(selectinload(QuoteRevision.hampers).joinedload(QuoteHamper.components))
        .order_by(_DUE, Quote.id)
        .limit(limit + 1)
    )


def _mentions(text: str, page: Page) -> list[sa.ColumnElement[bool]]:
    """Say where a text may be; a whole number is found however far the quote lies."""
    joined = page.join(Company, Company.id == Quote.company_id)
    columns = (Quote.reference, Quote.title, Company.name)
    return [Quote.id.in_(find(joined, text, columns)), Quote.reference == text.upper()]


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
