"""The same thing done to many quotes at once; one that cannot have it is passed over, with why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform import outbox
from gifting.quotes import queries
from gifting.quotes.models import Quote
from gifting.quotes.queries import OVER
from gifting.quotes.service.negotiation import assign

AT_ONCE = 100


class Passed(StrEnum):
    """Why a quote was passed over."""

    IS_THEIRS = "is_theirs"
    """The person follows it already."""
    IS_OVER = "is_over"
    """Nobody works on it any more."""
    NOT_OFFERED = "not_offered"
    """The buyer has no offer to answer."""
    REMINDED = "reminded"
    """The buyer was reminded of this offer today."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """References of what was done, and of what was passed over with why; in order."""

    done: tuple[str, ...]
    passed: tuple[tuple[str, Passed], ...]


def assign_many(
    references: Iterable[str], *, owner_id: int, actor_id: int, now: datetime
) -> Outcome:
    """Give open quotes to somebody of sales."""

    def give(quote: Quote) -> Passed | None:
        if quote.state in (*OVER, QuoteState.ACCEPTED):
            return Passed.IS_OVER
        if quote.owner_id == owner_id:
            return Passed.IS_THEIRS
        assign(quote, owner_id=owner_id, actor_id=actor_id, now=now)
        return None

    return _outcome((quote, give(quote)) for quote in _locked(references))


def remind_many(references: Iterable[str], *, now: datetime) -> Outcome:
    """Owe the buyers a letter about their open offers; at most one a day about each."""

    def remind(quote: Quote) -> Passed | None:
        offer = queries.find_offer(quote.id)
        if offer is None or quote.state not in queries.OFFERED:
            return Passed.NOT_OFFERED
        if queries.is_overdue(quote.state, offer.valid_until, now=now):
            return Passed.NOT_OFFERED
        key = f"{queries.REMINDER_TASK}:{offer.id}:on:{rome_date(now)}"
        if queries.is_owed(key):
            return Passed.REMINDED
        outbox.owe(
            queries.REMINDER_TASK, key=key, now=now, record_id=quote.id, revision_id=offer.id
        )
        return None

    return _outcome((quote, remind(quote)) for quote in _locked(references))


def _locked(references: Iterable[str]) -> Iterator[Quote]:
    """Lock quotes in one order, so that two who do this wait for each other and nothing worse."""
    for reference in sorted(set(references))[:AT_ONCE]:
        yield queries.lock_quote(reference, company_id=None)


def _outcome(results: Iterable[tuple[Quote, Passed | None]]) -> Outcome:
    told: Sequence[tuple[str, Passed | None]] = [(q.reference, why) for q, why in results]
    return Outcome(
        done=tuple(reference for reference, why in told if why is None),
        passed=tuple((reference, why) for reference, why in told if why is not None),
    )
