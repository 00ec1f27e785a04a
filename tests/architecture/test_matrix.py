"""Everybody asks for everything, in every state: the tables alone say what they are answered.

The addresses are all those that name a quote, an order or an invoice; who asks is a visitor, every
role of the record's company, every role of another company and every role of the staff. A new
verb, route, state or role is asked about by being in its table; `FORMS` says what a form needs to
be complete. `make matrix` prints how many cases there are.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from gifting.accounts.models import User
from gifting.billing import service as billing
from gifting.billing.models import Invoice
from gifting.core.invoice_lifecycle import InvoiceState
from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.order_lifecycle import OrderState
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import COMPANY, STAFF, Role
from gifting.core.verbs import Verb, VerbTable
from gifting.orders.models import Order
from gifting.platform.db import db
from gifting.quotes import queries
from gifting.quotes.models import Quote
from gifting.web.access_table import bare_app
from gifting.web.lifecycles import LIFECYCLES
from gifting.web.refusals import SENTENCES
from gifting.web.registry import ROUTES, VERB_TABLES
from tests.quotes.test_lifecycle import MAKE
from tests.support.accounts import make_user, sign_in
from tests.support.orders import TODAY, make_accepted_order, make_invoice
from tests.support.quotes import make_offer, make_request, prepare

JSON = {"Accept": "application/json"}
NOUNS = {"preventivi": "quote", "ordini": "order", "fatture": "invoice", "pagamenti": "invoice"}
"""What an address is about, by the word before its reference."""
EDITABLE = {"quotes.save_draft": {QuoteState.PREPARING}}
"""Plain writes that not every state has."""
TAKEN = {200, 302, 400, 422}
"""What a plain write answers to whoever may: done, or a clear word about an empty form."""
NO_ADDRESS = {InvoiceState.DRAFT}
"""A draft invoice has no number, and so no address."""


@dataclass(frozen=True)
class Actor:
    """Who asks: a visitor has no role; `is_foreign`: of another company than the record."""

    role: Role | None
    is_foreign: bool = False

    def __str__(self) -> str:
        return f"{self.role or 'a visitor'}{' of another company' if self.is_foreign else ''}"


ACTORS = [
    Actor(None),
    *(Actor(role) for role in Role),
    *(Actor(role, is_foreign=True) for role in sorted(COMPANY)),
]


@dataclass(frozen=True)
class Ask:
    """One method of one address."""

    method: str
    endpoint: str
    path: str

    @property
    def verb(self) -> tuple[VerbTable[Any, Any], Verb[Any]] | None:
        for table in VERB_TABLES:
            for verb in table.verbs:
                if self.endpoint in (verb.endpoint, verb.page):
                    return table, verb
        return None


def noun_of(rule: Rule) -> str:
    """Name the lifecycle of the record whose reference is in the address."""
    before = rule.rule.partition("<")[0].strip("/").split("/")[-1]
    return NOUNS[before]


@cache
def asks_about(lifecycle: str) -> tuple[Ask, ...]:
    """Everything that can be asked about one kind of record."""
    return tuple(
        Ask(method, rule.endpoint, rule.rule)
        for rule in sorted(bare_app().url_map.iter_rules(), key=lambda r: r.rule)
        if "reference" in rule.arguments and noun_of(rule) == lifecycle
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    )


def states_of(lifecycle: Any) -> list[Any]:
    return [state for state in lifecycle.states if state not in NO_ADDRESS]


CELLS = [
    pytest.param(one.name, state, id=f"{one.name}-{state}")
    for one in LIFECYCLES
    for state in states_of(one)
]


def is_allowed(ask: Ask, state: Any, role: Role) -> bool | None:
    """Tell what the tables say: the move is made, refused, or (None) led to what there is."""
    if ask.verb is None:
        return state in EDITABLE.get(ask.endpoint, {state})
    table, verb = ask.verb
    if type(state) is not type(table.lifecycle.initial):
        return _may_invoice(state)
    if verb.action in table.actions_for(state, role):
        return True
    reached = {edge.target for edge in table.lifecycle.edges if edge.action == verb.action}
    return None if verb.repeats and state in reached else False


def _may_invoice(state: OrderState) -> bool:
    """Tell whether an order in this state is invoiced: a move of the invoice, not of its own."""
    try:
        billing.expect_going(state)
    except TransitionNotAllowed:
        return False
    return True


def expected(ask: Ask, state: Any, actor: Actor) -> set[int]:
    """Return the statuses that the tables allow for this question."""
    roles = ROUTES[ask.endpoint]
    assert roles is not None, f"{ask.endpoint} names a record and is open to anyone"
    if actor.role is None:
        return {302}
    if actor.role not in roles:
        return {403}
    if actor.is_foreign:
        return {404}
    made = {200} if ask.method == "GET" else {302} if ask.verb else TAKEN
    return {True: made, False: {409}, None: {302}}[is_allowed(ask, state, actor.role)]


class World:
    """One record in one state, and everybody who may come to ask about it."""

    def __init__(self, lifecycle: str, state: Any) -> None:
        make = {"quote": _quote_in, "order": _order_in, "invoice": _invoice_in}[lifecycle]
        record = make(state)
        db.session.execute(sa.update(type(record)).values(state=state))
        db.session.commit()
        self.reference = record.reference
        self.people = {
            actor: _person(actor.role, None if actor.is_foreign else record.company_id)
            for actor in ACTORS
            if actor.role
        }
        self.forms = _forms(record)


def _person(role: Role, company_id: int | None) -> User:
    """Add a person whom no session holds, so that they outlive them all."""
    is_of_record = role in COMPANY and company_id is not None
    person = make_user(role, **({"company_id": company_id} if is_of_record else {}))
    db.session.refresh(person)
    db.session.expunge(person)
    return person


def _quote_in(state: QuoteState) -> Quote:
    if state is QuoteState.ACCEPTED:
        return db.session.get_one(Quote, make_accepted_order().quote_id)
    if state is QuoteState.BUYER_REVIEW:
        return make_offer()
    if state in (QuoteState.IN_REVIEW, QuoteState.APPROVED):
        quote = make_request()
        prepare(quote, make_user(Role.SALES))
        return quote
    return MAKE[state]()


def _order_in(_state: OrderState) -> Order:
    return make_accepted_order()


def _invoice_in(_state: InvoiceState) -> Invoice:
    return make_invoice()


def _forms(record: Quote | Order | Invoice) -> dict[str, Callable[[], dict[str, Any]]]:
    """What a form needs to be complete, by endpoint; files are read once, so each is made anew."""
    offer = queries.find_offer(record.id) if isinstance(record, Quote) else None
    revision, sha256 = (offer.number, offer.pdf_sha256) if offer else (1, "0" * 64)
    read = {"revision": revision, "pdf_sha256": sha256}
    reason = {"reason": "Troppo caro", "revision": revision}
    version = {"version": record.version}
    return {
        "quotes.answer": lambda: {"body": "Tre sedi"},
        "quotes.ask_change": lambda: reason,
        "quotes.decline": lambda: reason,
        "quotes.cancel": lambda: reason,
        "quotes.withdraw": lambda: reason,
        "quotes.ask": lambda: {"comment": "Quante sedi?"},
        "quotes.request_send": lambda: version,
        "quotes.save_draft": lambda: version,
        "quotes.post_message": lambda: {"body": "Ciao"},
        "quotes.write_to_buyer": lambda: {"body": "Ciao"},
        "orders.accept": lambda: read | {"is_agreed": "y"},
        "orders.accept_on_behalf": lambda: read | {"signed_name": "Marta Villa"} | _evidence(),
        "billing.issue": lambda: {"issued_on": TODAY.isoformat()},
    }


def _evidence() -> dict[str, Any]:
    return {"evidence": (BytesIO(b"%PDF-1.7 ordine\n%%EOF"), "ordine.pdf")}


class Rewinding:
    """A database in which whatever a request commits can be taken back."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.before = self._traces()

    def ask(self, question: Callable[[], TestResponse]) -> tuple[TestResponse, set[str]]:
        """Ask, and return the answer with what it changed; then nothing has happened."""
        db.session.remove()
        savepoint = self.connection.begin_nested()
        answer = question()
        db.session.remove()
        after = self._traces()
        savepoint.rollback()
        return answer, {name for name in after if after[name] != self.before[name]}

    def _traces(self) -> dict[str, Any]:
        return dict(self.connection.execute(TRACES).mappings().one())


TRACES = sa.text("""SELECT
    (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM quote t) AS quotes,
    (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM quote_revision t) AS revisions,
    (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM "order" t) AS orders,
    (SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM invoice t) AS invoices,
    (SELECT count(*) FROM event_log) AS events,
    (SELECT count(*) FROM outbox_message) AS jobs,
    (SELECT count(*) FROM quote_message) AS messages,
    (SELECT count(*) FROM stored_document) AS documents
""")
"""The records as they are, and how much was written down about them."""


@pytest.fixture
def rewinding(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Rewinding]]:
    """Let commits end in a savepoint, from the moment it is called."""
    opened = []

    def begin() -> Rewinding:
        db.session.remove()
        connection = db.engine.connect()
        opened.append(connection)
        connection.begin()
        connection.begin_nested()  # a session joins a savepoint by one of its own
        monkeypatch.setitem(db.engines, None, connection)
        return Rewinding(connection)

    yield begin
    db.session.remove()
    for connection in opened:
        connection.close()


class Trial:
    """All the questions about one record in one state, and the answers that were wrong."""

    def __init__(self, app: Flask, client: FlaskClient, world: World, state: Any) -> None:
        self.app, self.client, self.world, self.state = app, client, world, state
        self.wrong: list[str] = []
        self.judged: set[Ask] = set()

    def put(self, rewinding: Rewinding, ask: Ask, actor: Actor) -> None:
        """Ask one question and note what is wrong with its answer."""
        statuses = expected(ask, self.state, actor)
        is_page_known = statuses <= {403, 404} or (statuses == {409} and ask in self.judged)
        headers = JSON if is_page_known else {}  # a problem is drawn faster than its page
        answer, changed = rewinding.ask(lambda: self._open(ask, headers))
        said = f"{ask.method} {ask.endpoint} by {actor}"
        if answer.status_code not in statuses:
            self.wrong.append(f"{said}: {answer.status_code}, not {sorted(statuses)}")
        elif actor.role is None and not answer.location.startswith("/accedi"):
            self.wrong.append(f"{said}: led to {answer.location}")
        elif statuses <= {302} and actor.role and ask.verb and ask.method == "POST":
            if not changed and is_allowed(ask, self.state, actor.role):
                self.wrong.append(f"{said}: nothing came of it")
        elif statuses <= {403, 404, 409} and changed:
            self.wrong.append(f"{said}: refused, but changed {sorted(changed)}")
        elif statuses == {409} and ask.verb and not is_page_known:
            self._judge_refusal(rewinding, ask, actor, answer)

    def _judge_refusal(
        self, rewinding: Rewinding, ask: Ask, actor: Actor, answer: TestResponse
    ) -> None:
        """A refused move names the state, leads to the record, and tells programs the same."""
        self.judged.add(ask)
        said = f"{ask.method} {ask.endpoint} by {actor}"
        if str(SENTENCES[type(self.state)][self.state]) not in answer.text:
            self.wrong.append(f"{said}: the page does not name the state")
        if f'{self.world.reference}">' not in answer.text:
            self.wrong.append(f"{said}: the page does not lead to the record")
        problem, _changed = rewinding.ask(lambda: self._open(ask, JSON))
        told = problem.get_json()
        if (problem.status_code, told["state"]) != (409, self.state.value):
            self.wrong.append(f"{said}: the problem is {told}")

    def _open(self, ask: Ask, headers: dict[str, str]) -> TestResponse:
        path = ask.path.replace("<reference>", self.world.reference)
        path = path.replace("<path:reference>", self.world.reference)
        form = self.world.forms.get(ask.endpoint, dict) if ask.method == "POST" else dict
        return self.client.open(path, method=ask.method, data=form(), headers=headers)


class TestMatrix:
    @pytest.mark.parametrize(("lifecycle", "state"), CELLS)
    def test_everybody_is_answered_as_the_tables_say(
        self,
        app: Flask,
        client: FlaskClient,
        rewinding: Callable[[], Rewinding],
        lifecycle: str,
        state: Any,
    ) -> None:
        world = World(lifecycle, state)
        trial, database = Trial(app, client, world, state), rewinding()
        for actor in ACTORS:
            with client.session_transaction() as session:
                session.clear()
            if actor.role:
                sign_in(client, world.people[actor])
            for ask in asks_about(lifecycle):
                trial.put(database, ask, actor)

        assert not trial.wrong, "\n".join(trial.wrong)

    def test_there_are_many_cases(self) -> None:
        cases = sum(
            len(states_of(one)) * len(asks_about(one.name)) * len(ACTORS) for one in LIFECYCLES
        )
        sys.stdout.write(f"{cases} cases: {len(ACTORS)} people, {len(CELLS)} records\n")

        assert cases >= 1500
        assert {actor.role for actor in ACTORS} == {None, *COMPANY, *STAFF}
