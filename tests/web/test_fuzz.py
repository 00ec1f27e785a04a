"""Whatever a browser sends, no page breaks: the answer is a page, a redirect or a refusal."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from random import Random
from typing import ClassVar, NamedTuple
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from gifting.core.roles import Role
from gifting.documents import queries as documents
from gifting.hampers.models import Hamper
from gifting.platform.db import db
from gifting.platform.models import MailLogEntry, OutboxMessage
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_extra
from tests.support.orders import make_accepted_order, make_invoice
from tests.support.quotes import make_composition, make_offer, make_request, prepare

HUGE = "9" * 30
KEY = "a-hamper-of-the-buyer"
GARBAGE = (
    "",
    "\x00",
    "a\x00b",
    "²",
    "-1",
    "0",
    HUGE,
    "9" * 5000,
    "1e999",
    "nan",
    "99999999999",
    "2147483648",
    "1.5",
    "'\"><script>",
    "%s%(x)s{0}{x}",
    "../../etc/passwd",
    "0001-01-01T00:00:00+14:00_1",
    f"2026-11-02T09:00:00+00:00_{HUGE}",
    "9999-12-31",
    "0001-01-01",
    f"2026-11-02.{HUGE}",
    "31/12/9999",
    "\ud7ff\U0010ffff\u202e\u0301",
    "à" * 3000,
    "a," * 3000,
    "\r\nBcc: a@example.com",
)
USUAL = {"date": "2026-11-20", "number": "7", "email": "a@example.com", "checkbox": "y"}
"""What goes into an empty field, so that the garbage beside it is reached."""
SAMPLE = 150
"""How many of all requests a run makes, in an order that is always the same."""


class Form(NamedTuple):
    method: str
    action: str
    values: tuple[tuple[str, str], ...]


class Reader(HTMLParser):
    """The forms of a page, with the values a browser without script would send."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path, self.name = path, ""
        self.forms: list[Form] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            action = (given.get("action") or self.path).partition("#")[0]
            self.forms.append(Form((given.get("method") or "get").upper(), action, ()))
        elif tag in {"input", "button", "textarea", "select"} and given.get("name"):
            self.name = given["name"]
            self._add(given.get("value") or USUAL.get(given.get("type"), "testo"))
        elif tag == "option" and given.get("value") and self.forms:
            self._add(given["value"])

    def _add(self, value):
        """Add the value to the form that is being read; of options the last counts."""
        if self.forms:
            values = dict(self.forms[-1].values) | {self.name: value}
            self.forms[-1] = self.forms[-1]._replace(values=tuple(values.items()))


@pytest.fixture
def world(app):
    """Somebody of each side, with something in every state that has a page."""
    buyer, sales = make_user(), make_user(Role.ADMINISTRATOR)
    make_extra()
    composition = make_composition(buyer)
    db.session.execute(sa.update(Hamper).values(key=KEY))
    requested, offered = make_request(buyer), make_offer(buyer, sales)
    draft = make_request(buyer)
    prepare(draft, sales)
    order = make_accepted_order(buyer)
    invoiced = make_invoice(buyer)
    db.session.add(OutboxMessage(key="k", task="t", payload={}, created_at=NOW, available_at=NOW))
    db.session.add(
        MailLogEntry(key="k", message_id="<a@b>", recipient="a@b.it", subject="s", sent_at=NOW)
    )
    db.session.commit()
    document = documents.find(offered.subject, "offer")
    assert document
    sku = composition.lines[0][0].sku
    paths = [
        f"/prodotti/{sku}",
        f"/ufficio/prodotti/{sku}",
        f"/cesti/{KEY}",
        f"/cesti/{KEY}/elimina",
        f"/preventivi/richiesta?cesto={KEY}",
        f"/documenti/{document.id}",
        f"/ordini/{order.reference}",
        f"/fatture/{invoiced.reference}",
        f"/ufficio/ordini/{order.reference}",
        f"/ufficio/ordini/{order.reference}/fattura",
        f"/ufficio/fatture/{invoiced.reference}",
    ]
    for record in (requested, offered, draft):
        theirs = f"/preventivi/{record.reference}"
        ours = f"/ufficio/preventivi/{record.reference}"
        paths += [theirs, *(f"{theirs}/{move}" for move in ("modifiche", "rifiuto", "annulla"))]
        paths += [ours, *(f"{ours}/{move}" for move in ("invia", "ritira", "accetta"))]
    return (None, buyer, sales), paths


class Asked(ImmutableMultiDict):
    """Values of a request that note which of them a page looks at."""

    names: ClassVar[set[str]] = set()

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)

    def get(self, name, *args, **kwargs):
        self.names.add(name)
        return super().get(name, *args, **kwargs)

    def getlist(self, name, *args, **kwargs):
        self.names.add(name)
        return super().getlist(name, *args, **kwargs)


def every_page(app, paths) -> list[str]:
    """Return an address for every GET route that needs no record, and those of the records."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    return sorted({rule.rule for rule in rules if not rule.arguments} | set(paths))


def sendable(client, app, paths) -> Iterator[tuple[str, str, MultiDict]]:
    """Yield what this browser could be made to send: method, path, values."""
    forms = set()
    for path in every_page(app, paths):
        Asked.names.clear()
        page = client.get(path)
        if "?" not in path:
            yield "GET", path, MultiDict(dict.fromkeys(sorted(Asked.names), ""))
        if page.mimetype == "text/html" and page.status_code < 300:
            forms |= set(Reader(page.text, path).forms)
    for method, action, values in sorted(forms):
        if method == "POST" and action != "/esci":
            yield method, action, MultiDict(values)
    for rule in app.url_map.iter_rules():
        if rule.arguments:
            yield "GET" if "GET" in rule.methods else "POST", rule.rule, MultiDict()


def spoilt(method, path, values) -> Iterator[tuple[str, str, MultiDict]]:
    """Yield the request as it is, and with one of its parts replaced by each piece of garbage."""
    if "<" in path:
        for bad in GARBAGE:
            bare = quote(bad, safe="") or "_"
            yield method, re.sub(r"<[^>]+>", lambda _found, bare=bare: bare, path), values
        return
    yield method, path, values
    for name in dict.fromkeys(values):
        for bad in GARBAGE:
            pairs = values.items(multi=True)
            other = [(key, bad if key == name else value) for key, value in pairs]
            yield method, path, MultiDict(other if method == "POST" else [(name, bad)])


class TestPages:
    @pytest.mark.parametrize("seat", range(3), ids=("a visitor", "a buyer", "the office"))
    def test_never_break_whatever_is_sent(self, world, app, client, monkeypatch, seat):
        people, paths = world
        monkeypatch.setattr(db.session, "commit", db.session.flush)  # each finds the same world
        monkeypatch.setattr(app.request_class, "parameter_storage_class", Asked)
        if people[seat]:
            sign_in(client, people[seat])
        todo = [sent for whole in sendable(client, app, paths) for sent in spoilt(*whole)]
        broken = []

        for method, path, values in Random(seat).sample(todo, SAMPLE):  # noqa: S311 - the same every time
            sent = {"query_string" if method == "GET" else "data": values}
            if client.open(path, method=method, **sent).status_code >= 500:
                broken.append((method, path, values))
            db.session.rollback()

        assert broken == []

    @pytest.mark.parametrize("path", ["/preventivi?prima=", "/ordini?prima=", "/fatture?anno="])
    def test_read_a_number_that_no_row_has_as_none(self, client, path):
        sign_in(client, make_user())

        assert client.get(path + HUGE).status_code == 200

    def test_are_not_found_under_a_number_that_no_row_has(self, client):
        sign_in(client, make_user())

        assert client.get(f"/documenti/{HUGE}").status_code == 404
        assert client.get(f"/documenti/{'9' * 5000}").status_code == 404

    def test_refuse_text_that_the_database_cannot_keep(self, client):
        answers = [
            client.get("/prodotti?q=a%00b"),
            client.get("/prodotti/a%00b"),
            client.post("/accedi", data={"email": "a\x00@example.com", "password": "p"}),
        ]

        assert [answer.status_code for answer in answers] == [400, 400, 400]
