"""The moves of a negotiation that change no content: ask, answer, revise, refuse, expire, write."""

from datetime import date, datetime, timedelta
from typing import Any

from gifting.core.calendar import add_business_hours, business_hours_between, rome_date
from gifting.core.lifecycle import MoveRefused, TransitionNotAllowed
from gifting.core.pricing import PricedDocument
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction, QuoteState
from gifting.platform import outbox, settings, transitions
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.documents import priced_document
from gifting.quotes.models import (
    Quote,
    QuoteCharge,
    QuoteComponent,
    QuoteHamper,
    QuoteMessage,
    QuoteRevision,
)

SAME_MESSAGE = timedelta(minutes=10)


class ReasonMissing(Exception):
    """A move that is not made without a word of explanation."""


class QuoteExpired(TransitionNotAllowed):
    """The offer's last valid day is over in Rome, whatever its row still says."""

    def __init__(self, action: QuoteAction) -> None:
        super().__init__(QuoteState.EXPIRED, action)


class NewerOfferExists(MoveRefused):
    """The revision that was read is no longer the current one."""

    def __init__(self, quote: Quote, current: int) -> None:
        super().__init__(f"{quote.reference} rev. {current}")
        self.current = current


def ask(quote: Quote, *, actor_id: int, comment: str, now: datetime) -> None:
    """Ask the buyer for something that is missing; the answer clock stops.

    :raises ReasonMissing: if the comment is empty
    :raises TransitionNotAllowed: if the quote is not a fresh request
    """
    comment = _words(comment)
    due_at = quote.answer_due_at
    left = None if due_at is None else business_hours_between(now, due_at)
    QUOTE_LIFECYCLE.move(quote.state, QuoteAction.ASK)
    quote.answer_due_at = None
    _own(quote, actor_id)
    _apply(quote, QuoteAction.ASK, actor_id, now, {"comment": comment, "hours_left": left})
    _write(quote, author_id=actor_id, body=comment, now=now)


def answer(quote: Quote, *, actor_id: int, body: str, now: datetime) -> None:
    """Answer what sales asked; the clock runs on with the hours it had left.

    :raises ReasonMissing: if the answer is empty
    :raises TransitionNotAllowed: if nothing was asked
    """
    body = _words(body)
    QUOTE_LIFECYCLE.move(quote.state, QuoteAction.ANSWER)
    asked = queries.find_last_event(quote, QuoteAction.ASK)
    left = asked.data.get("hours_left") if asked else None
    hours = settings.current().answer_hours if left is None else left
    quote.answer_due_at = add_business_hours(now, hours)
    _apply(quote, QuoteAction.ANSWER, actor_id, now)
    _write(quote, author_id=actor_id, body=body, now=now)


def revise(quote: Quote, *, actor_id: int, now: datetime) -> QuoteRevision:
    """Open the content for sales: the request itself, or a copy of the last offer as n + 1.

    The copy takes over prices, costs and VAT as they stand; the price list is not read.

    :raises TransitionNotAllowed: if the state has no such move
    """
    QUOTE_LIFECYCLE.move(quote.state, QuoteAction.REVISE)
    draft = queries.find_draft(quote.id)
    if draft is None:
        draft = _copy(queries.get_latest_revision(quote.id), actor_id=actor_id, now=now)
        db.session.add(draft)
    days = timedelta(days=settings.current().offer_validity_days)
    usual = rome_date(now) + days
    draft.valid_until = max(draft.valid_until or usual, usual)
    _own(quote, actor_id)
    _apply(quote, QuoteAction.REVISE, actor_id, now, {"revision": draft.number})
    return draft


def ask_change(
    quote: Quote, *, revision_number: int, actor_id: int, reason: str, now: datetime
) -> None:
    """Say what should be different in the offer that was read; sales has the usual hours.

    :raises ReasonMissing: if the reason is empty
    :raises QuoteExpired, TransitionNotAllowed, NewerOfferExists: if it does not wait for an answer
    """
    reason = _words(reason)
    expect_offer(quote, QuoteAction.ASK_CHANGE, revision_number=revision_number, now=now)
    quote.answer_due_at = add_business_hours(now, settings.current().answer_hours)
    _apply(quote, QuoteAction.ASK_CHANGE, actor_id, now, {"reason": reason})
    _write(quote, author_id=actor_id, body=reason, now=now)


def decline(
    quote: Quote, *, revision_number: int, actor_id: int, reason: str, now: datetime
) -> None:
    """Refuse the offer that was read.

    :raises ReasonMissing: if the reason is empty
    :raises QuoteExpired, TransitionNotAllowed, NewerOfferExists: if it does not wait for an answer
    """
    expect_offer(quote, QuoteAction.DECLINE, revision_number=revision_number, now=now)
    _end(quote, QuoteAction.DECLINE, actor_id=actor_id, reason=reason, now=now)


def cancel(quote: Quote, *, actor_id: int, reason: str, now: datetime) -> None:
    """Take the request back, as its buyer.

    :raises ReasonMissing: if the reason is empty
    :raises TransitionNotAllowed: if it is over already
    """
    _end(quote, QuoteAction.CANCEL, actor_id=actor_id, reason=reason, now=now)


def withdraw(quote: Quote, *, actor_id: int, reason: str, now: datetime) -> None:
    """Take the quote back, as sales.

    :raises ReasonMissing: if the reason is empty
    :raises TransitionNotAllowed: if it is over already
    """
    _end(quote, QuoteAction.WITHDRAW, actor_id=actor_id, reason=reason, now=now)


def expire_due(*, now: datetime) -> int:
    """Expire every offer whose last day is over in Rome and tell how many there were."""
    expired = 0
    for quote_id in queries.list_overdue(now=now):
        expired += bring_up_to_date(queries.lock_quote_by_id(quote_id), now=now)
    return expired


def owe_reminders(*, valid_until: date, now: datetime) -> None:
    """Owe a letter about every offer whose last day this is; asking again owes nothing new."""
    days = (valid_until - rome_date(now)).days
    for offer in queries.list_unreminded(valid_until, days=days):
        outbox.owe(
            queries.REMINDER_TASK,
            key=queries.reminder_key(offer.id, days),
            now=now,
            record_id=offer.quote_id,
            revision_id=offer.id,
        )


def bring_up_to_date(quote: Quote, *, now: datetime) -> bool:
    """Expire a locked quote if its offer is over; tell whether it did."""
    offer = queries.find_offer(quote.id) if quote.state in queries.OFFERED else None
    if offer is None or not queries.is_overdue(quote.state, offer.valid_until, now=now):
        return False
    quote.answer_due_at = None
    _apply(quote, QuoteAction.EXPIRE, None, now, {"revision": offer.number})
    return True


def expect_offer(
    quote: Quote, action: QuoteAction, *, revision_number: int, now: datetime
) -> QuoteRevision:
    """Return the offer of a locked quote if it is the one that was read and waits for this answer.

    :raises QuoteExpired: if its last valid day is over in Rome
    :raises TransitionNotAllowed: if the state has no such move
    :raises NewerOfferExists: if another revision is the current one
    """
    offer = queries.find_offer(quote.id)
    valid_until = offer.valid_until if offer else None
    if queries.shown_state(quote.state, valid_until, now=now) is QuoteState.EXPIRED:
        raise QuoteExpired(action)
    QUOTE_LIFECYCLE.move(quote.state, action)
    if offer is None:
        raise TransitionNotAllowed(quote.state, action)
    if offer.number != revision_number:
        raise NewerOfferExists(quote, offer.number)
    return offer


def post_message(
    quote: Quote, *, author_id: int, is_staff: bool, body: str, now: datetime
) -> QuoteMessage:
    """Write in the thread of a locked quote, in any state; the other side gets a letter.

    The same words from the same person within ten minutes are a form sent again: they count once.

    :raises ReasonMissing: if there are no words
    """
    words = _words(body)
    sent = queries.find_message(quote.id, author_id, words, since=now - SAME_MESSAGE)
    if sent is not None:
        return sent
    message = _write(quote, author_id=author_id, body=words, now=now)
    task = "quotes.mail_message" if is_staff else "quotes.notify_sales_of_message"
    outbox.owe(task, key=f"{task}:{message.id}", now=now, record_id=quote.id, message_id=message.id)
    return message


def mark_seen(quote: Quote, *, actor_id: int, now: datetime) -> None:
    """Note that the buyer opened the offer, the first time only."""
    if quote.state not in queries.OFFERED or quote.seen_at is not None:
        return
    quote.seen_at = now
    transitions.log(quote.subject, "seen", actor_id=actor_id, now=now)
    db.session.flush()


def assign(quote: Quote, *, owner_id: int | None, actor_id: int, now: datetime) -> None:
    """Give the quote to somebody of sales, or back to all of them."""
    if quote.owner_id == owner_id:
        return
    quote.owner_id = owner_id
    transitions.log(
        quote.subject, "assigned", actor_id=actor_id, now=now, data={"owner_id": owner_id}
    )
    db.session.flush()


def copy_totals(revision: QuoteRevision) -> PricedDocument:
    """Write the core's totals into the revision's row."""
    document = priced_document(revision)
    revision.net_total = document.net
    revision.vat_total = document.vat
    revision.gross_total = document.gross
    return document


def _own(quote: Quote, actor_id: int) -> None:
    """Whoever takes up a quote that is nobody's becomes its owner."""
    if quote.owner_id is None:
        quote.owner_id = actor_id


def _end(quote: Quote, action: QuoteAction, *, actor_id: int, reason: str, now: datetime) -> None:
    reason = _words(reason)
    QUOTE_LIFECYCLE.move(quote.state, action)
    quote.answer_due_at = None
    _apply(quote, action, actor_id, now, {"reason": reason})


def _apply(
    quote: Quote,
    action: QuoteAction,
    actor_id: int | None,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    transitions.apply(quote, QUOTE_LIFECYCLE, action, actor_id=actor_id, now=now, data=data)


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise ReasonMissing
    return words


def _write(quote: Quote, *, author_id: int, body: str, now: datetime) -> QuoteMessage:
    message = QuoteMessage(quote_id=quote.id, author_id=author_id, body=body, written_at=now)
    db.session.add(message)
    db.session.flush()
    return message


def _copy(source: QuoteRevision, *, actor_id: int, now: datetime) -> QuoteRevision:
    """Copy a revision as the next draft, every figure as it stands."""
    draft = QuoteRevision(
        quote_id=source.quote_id,
        number=source.number + 1,
        created_at=now,
        created_by_id=actor_id,
        valid_until=source.valid_until,
        payment_terms_days=source.payment_terms_days,
        delivery_on=source.delivery_on,
        message="",
        internal_note=source.internal_note,
        hampers=[_copy_hamper(hamper) for hamper in source.hampers],
        charges=[
            QuoteCharge(position=c.position, description=c.description, net=c.net)
            for c in source.charges
        ],
    )
    copy_totals(draft)
    return draft


_COMPONENT_COLUMNS = tuple(
    column.key
    for column in QuoteComponent.__table__.columns
    if column.key not in {"id", "hamper_id"}
)


def _copy_hamper(source: QuoteHamper) -> QuoteHamper:
    return QuoteHamper(
        position=source.position,
        name=source.name,
        quantity=source.quantity,
        own_unit_net=source.own_unit_net,
        work_minutes=source.work_minutes,
        box_sku=source.box_sku,
        components=[
            QuoteComponent(**{name: getattr(row, name) for name in _COMPONENT_COLUMNS})
            for row in source.components
        ],
    )
