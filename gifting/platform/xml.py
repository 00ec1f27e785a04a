"""XML from outside, read without DTD, entities, network, or more than fits.

Entities and external DTDs (XXE, «billion laughs») need a document type declaration; no document
we take has one, so the first sign of one ends the reading, before anything is expanded.
"""

from typing import Any

from lxml import etree

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 60
MAX_ELEMENTS = 200_000


class XmlRefused(ValueError):
    """The document is broken, too large, or asks for what is never given."""


class Guard:
    """What the parser reports to: counts, refuses, and passes on to nobody."""

    def __init__(self, max_elements: int = MAX_ELEMENTS) -> None:
        self._depth = self._elements = 0
        self._max_elements = max_elements

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        raise XmlRefused(f"a document type declaration ({name[:40]})")

    def start(self, tag: str, attributes: Any) -> None:
        """Count an element on its way in."""
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise XmlRefused(f"more than {MAX_DEPTH} elements inside each other")
        if self._elements > self._max_elements:
            raise XmlRefused(f"more than {self._max_elements} elements")

    def end(self, tag: str) -> None:
        self._depth -= 1

    def close(self) -> Any:
        """Return the result of the parsing."""
        return None


class _Builder(Guard):
    """Builds the tree of what was let through; comments and instructions are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._tree = etree.TreeBuilder()

    def start(self, tag: str, attributes: Any) -> None:
        super().start(tag, attributes)
        self._tree.start(tag, attributes)

    def end(self, tag: str) -> None:
        super().end(tag)
        self._tree.end(tag)

    def data(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> Any:
        """Return the tree; of a refused document, whose refusal is on its way, nothing."""
        return None if self._depth or not self._elements else self._tree.close()


def parse(content: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Return the root element (an lxml `_Element`) of a document from outside.

    :raises XmlRefused: if it is no XML, has a DTD, or exceeds the limits
    """
    return scan(content, _Builder(), max_bytes=max_bytes)


def scan(content: bytes, guard: Guard, *, max_bytes: int = MAX_BYTES) -> Any:
    """Report a document to a guard and return what its `close` returns.

    :raises XmlRefused: as `parse`
    """
    if len(content) > max_bytes:
        raise XmlRefused(f"{len(content)} bytes, the most is {max_bytes}")
    parser = etree.XMLParser(
        target=guard,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise XmlRefused(str(error)[:200]) from error
