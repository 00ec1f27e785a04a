"""What a person reads of a page and sends of its forms, taken out of the HTML."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str | None]


class Words(HTMLParser):
    """Collect the words of each element that is wanted; none holds another of its kind."""

    def __init__(self, is_wanted: Callable[[str, Attributes], object]) -> None:
        super().__init__()
        self.found: list[tuple[Attributes, str]] = []
        self._is_wanted = is_wanted
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._inside and self._is_wanted(tag, dict(attrs)):
            self._inside = tag
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            facts, words = self.found.pop()
            self.found.append((facts, " ".join(f"{words} {data}".split())))


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collect what a browser would send of each form, the buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.forms.append(Form(facts.get("action") or ""))
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
