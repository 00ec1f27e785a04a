"""Every row of the table that needs no approval works through the service; the rest is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction, QuoteState
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, OutboxMessage
from gifting.quotes import queries, service
from gifting.quotes.models import Quote
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.quotes import accept, make_offer, make_request, prepare, signature

LATER = NOW + timedelta(days=30)
APPROVAL = {
    QuoteAction.SUBMIT_FOR_REVIEW,
    QuoteAction.RETURN_FOR_CHANGES,
    QuoteAction.APPROVE,
    QuoteAction.REQUEST_APPROVAL,
}
APPROVAL_STATES = {QuoteState.IN_REVIEW, QuoteState.APPROVED, QuoteState.BUYER_REVIEW}


def _requested() -> Quote:
    return make_request()


def _info_needed() -> Quote:
    quote = make_request()
    service.ask(quote, actor_id=_sales(), comment="Quante sedi?", now=NOW)
    db.session.commit()
    return quote


def _preparing() -> Quote:
    quote = make_request()
    prepare(quote, make_user(Role.SALES))
    return quote


def _change_requested() -> Quote:
    quote = make_offer()
    service.ask_change(
        quote, revision_number=1, actor_id=_buyer(quote), reason="Senza vino", now=NOW
    )
    db.session.commit()
    return quote


def _accepted() -> Quote:
    quote = make_offer()
    accept(quote, make_user(company_id=quote.company_id))
    return quote


def _declined() -> Quote:
    quote = make_offer()
    service.decline(quote, revision_number=1, actor_id=_buyer(quote), reason="Troppo caro", now=NOW)
    db.session.commit()
    return quote


def _expired() -> Quote:
    quote = make_offer()
    service.expire_due(now=LATER)
    db.session.commit()
    return quote


def _withdrawn() -> Quote:
    quote = make_request()
    service.withdraw(quote, actor_id=_sales(), reason="Doppione", now=NOW)
    db.session.commit()
    return quote


MAKE: dict[QuoteState, Callable[[], Quote]] = {
    QuoteState.REQUESTED: _requested,
    QuoteState.INFO_NEEDED: _info_needed,
    QuoteState.PREPARING: _preparing,
    QuoteState.SENT: make_offer,
    QuoteState.CHANGE_REQUESTED: _change_requested,
    QuoteState.ACCEPTED: _accepted,
    QuoteState.DECLINED: _declined,
    QuoteState.EXPIRED: _expired,
    QuoteState.WITHDRAWN: _withdrawn,
}


def _sales() -> int:
    return make_user(Role.SALES).id


def _buyer(quote: Quote) -> int:
    return quote.requested_by_id


def _accept(quote: Quote) -> None:
    if queries.find_offer(quote.id) is None:
        raise TransitionNotAllowed(quote.state, QuoteAction.ACCEPT)
    person = make_user(company_id=quote.company_id)
    service.accept(quote, signature=signature(quote, person), now=NOW)


def _send(quote: Quote) -> None:
    draft = service.request_send(quote, actor_id=_sales(), now=NOW)
    service.finish_sending(quote, draft, pdf_sha256="0" * 64, now=NOW)


def _expire(quote: Quote) -> None:
    if not service.bring_up_to_date(quote, now=LATER):
        raise TransitionNotAllowed(quote.state, QuoteAction.EXPIRE)


DO: dict[QuoteAction, Callable[[Quote], object]] = {
    QuoteAction.ASK: lambda q: service.ask(q, actor_id=_sales(), comment="Quante?", now=NOW),
    QuoteAction.ANSWER: lambda q: service.answer(q, actor_id=_buyer(q), body="Tre", now=NOW),
    QuoteAction.REVISE: lambda q: service.revise(q, actor_id=_sales(), now=NOW),
    QuoteAction.SEND: _send,
    QuoteAction.ASK_CHANGE: lambda q: service.ask_change(
        q, revision_number=1, actor_id=_buyer(q), reason="Senza vino", now=NOW
    ),
    QuoteAction.ACCEPT: _accept,
    QuoteAction.DECLINE: lambda q: service.decline(
        q, revision_number=1, actor_id=_buyer(q), reason="No", now=NOW
    ),
    QuoteAction.EXPIRE: _expire,
    QuoteAction.WITHDRAW: lambda q: service.withdraw(q, actor_id=_sales(), reason="No", now=NOW),
    QuoteAction.CANCEL: lambda q: service.cancel(q, actor_id=_buyer(q), reason="No", now=NOW),
}
ROWS = [
    edge
    for edge in QUOTE_LIFECYCLE.edges
    if edge.source is not None
    and edge.action not in APPROVAL
    and edge.source not in APPROVAL_STATES
]
LEGAL = {(edge.source, edge.action) for edge in ROWS}
ILLEGAL = [(s, a) for s in MAKE for a in DO if (s, a) not in LEGAL]
REFUSALS = (
    TransitionNotAllowed,
    service.AlreadyAccepted,
    service.QuoteExpired,
    service.NotEditable,
)


class TestLifecycle:
    @pytest.mark.parametrize("edge", ROWS, ids=lambda e: f"{e.source}-{e.action}")
    def test_a_row_of_the_table_moves_the_quote_logs_it_and_owes_its_jobs(
        self, app: Flask, edge
    ) -> None:
        quote = MAKE[edge.source]()

        DO[edge.action](quote)
        db.session.commit()

        last = db.session.scalars(
            sa.select(EventLogEntry)
            .where(EventLogEntry.subject == quote.subject, EventLogEntry.action == edge.action)
            .order_by(EventLogEntry.id.desc())
        ).first()
        assert quote.state is edge.target
        assert (last.source, last.target) == (edge.source, edge.target)
        owed = set(
            db.session.scalars(
                sa.select(OutboxMessage.task).where(
                    OutboxMessage.payload["event_id"].as_integer() == last.id
                )
            )
        )
        assert owed == set(edge.emits)

    @pytest.mark.parametrize(("state", "action"), ILLEGAL, ids=str)
    def test_every_other_move_is_refused_and_changes_nothing(
        self, app: Flask, state: QuoteState, action: QuoteAction
    ) -> None:
        quote = MAKE[state]()
        quote_id, version = quote.id, quote.version

        with pytest.raises(REFUSALS):
            DO[action](quote)

        db.session.rollback()
        again = queries.get_quote_by_id(quote_id)
        assert (again.state, again.version) == (state, version)

    @pytest.mark.parametrize(
        "move",
        [
            lambda q: service.ask(q, actor_id=_sales(), comment=" ", now=NOW),
            lambda q: service.withdraw(q, actor_id=_sales(), reason="", now=NOW),
            lambda q: service.cancel(q, actor_id=_buyer(q), reason="\n", now=NOW),
            lambda q: service.post_message(
                q, author_id=_buyer(q), is_staff=False, body="", now=NOW
            ),
        ],
    )
    def test_a_move_that_needs_words_is_refused_without_them(self, app: Flask, move) -> None:
        quote = make_request()

        with pytest.raises(service.ReasonMissing):
            move(quote)
