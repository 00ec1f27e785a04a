"""Requests that hypothesis makes up: of the right shape, something wrong in one or two places."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, ClassVar, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st
from werkzeug.datastructures import ImmutableMultiDict

from tests.support.accounts import PASSWORD
from tests.support.files import make_pdf, make_picture

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
    "Authorization": ("Basic !", "Bearer " + "a" * 300, f"Digest {MARKER}"),
    "Content-Type": ("text/plain", "multipart/form-data", "application/json", f"{MARKER}/x"),
    "Host": ("evil.example", "127.0.0.1:99999", "[::1", MARKER),
    "If-Modified-Since": ("yesterday",),
    "If-None-Match": ('"', "*"),
    "Range": ("bytes=9999999-", "bytes=-1", MARKER),
    "Referer": ("https://evil.example/", MARKER),
    "User-Agent": ("", MARKER, "à" * 300),
    "X-Forwarded-For": (MARKER, "1" * 500),
    "X-Forwarded-Host": ("evil.example",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Requested-With": ("XMLHttpRequest",),
}
BODIES = (
    ("application/json", json.dumps({"email": [None, {}], "version": 1e308}).encode()),
    ("application/json", b'{"a":' * 2000),
    ("application/octet-stream", b"\xff\xfe\x00"),
    ("application/x-www-form-urlencoded", b"a=%ff%fe&b=%"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfea\x00=\x00"),
    ("application/x-www-form-urlencoded", b"a=1&" * 2500),
    ("multipart/form-data", b"--x\r\n\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("multipart/form-data; boundary=" + "x" * 300, b"--" + b"x" * 300 + b"--"),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
)
"""Bodies that no form makes, with what they say they are."""
COOKIES = ("", "A" * 900, "eyJhIjoxfQ.aaaa.aaaa", MARKER.replace("<", "%3C"), "=;;=", "\x7f")
USUAL = {
    "date": "2026-11-20",
    "number": "7",
    "email": "a@example.com",
    "checkbox": "y",
    "password": PASSWORD,
}
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


class Request(NamedTuple):
    """What is sent: how Flask's test client takes it, and with which cookies beside its own."""

    endpoint: str
    sent: dict[str, Any]
    cookies: dict[str, str]


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
            method = (given.get("method") or "get").upper()
            action = (given.get("action") or self.path).partition("#")[0]
            if method == "GET":
                action = action.partition("?")[0]
            self.forms.append(Form(method, action, ()))
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


@dataclass
class Draft:
    """A request while its parts are replaced."""

    method: str
    path: str
    rule: str
    values: list[tuple[str, str]]
    files: dict[str, bytes]
    cookie_names: tuple[str, ...]
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    body: tuple[str, bytes] | None = None

    def sent(self) -> dict[str, Any]:
        """Return it as Flask's test client takes it; a strange body goes before all fields."""
        sent: dict[str, Any] = {"method": self.method, "path": self.path, "headers": self.headers}
        pairs = "&".join("=".join(_escape(text) for text in pair) for pair in self.values)
        if self.method in {"GET", "HEAD", "OPTIONS"}:
            return sent | {"query_string": pairs}
        if self.files and not self.body:
            known = {name: text for name, text in self.values if "\ud800" not in name + text}
            files = {name: (BytesIO(file), f"{MARKER}.pdf") for name, file in self.files.items()}
            return sent | {"data": known | files}
        kind, data = self.body or ("application/x-www-form-urlencoded", pairs.encode())
        return sent | {"data": data, "headers": {"Content-Type": kind} | self.headers}


def _replace_path(draw: Any, draft: Draft) -> None:
    if "<" in draft.rule:
        bad = _escape(draw(TEXT)) or "_"
        draft.path = re.sub(r"<[^>]+>", lambda _found: bad, draft.rule)


def _replace_value(draw: Any, draft: Draft) -> None:
    if draft.values:
        place = draw(st.integers(0, len(draft.values) - 1))
        draft.values[place] = (draft.values[place][0], draw(TEXT))


def _repeat_value(draw: Any, draft: Draft) -> None:
    if draft.values:
        draft.values.append((draw(st.sampled_from(draft.values))[0], draw(TEXT)))


def _leave_out_value(draw: Any, draft: Draft) -> None:
    if draft.values:
        draft.values.remove(draw(st.sampled_from(draft.values)))


def _add_value(draw: Any, draft: Draft) -> None:
    draft.values.append((draw(TEXT), draw(TEXT)))


def _send_file(draw: Any, draft: Draft) -> None:
    """Put a file where a file is asked for, or in the place of a text."""
    names = [*draft.files, *(name for name, _text in draft.values if "\ud800" not in name)]
    draft.files[draw(st.sampled_from(names or ["file"]))] = draw(st.sampled_from(FILES))


def _add_header(draw: Any, draft: Draft) -> None:
    name = draw(st.sampled_from(sorted(HEADERS)))
    draft.headers[name] = draw(st.sampled_from(HEADERS[name]))


def _replace_cookie(draw: Any, draft: Draft) -> None:
    draft.cookies[draw(st.sampled_from(draft.cookie_names))] = draw(st.sampled_from(COOKIES))


def _replace_method(draw: Any, draft: Draft) -> None:
    draft.method = draw(st.sampled_from(("GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE")))


def _replace_body(draw: Any, draft: Draft) -> None:
    draft.body = draw(st.sampled_from(BODIES))


TEXT = st.sampled_from(GARBAGE) | st.text(max_size=40)
PARTS = (
    *[_replace_value] * 4,
    *(_replace_path, _repeat_value, _leave_out_value, _add_value, _send_file),
    *(_add_header, _replace_cookie, _replace_method, _replace_body),
)
"""What may be wrong; values are most of what a request has."""


@st.composite
def requests(draw: Any, targets: list[Target], cookie_names: tuple[str, ...]) -> Request:
    """Make a request: a target with one or two of its parts replaced."""
    target = draw(st.sampled_from(targets))
    form = target.form
    files = {name: draw(st.sampled_from(FILES)) for name in form.files}
    draft = Draft(form.method, form.action, target.rule, [*form.values], files, cookie_names)
    for replace in draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=2)):
        replace(draw, draft)
    return Request(target.endpoint, draft.sent(), draft.cookies)


def _escape(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
