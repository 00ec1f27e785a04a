"""The table of the product's intent, row by row; everything else is refused."""

import pytest

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.quote_lifecycle import LIVE_STATES, QUOTE_LIFECYCLE, QuoteAction, QuoteState

ROWS = [
    ("requested", "ask", "info_needed", "sales"),
    ("info_needed", "answer", "requested", "buyer"),
    ("requested", "revise", "preparing", "sales"),
    ("change_requested", "revise", "preparing", "sales"),
    ("sent", "revise", "preparing", "sales"),
    ("expired", "revise", "preparing", "sales"),
    ("declined", "revise", "preparing", "sales"),
    ("preparing", "submit_for_review", "in_review", "sales"),
    ("in_review", "return_for_changes", "preparing", "manager"),
    ("in_review", "approve", "approved", "manager"),
    ("preparing", "send", "sent", "sales"),
    ("approved", "send", "sent", "sales"),
    ("sent", "ask_change", "change_requested", "buyer"),
    ("sent", "request_approval", "buyer_review", "buyer"),
    ("sent", "accept", "accepted", "buyer sales"),
    ("buyer_review", "accept", "accepted", "buyer sales"),
    ("sent", "decline", "declined", "buyer"),
    ("buyer_review", "decline", "declined", "buyer"),
    ("sent", "expire", "expired", "clock"),
    ("buyer_review", "expire", "expired", "clock"),
    *((state, "withdraw", "withdrawn", "sales") for state in LIVE_STATES),
    *((state, "cancel", "withdrawn", "buyer") for state in LIVE_STATES),
]
ALLOWED = {(source, action) for source, action, _, _ in ROWS}


class TestQuoteLifecycle:
    @pytest.mark.parametrize(("source", "action", "target", "by"), ROWS)
    def test_every_row_of_the_table_moves(
        self, source: str, action: str, target: str, by: str
    ) -> None:
        edge = QUOTE_LIFECYCLE.move(QuoteState(source), QuoteAction(action))

        assert edge.target == target
        assert edge.by == set(by.split())

    def test_every_other_move_is_refused(self) -> None:
        refused = 0
        for state in QuoteState:
            for action in QuoteAction:
                if (state, action) not in ALLOWED:
                    with pytest.raises(TransitionNotAllowed):
                        QUOTE_LIFECYCLE.move(state, action)
                    refused += 1

        assert refused == len(QuoteState) * len(QuoteAction) - len(ROWS)

    def test_only_submitting_creates_a_quote(self) -> None:
        assert QUOTE_LIFECYCLE.create(QuoteAction.SUBMIT).target is QUOTE_LIFECYCLE.initial
        for action in set(QuoteAction) - {QuoteAction.SUBMIT}:
            with pytest.raises(TransitionNotAllowed):
                QUOTE_LIFECYCLE.create(action)

    def test_every_state_is_reached_and_two_are_final(self) -> None:
        assert set(QUOTE_LIFECYCLE.states) == set(QuoteState)
        assert {state for state in QuoteState if QUOTE_LIFECYCLE.is_final(state)} == {
            QuoteState.ACCEPTED,
            QuoteState.WITHDRAWN,
        }

    def test_each_move_owes_its_message(self) -> None:
        owed = {(edge.action.value, edge.emits) for edge in QUOTE_LIFECYCLE.edges}

        assert owed == {
            ("submit", ("quotes.notify_sales_of_request",)),
            ("ask", ("quotes.mail_question",)),
            ("answer", ("quotes.notify_sales_of_answer",)),
            ("revise", ()),
            ("submit_for_review", ("quotes.notify_manager",)),
            ("return_for_changes", ("quotes.notify_author",)),
            ("approve", ("quotes.notify_author",)),
            ("send", ("quotes.mail_offer",)),
            ("ask_change", ("quotes.notify_sales_of_change",)),
            ("request_approval", ("quotes.mail_approval_request",)),
            ("accept", ("quotes.notify_sales_of_acceptance",)),
            ("decline", ("quotes.notify_sales_of_decline",)),
            ("expire", ("quotes.mail_expired",)),
            ("withdraw", ("quotes.mail_withdrawn",)),
            ("cancel", ("quotes.notify_sales_of_cancel",)),
        }
