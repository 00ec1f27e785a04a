"""The life of a quote, from request to acceptance; whose move it is follows from the state."""

from collections.abc import Iterable
from enum import StrEnum

from gifting.core.lifecycle import Edge, Lifecycle


class QuoteState(StrEnum):
    REQUESTED = "requested"
    INFO_NEEDED = "info_needed"
    PREPARING = "preparing"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SENT = "sent"
    BUYER_REVIEW = "buyer_review"
    CHANGE_REQUESTED = "change_requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class QuoteAction(StrEnum):
    SUBMIT = "submit"
    ASK = "ask"
    ANSWER = "answer"
    REVISE = "revise"
    SUBMIT_FOR_REVIEW = "submit_for_review"
    RETURN_FOR_CHANGES = "return_for_changes"
    APPROVE = "approve"
    SEND = "send"
    ASK_CHANGE = "ask_change"
    REQUEST_APPROVAL = "request_approval"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


_SALES = frozenset({"sales"})
_BUYER = frozenset({"buyer"})
_EITHER = _SALES | _BUYER
_MANAGER = frozenset({"manager"})
_CLOCK = frozenset({"clock"})

LIVE_STATES = (
    QuoteState.REQUESTED,
    QuoteState.INFO_NEEDED,
    QuoteState.PREPARING,
    QuoteState.IN_REVIEW,
    QuoteState.APPROVED,
    QuoteState.SENT,
    QuoteState.BUYER_REVIEW,
    QuoteState.CHANGE_REQUESTED,
)
"""Before acceptance, with something left to withdraw: declined and expired quotes are over
already, until someone revises them."""


def _edge(
    source: QuoteState | None,
    action: QuoteAction,
    target: QuoteState,
    by: frozenset[str],
    *,
    emits: str = "",
    guard: str = "",
) -> Edge[QuoteState, QuoteAction]:
    return Edge(source, action, target, (emits,) if emits else (), by, guard)


def _edges() -> Iterable[Edge[QuoteState, QuoteAction]]:
    s, a = QuoteState, QuoteAction
    yield _edge(
        None,
        a.SUBMIT,
        s.REQUESTED,
        _BUYER,
        emits="quotes.notify_sales_of_request",
        guard="lines_fit_and_on_sale_and_email_confirmed",
    )
    yield _edge(
        s.REQUESTED, a.ASK, s.INFO_NEEDED, _SALES, emits="quotes.mail_question", guard="comment"
    )
    yield _edge(s.INFO_NEEDED, a.ANSWER, s.REQUESTED, _BUYER, emits="quotes.notify_sales_of_answer")
    for source in (s.REQUESTED, s.CHANGE_REQUESTED, s.SENT, s.EXPIRED, s.DECLINED):
        yield _edge(source, a.REVISE, s.PREPARING, _SALES)
    yield _edge(
        s.PREPARING,
        a.SUBMIT_FOR_REVIEW,
        s.IN_REVIEW,
        _SALES,
        emits="quotes.notify_manager",
        guard="rule_hit",
    )
    yield _edge(
        s.IN_REVIEW,
        a.RETURN_FOR_CHANGES,
        s.PREPARING,
        _MANAGER,
        emits="quotes.notify_author",
        guard="comment",
    )
    yield _edge(
        s.IN_REVIEW,
        a.APPROVE,
        s.APPROVED,
        _MANAGER,
        emits="quotes.notify_author",
        guard="not_the_author_and_content_as_submitted",
    )
    for source, guard in (
        (s.PREPARING, "no_rule_hit_and_ready_to_send"),
        (s.APPROVED, "content_as_approved_and_ready_to_send"),
    ):
        yield _edge(source, a.SEND, s.SENT, _SALES, emits="quotes.mail_offer", guard=guard)
    yield _edge(
        s.SENT,
        a.ASK_CHANGE,
        s.CHANGE_REQUESTED,
        _BUYER,
        emits="quotes.notify_sales_of_change",
        guard="reason",
    )
    yield _edge(
        s.SENT,
        a.REQUEST_APPROVAL,
        s.BUYER_REVIEW,
        _BUYER,
        emits="quotes.mail_approval_request",
        guard="company_spending_rule",
    )
    for source in (s.SENT, s.BUYER_REVIEW):
        yield _edge(
            source,
            a.ACCEPT,
            s.ACCEPTED,
            _EITHER,
            emits="quotes.notify_sales_of_acceptance",
            guard="current_revision_and_in_time_and_same_hash_and_holds_alive",
        )
        yield _edge(
            source,
            a.DECLINE,
            s.DECLINED,
            _BUYER,
            emits="quotes.notify_sales_of_decline",
            guard="reason",
        )
        yield _edge(
            source,
            a.EXPIRE,
            s.EXPIRED,
            _CLOCK,
            emits="quotes.mail_expired",
            guard="after_valid_until",
        )
    for source in LIVE_STATES:
        yield _edge(
            source,
            a.WITHDRAW,
            s.WITHDRAWN,
            _SALES,
            emits="quotes.mail_withdrawn",
            guard="reason",
        )
        yield _edge(
            source,
            a.CANCEL,
            s.WITHDRAWN,
            _BUYER,
            emits="quotes.notify_sales_of_cancel",
            guard="reason",
        )


QUOTE_LIFECYCLE = Lifecycle("quote", QuoteState.REQUESTED, tuple(_edges()))
