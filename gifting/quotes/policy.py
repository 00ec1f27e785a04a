"""Who may reach the routes of the quotes slice, and who may make which move."""

from gifting.core.quote_lifecycle import QuoteAction
from gifting.core.roles import ANYONE, COMPANY, SALES, Role, Roles

DECIDERS: Roles = frozenset({Role.BUYER, Role.APPROVER})
BUYERS: Roles = frozenset({Role.BUYER})

ROUTES: dict[str, Roles | None] = {
    "quotes.request_form": ANYONE,
    "quotes.received": ANYONE,
    "quotes.mine": COMPANY,
    "quotes.detail": COMPANY,
    "quotes.answer": BUYERS,
    "quotes.ask_change": DECIDERS,
    "quotes.decline": DECIDERS,
    "quotes.cancel": BUYERS,
    "quotes.post_message": COMPANY,
    "quotes.queue": SALES,
    "quotes.take": SALES,
    "quotes.editor": SALES,
    "quotes.save_draft": SALES,
    "quotes.revise": SALES,
    "quotes.ask": SALES,
    "quotes.write_to_buyer": SALES,
    "quotes.send": SALES,
    "quotes.request_send": SALES,
    "quotes.retry_send": SALES,
    "quotes.stop_send": SALES,
    "quotes.withdraw": SALES,
}

ACTIONS: dict[QuoteAction, Roles] = {
    QuoteAction.ANSWER: BUYERS,
    QuoteAction.ASK_CHANGE: DECIDERS,
    QuoteAction.ACCEPT: DECIDERS | SALES,
    QuoteAction.DECLINE: DECIDERS,
    QuoteAction.CANCEL: BUYERS,
    QuoteAction.ASK: SALES,
    QuoteAction.REVISE: SALES,
    QuoteAction.SEND: SALES,
    QuoteAction.WITHDRAW: SALES,
}
"""The moves pages offer, within what the lifecycle allows to each side."""
