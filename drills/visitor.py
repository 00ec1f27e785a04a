"""A person with a browser without JavaScript: cookies, forms as the page shows them, patience."""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

ANSWER_SECONDS = 65
"""A little more than the web server gives a request."""
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.5
NO_ANSWER = 0


@dataclass(frozen=True)
class Page:
    """What came back. A status of 0 is a connection that broke or was refused."""

    status: int
    address: str
    text: str
    seconds: float

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.address).path

    @property
    def heading(self) -> str:
        """The words of its first heading."""
        if self.status == NO_ANSWER:
            return "nessuna risposta"
        parser = _Heading()
        parser.feed(self.text)
        return " ".join("".join(parser.words).split())

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the first form whose address contains `action`, as it stands.

        :raises LookupError: if the page has none
        """
        parser = _Forms()
        parser.feed(self.text)
        for form in parser.forms:
            if action in form.action:
                return dict(form.fields)
        raise LookupError(f"no form to {action} at {self.address} ({self.status} {self.heading})")


@dataclass
class Visitor:
    """A browser of one's own. What went wrong on the way is remembered as people saw it."""

    base: str
    troubles: list[Page] = field(default_factory=list)
    disturb: Callable[[], None] | None = None
    """What happens whenever a form is sent for the first time."""

    def __post_init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Lose all cookies."""
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def get(self, path: str) -> Page:
        """Open a page, once."""
        return self._ask(path, None)

    def post(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form, once."""
        return self._ask(path, urllib.parse.urlencode(fields).encode())

    def open(self, path: str) -> Page:
        """Open a page and reload it until it comes."""
        return self._patiently(path, None)

    def send(self, path: str, fields: dict[str, str]) -> Page:
        """Send a form and send it again until an answer comes, as the page asks people to."""
        if self.disturb:
            self.disturb()
        return self._patiently(path, urllib.parse.urlencode(fields).encode())

    def fill(self, path: str, action: str, **typed: str) -> Page:
        """Open a page, fill its form in and send it; again until an answer comes."""
        fields = self.open(path).form(action) | typed
        return self.send(action, fields)

    def sign_in(self, email: str, password: str) -> None:
        self.fill("/accedi", "/accedi", email=email, password=password)

    def _patiently(self, path: str, body: bytes | None) -> Page:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            page = self._ask(path, body)
            is_trouble = (
                page.status == NO_ANSWER or page.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
            )
            if not is_trouble:
                return page
            self.troubles.append(page)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path}: {page.status} {page.heading}")
            time.sleep(PAUSE_SECONDS)

    def _ask(self, path: str, body: bytes | None) -> Page:
        address = urllib.parse.urljoin(self.base, path)
        request = urllib.request.Request(address, data=body, headers={"Referer": address})
        start = time.monotonic()
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return _page(answer, answer.status, start)
        except urllib.error.HTTPError as error:
            return _page(error, error.code, start)
        except (OSError, http.client.HTTPException):
            return Page(NO_ANSWER, address, "", time.monotonic() - start)


def _page(answer: Any, status: int, start: float) -> Page:
    text = answer.read().decode(errors="replace")
    return Page(status, answer.geturl(), text, time.monotonic() - start)


@dataclass
class _Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Heading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside |= tag == "h1" and not self.words

    def handle_endtag(self, tag: str) -> None:
        self._is_inside &= tag != "h1"

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.words.append(data)


class _Forms(HTMLParser):
    """Collect what a browser would send of each form, the buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.forms.append(_Form(facts.get("action") or ""))
        for name, value in self._sent(tag, facts):
            if self.forms:
                self.forms[-1].fields[name] = value

    def _sent(self, tag: str, facts: dict[str, str | None]) -> Iterator[tuple[str, str]]:
        name, value = facts.get("name") or "", facts.get("value") or ""
        kind = facts.get("type") or "text"
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in facts:
            yield self._select, value
        elif tag == "textarea":
            self._area = name
            yield name, ""
        elif tag == "input" and name and kind not in ("submit", "button", "file", "image"):
            if kind not in ("checkbox", "radio"):
                yield name, value
            elif "checked" in facts:
                yield name, value or "on"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += data
