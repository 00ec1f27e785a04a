"""A quote as its buyer sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import NoResultFound

from gifting.core.calendar import rome_date
from gifting.core.pricing import PricedDocument
from gifting.core.quote_lifecycle import QuoteAction, QuoteState
from gifting.core.roles import Role
from gifting.documents import queries as stored
from gifting.documents.queries import Document
from gifting.quotes import policy, queries
from gifting.quotes.documents.comparison import Change, compare
from gifting.quotes.documents.content import (
    HamperView,
    hamper_views,
    pictured,
    priced_document,
)
from gifting.quotes.documents.facts import QuoteFacts, facts_of
from gifting.quotes.models import Acceptance, Quote, QuoteRevision
from gifting.quotes.queries import Correspondent, Event, Message

_AS_ASKED = (QuoteState.REQUESTED, QuoteState.INFO_NEEDED)


@dataclass(frozen=True)
class RevisionEntry:
    """A revision in the list at the side."""

    number: int
    sent_at: datetime
    valid_until: date
    gross: Decimal
    is_current: bool
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class QuotePage(QuoteFacts):
    """Everything the buyer's page shows of a quote; nothing of our costs.

    `revision_number` None: nothing may be shown yet, the first offer is in preparation.
    `is_request`: the content is what the buyer asked for, at list prices, not an offer.
    `is_superseded`: the revision shown is an older one, to read only.
    `actions` are the moves this reader may make now.
    """

    state: QuoteState
    owner: Correspondent | None
    revision_number: int | None
    is_request: bool
    is_superseded: bool
    sent_at: datetime | None
    valid_until: date | None
    delivery_on: date | None
    payment_terms_days: int | None
    message: str
    pdf_sha256: str
    pdf: Document | None
    document: PricedDocument | None
    hampers: tuple[HamperView, ...]
    revisions: tuple[RevisionEntry, ...]
    compared_with: int | None
    changes: tuple[Change, ...]
    thread: tuple[Message, ...]
    history: tuple[Event, ...]
    question: str
    acceptance: Acceptance | None
    actions: frozenset[QuoteAction]

    @property
    def hours(self) -> int:
        """Estimated hours of work in everything."""
        return sum(hamper.hours for hamper in self.hampers)

    @property
    def makers(self) -> int:
        """How many producers are in it."""
        return len({line.maker for hamper in self.hampers for line in hamper.products})


def get_page(
    reference: str,
    *,
    company_id: int,
    role: Role,
    locale: str,
    now: datetime,
    number: int | None = None,
) -> QuotePage:
    """Return the page of a quote, on its current offer or on an older one by `number`.

    :raises NoResultFound: if the company has no such quote, or it was never sent that revision
    """
    quote = queries.get_quote(reference, company_id=company_id)
    revisions = queries.list_revisions(quote.id)
    sent = [revision for revision in revisions if revision.sent_at]
    shown = _choose(quote, revisions, sent, number)
    state = queries.shown_state(quote.state, sent[-1].valid_until if sent else None, now=now)
    is_offer = shown is not None and shown.sent_at is not None
    is_superseded = is_offer and shown is not sent[-1]
    earlier = [r for r in sent if shown and r.number < shown.number] if is_offer else []
    history = queries.list_events(quote)
    document = priced_document(shown, locale=locale) if shown else None
    pictures = pictured([shown], on=rome_date(now)) if shown else None
    return QuotePage(
        **facts_of(quote),
        state=state,
        owner=queries.get_correspondent(quote.owner_id) if quote.owner_id else None,
        revision_number=shown.number if shown else None,
        is_request=shown is not None and not is_offer,
        is_superseded=is_superseded,
        sent_at=shown.sent_at if shown else None,
        valid_until=shown.valid_until if shown and is_offer else None,
        delivery_on=shown.delivery_on if shown and is_offer else None,
        payment_terms_days=shown.payment_terms_days if shown and is_offer else None,
        message=shown.message if shown and is_offer else "",
        pdf_sha256=(shown.pdf_sha256 or "") if shown else "",
        pdf=stored.find(quote.subject, "offer", shown.number) if shown and is_offer else None,
        document=document,
        hampers=(
            hamper_views(shown, document, pictures, locale=locale)
            if shown and document and pictures
            else ()
        ),
        revisions=_entries(sent, shown),
        compared_with=earlier[-1].number if earlier else None,
        changes=compare(earlier[-1], shown, locale=locale) if earlier and shown else (),
        thread=tuple(queries.list_messages(quote.id)),
        history=tuple(history),
        question=_question(quote, history),
        acceptance=queries.find_acceptance(quote.id),
        actions=frozenset() if is_superseded else policy.VERBS.actions_for(state, role),
    )


def _choose(
    quote: Quote, revisions: list[QuoteRevision], sent: list[QuoteRevision], number: int | None
) -> QuoteRevision | None:
    """Pick the revision to show; what sales is still preparing is never it."""
    if number is not None:
        for revision in sent:
            if revision.number == number:
                return revision
        raise NoResultFound(f"{quote.reference} rev. {number}")
    if sent:
        return sent[-1]
    return revisions[0] if quote.state in _AS_ASKED else None


def _entries(sent: list[QuoteRevision], shown: QuoteRevision | None) -> tuple[RevisionEntry, ...]:
    return tuple(
        RevisionEntry(
            number=revision.number,
            sent_at=revision.sent_at,
            valid_until=revision.valid_until,
            gross=revision.gross_total,
            is_current=revision is sent[-1],
            is_shown=revision is shown,
        )
        for revision in reversed(sent)
        if revision.sent_at and revision.valid_until
    )


def _question(quote: Quote, history: list[Event]) -> str:
    """Return what sales asked and the buyer has not answered yet."""
    if quote.state is not QuoteState.INFO_NEEDED:
        return ""
    asked = [event for event in history if event.action == QuoteAction.ASK]
    return str(asked[-1].data.get("comment", "")) if asked else ""
