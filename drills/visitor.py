"""A person with a browser without JavaScript: cookies, forms as the page shows them, patience."""

import http.client
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any

from drills.markup import Attributes, Forms, Words

ANSWER_SECONDS = 65
"""A little more than the web server gives a request."""
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.5
NO_ANSWER = 0
FORM = "application/x-www-form-urlencoded"


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
        return self.words(lambda tag, _facts: tag == "h1")

    @property
    def conditions(self) -> dict[str, str]:
        """What the system page tells to look at, by its key."""
        parser = Words(lambda _tag, facts: "data-condition" in facts)
        parser.feed(self.text)
        return {str(facts["data-condition"]): words for facts, words in parser.found}

    def words(self, is_wanted: Callable[[str, Attributes], object]) -> str:
        """Return the words of the first element that is wanted, or «»."""
        parser = Words(is_wanted)
        parser.feed(self.text)
        return parser.found[0][1] if parser.found else ""

    def form(self, action: str) -> dict[str, str]:
        """Return the fields of the first form whose address contains `action`, as it stands.

        :raises LookupError: if the page has none
        """
        parser = Forms()
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
    slowest: float = 0.0
    """Seconds of the slowest answer since this was last set to nothing."""
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

    def upload(self, path: str, fields: dict[str, str], *, field: str, content: bytes) -> Page:
        """Send a form with a file, once."""
        boundary = secrets.token_hex(16)
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="{field}"; filename="{field}.png"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
        line = f"--{boundary}".encode()
        body = b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"
        return self._ask(path, body, f"multipart/form-data; boundary={boundary}")

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

    def _ask(self, path: str, body: bytes | None, media_type: str = FORM) -> Page:
        page = self._ask_once(path, body, media_type)
        self.slowest = max(self.slowest, page.seconds)
        return page

    def _ask_once(self, path: str, body: bytes | None, media_type: str) -> Page:
        address = urllib.parse.urljoin(self.base, path)
        headers = {"Referer": address, "Content-Type": media_type}
        request = urllib.request.Request(address, data=body, headers=headers)
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
