"""The queue of sales: whose move it is, and by when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, selectinload

from gifting.accounts.models import Company, User
from gifting.accounts.queries import initials_of
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.addresses import read_amount, read_id, read_moment
from gifting.platform.counting import count_few
from gifting.platform.db import UtcDateTime, db
from gifting.platform.finding import SEARCHED, Page, each_way, find, has_text
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


class QueueOrder(StrEnum):
    """The columns by which the queue can lie, as addresses name them."""

    DUE = "scadenza"
    CLIENT = "cliente"
    STATE = "stato"
    HAMPERS = "cesti"
    GROSS = "totale"
    WANTED = "consegna"
    OWNER = "chi"


NOBODY = 0
"""The owner of quotes that are nobody's."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What part of the queue is asked for, and how it lies.

    `owner_id` None: whoever's, `NOBODY`: nobody's yet. `wanted_by`: the last day of delivery.
    """

    view: QueueView = QueueView.TO_ANSWER
    search: str = ""
    owner_id: int | None = None
    state: QuoteState | None = None
    wanted_by: date | None = None
    order: QueueOrder = QueueOrder.DUE
    is_descending: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether no index has this order: then only the most recent quotes are looked at."""
        return self.order is not QueueOrder.DUE or self.wanted_by is not None


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


def list_states(view: QueueView) -> tuple[QuoteState, ...]:
    """Return the states that a view shows."""
    return _STATES[view] or tuple(QuoteState)


def _owned(wanted: QueueFilter) -> sa.ColumnElement[bool]:
    """Say whose quotes are asked for."""
    asked = NOBODY if wanted.view is QueueView.UNASSIGNED else wanted.owner_id
    of_view = Quote.owner_id == _PERSON if wanted.view is QueueView.MINE else sa.true()
    of_owner = {None: sa.true(), NOBODY: Quote.owner_id.is_(None)}.get(
        asked, Quote.owner_id == asked
    )
    return of_view & of_owner


def _ways(wanted: QueueFilter) -> list[sa.ColumnElement[bool]]:
    """Return a view state by state: within one, the quotes lie in the order of the queue."""
    owned = _owned(wanted)
    if wanted.state is not None and wanted.state not in list_states(wanted.view):
        return [sa.false()]
    states = _STATES[wanted.view] if wanted.state is None else (wanted.state,)
    return [owned & (Quote.state == state) for state in states] or [owned]


_COUNTS = sa.select(*(count_few(Quote.id, sa.or_(*_ways(QueueFilter(view)))) for view in QueueView))


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


def count_open() -> int:
    """Count the quotes on which somebody has still to move, up to a bound."""
    is_open = Quote.state.in_(OPEN)
    return int(db.session.scalar(sa.select(count_few(Quote.id, is_open))) or 0)


def get_newest_id() -> int:
    """Return the number of the row that came last; 0 if there is none."""
    return int(db.session.scalar(sa.select(sa.func.max(Quote.id))) or 0)


def count_newer(wanted: QueueFilter, *, person_id: int, than_id: int) -> int:
    """Count what has come into this part of the queue since the row of that number, bounded."""
    ways = sa.or_(*_ways(wanted))
    question = sa.select(count_few(Quote.id, ways, Quote.id > than_id))
    return int(db.session.scalar(question, {"person_id": person_id}) or 0)


_Buyer, _Owner = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True)
class _Key:
    """What the queue lies by: never NULL; `read` takes a value back from a cursor."""

    column: sa.ColumnElement[Any]
    read: Callable[[str], Any]


_HAMPERS = (
    sa.select(sa.func.coalesce(sa.func.sum(QuoteHamper.quantity), 0))
    .where(QuoteHamper.revision_id == QuoteRevision.id)
    .correlate(QuoteRevision)
    .scalar_subquery()
)
_KEYS = {
    QueueOrder.DUE: _Key(_DUE, read_moment),
    QueueOrder.CLIENT: _Key(sa.func.lower(Company.name), str),
    QueueOrder.STATE: _Key(
        sa.case({state: place for place, state in enumerate(QuoteState)}, value=Quote.state),
        read_id,
    ),
    QueueOrder.HAMPERS: _Key(_HAMPERS, read_id),
    QueueOrder.GROSS: _Key(QuoteRevision.__table__.c.gross_total, read_amount),
    QueueOrder.WANTED: _Key(
        sa.func.coalesce(Quote.wanted_on, sa.literal(date.max)), date.fromisoformat
    ),
    QueueOrder.OWNER: _Key(sa.func.lower(sa.func.coalesce(_Owner.name, "")), str),
}
QueueFound = tuple[Quote, QuoteRevision, str, str, bool, str, Any]
_Listed = sa.Select[Quote, QuoteRevision, str, str, bool, str, Any]


def list_queue(
    wanted: QueueFilter, *, person_id: int, after: str | None = None, limit: int = PAGE_SIZE
) -> list[QueueFound]:
    """Return what `documents.get_queue` shows: one more than `limit` if there are more.

    Each with its latest revision, the names of company and buyer, whether the buyer's
    e-mail is confirmed, the owner's name, and the value it lies by.

    :raises NoResultFound: if `after` is no cursor of this order
    """
    start, quote_id = (None, None) if after is None else _read_cursor(after, wanted.order)
    values = {"person_id": person_id, "start": start, "quote_id": quote_id}
    put_together = _statement if wanted.search else _listed
    rows = db.session.execute(put_together(wanted, limit, goes_on=after is not None), values)
    return [tuple(row) for row in rows]


def _statement(wanted: QueueFilter, limit: int, *, goes_on: bool) -> _Listed:
    page = _page(wanted, limit, goes_on=goes_on)
    ids = _among_recent(wanted, page) if wanted.is_bounded else _in_order(wanted, page)
    return _whole(wanted, ids, limit)


_listed = lru_cache(maxsize=64)(_statement)
"""The question of a part of the queue, put together once for all who ask it."""


def _order(wanted: QueueFilter) -> list[sa.ColumnElement[Any]]:
    columns = (_KEYS[wanted.order].column, Quote.id)
    return [one.desc() if wanted.is_descending else one.asc() for one in columns]


def _page(wanted: QueueFilter, limit: int, *, goes_on: bool) -> Page:
    column = _KEYS[wanted.order].column
    page = sa.select(Quote.id).order_by(*_order(wanted)).limit(limit + 1)
    if not goes_on:
        return page
    start = sa.tuple_(
        sa.bindparam("start", type_=column.type), sa.bindparam("quote_id", type_=sa.Integer)
    )
    place = sa.tuple_(column, Quote.id)
    return page.where(place < start if wanted.is_descending else place > start)


def _joined(query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """Join what the queue may lie by: the latest revision, the company, the owner."""
    return (
        query.join(QuoteRevision, _IS_LATEST)
        .join(Company, Company.id == Quote.company_id)
        .outerjoin(_Owner, _Owner.id == Quote.owner_id)
    )


def _in_order(wanted: QueueFilter, page: Page) -> Any:
    """Return the ids of a page as its index has them."""
    ways = _ways(wanted)
    if not wanted.search:
        return each_way(page, ways)
    page = page.where(sa.or_(*ways))
    return each_way(page, _mentions(wanted.search, page))


def _among_recent(wanted: QueueFilter, page: Page) -> Any:
    """Return the ids of a page that no index has in order, of the most recent quotes."""
    recent = sa.select(Quote.id).order_by(_DUE.desc(), Quote.id.desc()).limit(SEARCHED)
    page = _joined(page).where(Quote.id.in_(each_way(recent, _ways(wanted))))
    if wanted.wanted_by is not None:
        page = page.where(Quote.wanted_on <= wanted.wanted_by)
    if wanted.search:
        page = page.where(has_text(wanted.search, _TEXTS))
    return sa.select(page.subquery())


def _whole(wanted: QueueFilter, ids: Any, limit: int) -> _Listed:
    query = sa.select(
        Quote,
        QuoteRevision,
        Company.name,
        _Buyer.name,
        _Buyer.email_confirmed_at.is_not(None),
        sa.func.coalesce(_Owner.name, ""),
        _KEYS[wanted.order].column,
    ).select_from(Quote)
    return (
        _joined(query)
        .join(_Buyer, _Buyer.id == Quote.requested_by_id)
        .where(Quote.id.in_(ids))
        .options(selectinload(QuoteRevision.hampers).joinedload(QuoteHamper.components))
        .order_by(*_order(wanted))
        .limit(limit + 1)
    )


_TEXTS: tuple[sa.SQLColumnExpression[Any], ...] = (Quote.reference, Quote.title, Company.name)


def _mentions(text: str, page: Page) -> list[sa.ColumnElement[bool]]:
    """Say where a text may be; a whole number is found however far the quote lies."""
    joined = page.join(Company, Company.id == Quote.company_id)
    return [Quote.id.in_(find(joined, text, _TEXTS)), Quote.reference == text.upper()]


def _read_cursor(cursor: str, order: QueueOrder) -> tuple[Any, int]:
    """Read where a page starts.

    :raises NoResultFound: if it is no cursor of ours
    """
    value, _, quote_id = cursor.rpartition("~")
    try:
        return _KEYS[order].read(value), read_id(quote_id)
    except ValueError as error:
        raise NoResultFound(cursor) from error


def cursor_of(found: QueueFound) -> str:
    """Write where the page after this row starts."""
    value = found[-1]
    written = value.isoformat() if isinstance(value, date) else str(value)
    return f"{written}~{found[0].id}"
