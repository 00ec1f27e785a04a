"""Who may reach the routes of the quotes slice, and who may make which move."""

from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction
from gifting.core.roles import ANYONE, COMPANY, SALES, Role, Roles
from gifting.core.verbs import Verb, VerbTable

DECIDERS: Roles = frozenset({Role.BUYER, Role.APPROVER})
BUYERS: Roles = frozenset({Role.BUYER})

_A = QuoteAction
_APPROVAL = "the approval rules"

VERBS = VerbTable(
    QUOTE_LIFECYCLE,
    (
        Verb(_A.SUBMIT, "buyer", "quotes.request_form", ANYONE, repeats=True),
        Verb(_A.ANSWER, "buyer", "quotes.answer", BUYERS),
        Verb(_A.ASK_CHANGE, "buyer", "quotes.ask_change", DECIDERS),
        Verb(_A.ACCEPT, "buyer", "orders.accept", DECIDERS, repeats=True),
        Verb(_A.ACCEPT, "sales", "orders.accept_on_behalf", SALES, repeats=True),
        Verb(_A.DECLINE, "buyer", "quotes.decline", DECIDERS),
        Verb(_A.CANCEL, "buyer", "quotes.cancel", BUYERS),
        Verb(_A.ASK, "sales", "quotes.ask", SALES),
        Verb(_A.REVISE, "sales", "quotes.revise", SALES),
        Verb(_A.SEND, "sales", "quotes.request_send", SALES, page="quotes.send"),
        Verb(_A.WITHDRAW, "sales", "quotes.withdraw", SALES),
    ),
    unreached={
        _A.SUBMIT_FOR_REVIEW: _APPROVAL,
        _A.RETURN_FOR_CHANGES: _APPROVAL,
        _A.APPROVE: _APPROVAL,
        _A.REQUEST_APPROVAL: _APPROVAL,
    },
)
"""Accepting makes an order, so the slice above serves it."""

ROUTES: dict[str, Roles | None] = {
    **VERBS.routes("quotes"),
    "quotes.received": ANYONE,
    "quotes.mine": COMPANY,
    "quotes.detail": COMPANY,
    "quotes.post_message": COMPANY,
    "quotes.queue": SALES,
    "quotes.queue_news": SALES,
    "quotes.export_queue": SALES,
    "quotes.change_many": SALES,
    "quotes.pack": SALES,
    "quotes.pack_file": SALES,
    "quotes.keep_filter": SALES,
    "quotes.drop_filter": SALES,
    "quotes.take": SALES,
    "quotes.editor": SALES,
    "quotes.save_draft": SALES,
    "quotes.write_to_buyer": SALES,
    "quotes.retry_send": SALES,
    "quotes.stop_send": SALES,
}

WRITES = frozenset(
    {
        "quotes.post_message",
        "quotes.change_many",
        "quotes.keep_filter",
        "quotes.drop_filter",
        "quotes.take",
        "quotes.save_draft",
        "quotes.write_to_buyer",
        "quotes.retry_send",
        "quotes.stop_send",
    }
)
