"""Sending in two steps: sales asks for it, a worker makes the paper and sends it.

Between the two the draft is closed to changes, so that what is on paper is what was checked.
"""

from datetime import datetime
from enum import StrEnum

from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction
from gifting.platform import outbox, transitions
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.documents import priced_document
from gifting.quotes.models import Quote, QuoteRevision


class SendProblem(StrEnum):
    """What an offer still lacks."""

    NOT_PRICED = "not_priced"
    """A component, named, has no price."""
    NOTHING_TO_PAY = "nothing_to_pay"
    NO_VALIDITY = "no_validity"
    VALIDITY_PAST = "validity_past"


class OfferNotReady(Exception):
    """The draft cannot be sent; `problems` are what it lacks, each with the name it is about."""

    def __init__(self, problems: tuple[tuple[SendProblem, str], ...]) -> None:
        super().__init__(", ".join(f"{problem} {name}".strip() for problem, name in problems))
        self.problems = problems


def request_send(quote: Quote, *, actor_id: int, now: datetime) -> QuoteRevision:
    """Close the draft and owe its sending. Asking again while it is under way changes nothing.

    :raises OfferNotReady: naming everything that is missing
    :raises TransitionNotAllowed: if the state has no such move
    """
    QUOTE_LIFECYCLE.move(quote.state, QuoteAction.SEND)
    draft = queries.get_draft(quote.id)
    if draft.send_requested_at is not None:
        return draft
    _check_ready(draft, now=now)
    draft.send_requested_at = now
    draft.send_requested_by_id = actor_id
    transitions.log(
        quote.subject, "send_requested", actor_id=actor_id, now=now, data={"revision": draft.number}
    )
    db.session.flush()
    outbox.owe(
        queries.RENDER_TASK,
        key=queries.send_key(draft),
        now=now,
        record_id=quote.id,
        revision_id=draft.id,
    )
    return draft


def retry_send(quote: Quote, *, now: datetime) -> bool:
    """Make a sending that failed due again; tell whether there was one."""
    draft = queries.find_draft(quote.id)
    job = queries.find_send_job(draft) if draft else None
    return job is not None and outbox.retry(job.message_id, now=now)


def resume_editing(quote: Quote, *, actor_id: int, now: datetime) -> None:
    """Take the sending back and open the draft again; its job will find nothing to do."""
    draft = queries.find_draft(quote.id)
    if draft is None or draft.send_requested_at is None:
        return
    draft.send_requested_at = None
    draft.send_requested_by_id = None
    transitions.log(
        quote.subject, "send_stopped", actor_id=actor_id, now=now, data={"revision": draft.number}
    )
    db.session.flush()


def finish_sending(
    quote: Quote, revision: QuoteRevision, *, pdf_sha256: str, now: datetime
) -> None:
    """Freeze the revision as sent, put the older one behind it, and owe the letter.

    :raises OfferNotReady: if its validity ran out before it was sent
    :raises TransitionNotAllowed: if the quote has moved on
    """
    _check_ready(revision, now=now)
    QUOTE_LIFECYCLE.move(quote.state, QuoteAction.SEND)
    older = queries.find_offer(quote.id)
    if older is not None:
        older.superseded_at = now
    revision.sent_at = now
    revision.pdf_sha256 = pdf_sha256
    quote.seen_at = None
    quote.answer_due_at = None
    transitions.apply(
        quote,
        QUOTE_LIFECYCLE,
        QuoteAction.SEND,
        actor_id=revision.send_requested_by_id,
        now=now,
        data={"revision": revision.number, "pdf_sha256": pdf_sha256},
    )


def list_problems(draft: QuoteRevision, *, now: datetime) -> tuple[tuple[SendProblem, str], ...]:
    """List what the draft lacks to be sent, each with the name it is about; empty if nothing."""
    problems = [
        (SendProblem.NOT_PRICED, component.name_it)
        for hamper in draft.hampers
        for component in hamper.components
        if not component.list_net and hamper.own_unit_net is None
    ]
    if priced_document(draft).net <= 0:
        problems.append((SendProblem.NOTHING_TO_PAY, ""))
    if draft.valid_until is None:
        problems.append((SendProblem.NO_VALIDITY, ""))
    elif draft.valid_until < rome_date(now):
        problems.append((SendProblem.VALIDITY_PAST, ""))
    return tuple(problems)


def _check_ready(draft: QuoteRevision, *, now: datetime) -> None:
    problems = list_problems(draft, now=now)
    if problems:
        raise OfferNotReady(problems)
