"""Whatever a browser sends, no page breaks, leaks, echoes or leads away.

Every route of the url map is asked with methods, addresses, fields, files, headers and cookies that
hypothesis makes up, most of them of the right shape with something wrong in one place. `make test`
makes a small run, always the same; `make fuzz` a larger one, other each time, and prints its sums.
"""

import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import AnyConverter, Rule

from gifting.core.roles import COMPANY, Role
from gifting.hampers.models import Hamper
from gifting.platform.db import db
from tests.architecture.test_access import World
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_extra
from tests.support.files import make_pdf, make_picture
from tests.support.quotes import make_offer, make_request, prepare

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Requests for each seat of a large run; 0 is the small one."""
SEATS = (None, *Role) if EXAMPLES else (None, Role.BUYER, Role.ADMINISTRATOR)
RUN = settings(
    max_examples=EXAMPLES or 250,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
MARKER = "<fuzz>"
HUGE = "9" * 30
GARBAGE = (
    "",
    "\x00",
    "a\x00b",
    "\x1b[31m",
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
    MARKER,
    f"'\">{MARKER}<!--",
    "%s%(x)s{0}{x}{{ 7*7 }}",
    "../../etc/passwd",
    "//evil.example/",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "\ud800",
    "0001-01-01T00:00:00+14:00_1",
    f"2026-11-02T09:00:00+00:00~{HUGE}",
    "2026-11-02T09:00:00+00:00~1",
    "9999-12-31",
    "0001-01-01",
    f"2026-11-02.{HUGE}",
    "31/12/9999",
    "%",
    "\\",
    "_",
    "\u202e\u0301\U0010ffff\ufffd",
    "à" * 3000,
    "a," * 3000,
    "\r\nBcc: a@example.com",
    "=1+1",
)
FILES = (
    b"",
    b"PK\x03\x04",
    b"%PDF-1.7",
    MARKER.encode(),
    make_pdf(),
    make_picture(),
    b"sku;pezzi\n",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": ("application/json", "*/*;q=x", MARKER),
    "Accept-Language": ("en", "xx-" + "y" * 200, MARKER, "it;q=nan"),
    "Content-Type": ("text/plain", "multipart/form-data", "application/json", f"{MARKER}/x"),
    "Cookie": ("gifting-8000=" + "A" * 900, f"language={MARKER}", "=;;="),
    "Host": ("evil.example", "127.0.0.1:99999", "[::1", MARKER),
    "If-Modified-Since": ("yesterday",),
    "If-None-Match": ('"', "*"),
    "Range": ("bytes=9999999-", "bytes=-1", MARKER),
    "Referer": ("https://evil.example/", MARKER),
    "X-Forwarded-For": (MARKER, "1" * 500),
    "X-Forwarded-Host": ("evil.example",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Requested-With": ("XMLHttpRequest",),
}
USUAL = {"date": "2026-11-20", "number": "7", "email": "a@example.com", "checkbox": "y"}
"""What goes into an empty field, so that the garbage beside it is reached."""

Values = tuple[tuple[str, str], ...]


class Form(NamedTuple):
    method: str
    action: str
    values: Values
    files: tuple[str, ...] = ()


class Target(NamedTuple):
    """Something to ask: an address of a route as it is meant, and what its page looks at."""

    endpoint: str
    rule: str
    form: Form


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
            if given.get("type") == "file" and self.forms:
                form = self.forms[-1]
                self.forms[-1] = form._replace(files=(*form.files, self.name))
            else:
                self._add(given.get("value") or USUAL.get(given.get("type"), "testo"))
        elif tag == "option" and given.get("value") and self.forms:
            self._add(given["value"])

    def _add(self, value):
        """Add the value to the form that is being read; of options the last counts."""
        if self.forms:
            values = dict(self.forms[-1].values) | {self.name: value}
            self.forms[-1] = self.forms[-1]._replace(values=tuple(values.items()))


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


SUMS: dict[str, Counter[int]] = defaultdict(Counter)
"""What was asked in this run, by endpoint, and how it was answered."""


@pytest.fixture(scope="module", autouse=True)
def summary() -> Iterator[None]:
    """Print the sums of a large run."""
    yield
    if not EXAMPLES:
        return
    lines = dict(sorted(SUMS.items())) | {"all": sum(SUMS.values(), Counter())}
    width = max(map(len, lines))
    for endpoint, counted in lines.items():
        shown = "  ".join(f"{status}×{times}" for status, times in sorted(counted.items()))
        sys.stdout.write(f"\n{endpoint:{width}} {counted.total():6}  {shown}")


@pytest.fixture
def world(app):
    """One of everything, and quotes in the states that have forms."""
    world = World()
    make_extra()
    sales = make_user(Role.ADMINISTRATOR)
    requested, offered = make_request(world.buyer), make_offer(world.buyer, sales)
    draft = make_request(world.buyer)
    prepare(draft, sales)
    db.session.execute(sa.update(Hamper).values(is_shared=True))
    db.session.commit()
    world.references = [record.reference for record in (requested, offered, draft)]
    return world


def person_of(world: World, seat: Role | None) -> Any:
    if seat is None:
        return None
    company = {"company_id": world.buyer.company_id} if seat in COMPANY else {}
    return make_user(seat, **company)


def fill(rule: Rule, known: dict[str, Any]) -> dict[str, Any]:
    """Give every variable of a rule a value: what the world has, a choice, else a number."""
    values = dict(known)
    for name in rule.arguments - known.keys():
        converter = rule._converters[name]
        values[name] = min(converter.items) if isinstance(converter, AnyConverter) else 1
    return values


def find_targets(app, client, world) -> list[Target]:
    """List what this browser can be made to send: each rule as it is meant, and every form."""
    adapter = app.url_map.bind("127.0.0.1:8000")
    found: dict[str, Target] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        values = fill(rule, world.values(rule.endpoint))
        references = world.references if rule.endpoint.startswith("quotes.") else []
        for reference in [values["reference"], *(references if rule.arguments else [])]:
            path = adapter.build(
                rule.endpoint, values | {"reference": reference}, append_unknown=False
            )
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                Asked.names.clear()
                page = client.open(path, method=method)
                form = Form(method, path, tuple((name, "") for name in sorted(Asked.names)))
                found[f"{method} {path}"] = Target(rule.endpoint, rule.rule, form)
                if method == "GET" and page.mimetype == "text/html":
                    for sent in Reader(page.text, path).forms:
                        endpoint, _values = adapter.match(urlsplit(sent.action).path, sent.method)
                        named = Target(endpoint, rule.rule, sent)
                        found[f"{sent.method} {sent.action} {sent.values[:1]}"] = named
    return list(found.values())


TEXT = st.sampled_from(GARBAGE) | st.text(max_size=40)


@st.composite
def requests(draw: Any, targets: list[Target]) -> tuple[str, dict[str, Any]]:
    """Make a request: a target with one or two of its parts replaced."""
    target = draw(st.sampled_from(targets))
    method, path, values = target.form.method, target.form.action, list(target.form.values)
    files = {name: draw(st.sampled_from(FILES)) for name in target.form.files}
    headers: dict[str, str] = {}
    for part in draw(st.lists(st.sampled_from("pvvvvnhm"), min_size=1, max_size=2)):
        if part == "p" and "<" in target.rule:
            bad = quote(draw(TEXT).encode("utf-8", "surrogatepass"), safe="") or "_"
            path = re.sub(r"<[^>]+>", lambda _found, bad=bad: bad, target.rule)
        elif part == "v" and values:
            place = draw(st.integers(0, len(values) - 1))
            values[place] = (values[place][0], draw(TEXT))
        elif part == "n":
            values.append((draw(TEXT), draw(TEXT)))
        elif part == "h":
            name = draw(st.sampled_from(sorted(HEADERS)))
            headers[name] = draw(st.sampled_from(HEADERS[name]))
        elif part == "m":
            method = draw(st.sampled_from(("GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE")))
    return target.endpoint, _sendable(method, path, values, files, headers)


def _sendable(method, path, values, files, headers) -> dict[str, Any]:
    pairs = "&".join("=".join(_escape(text) for text in pair) for pair in values)
    sent: dict[str, Any] = {"path": path, "method": method, "headers": headers}
    if method in {"GET", "HEAD", "OPTIONS"}:
        sent["query_string"] = pairs
    elif files:
        known = {name: text for name, text in values if "\ud800" not in name + text}
        sent["data"] = known | {n: (BytesIO(c), f"{MARKER}.pdf") for n, c in files.items()}
    else:
        sent["data"] = pairs
        sent["headers"] = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    return sent


def _escape(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def troubles_of(answer: Any) -> list[str]:
    """Say what is wrong with an answer, whatever was asked."""
    found = []
    text = answer.get_data(as_text=True)
    if answer.status_code >= 500:
        found.append("it broke")
    if "Traceback (most recent call last)" in text or "sqlalchemy" in text.lower():
        found.append("it shows its insides")
    if answer.mimetype == "text/html" and MARKER in text:
        found.append("it echoes what was sent")
    target = urlsplit(answer.headers.get("Location", ""))
    if target.netloc not in {"", "127.0.0.1:8000"} or target.path.startswith(("//", "/\\")):
        found.append("it leads away")
    if any("\n" in value for value in answer.headers.values()):
        found.append("its headers are split")
    return found


class TestPages:
    @pytest.mark.parametrize("seat", SEATS, ids=lambda seat: str(seat or "visitor"))
    def test_never_break_whatever_is_sent(self, world, app, client, monkeypatch, seat):
        person = person_of(world, seat)
        monkeypatch.setattr(db.session, "commit", db.session.flush)  # each finds the same world
        monkeypatch.setattr(app.request_class, "parameter_storage_class", Asked)
        if person:
            sign_in(client, person)
        targets = find_targets(app, client, world)
        asked_before = {target.endpoint for target in targets}

        @RUN
        @given(requests(targets))
        def ask(request):
            endpoint, sent = request
            if person:
                sign_in(client, person)  # an earlier request may have signed them out
            try:
                with client.open(**sent) as answer:
                    troubles = troubles_of(answer)
                    SUMS[endpoint][answer.status_code] += 1
            finally:
                db.session.rollback()
            assert troubles == [], sent

        ask()
        assert asked_before >= {rule.endpoint for rule in app.url_map.iter_rules()}

    def test_the_judge_knows_a_bad_answer(self, app):
        """Without it every run would pass."""
        page = app.response_class(f"{MARKER} Traceback (most recent call last)", 500)
        page.headers["Content-Type"] = "text/html"
        page.headers["Location"] = "//evil.example/"

        assert len(troubles_of(page)) == 4


class TestOneRequest:
    """What a run once found, by name."""

    @pytest.mark.parametrize("path", ["/preventivi?prima=", "/ordini?prima=", "/fatture?anno="])
    def test_reads_a_number_that_no_row_has_as_none(self, client, path):
        sign_in(client, make_user())

        assert client.get(path + HUGE).status_code == 200

    def test_is_not_found_under_a_number_that_no_row_has(self, client):
        sign_in(client, make_user())

        assert client.get(f"/documenti/{HUGE}").status_code == 404
        assert client.get(f"/documenti/{'9' * 900}").status_code == 404

    def test_is_refused_with_text_that_the_database_cannot_keep(self, client):
        answers = [
            client.get("/prodotti?q=a%00b"),
            client.get("/prodotti/a%00b"),
            client.post("/accedi", data={"email": "a\x00@example.com", "password": "p"}),
        ]

        assert [answer.status_code for answer in answers] == [400, 400, 400]

    def test_under_a_strange_name_and_wrong_otherwise_still_has_a_page(self, client):
        answer = client.get("/prodotti?q=%00", headers={"Host": "evil.example"})

        assert answer.status_code == 400
        assert "Questo nome non è il nostro" in answer.text
