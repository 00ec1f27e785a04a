"""Where a builder page stands: what the shelf shows, what the page has to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from flask import session, url_for

from gifting.hampers.views.wording import CHIPS

SHELF_STEP = 24
SHELF_MOST = 480
QUIET = "quiet"
"""The kind of message that says nothing, and can be undone."""
SHARED = "shared"
"""The kind of message that stands over the link to a shared hamper."""
_SAID = "builder_said"


@dataclass(frozen=True, slots=True)
class ShelfState:
    """Search, category, order and length of the shelf, as they stand in the address."""

    text: str = ""
    chip: str = ""
    fitting_first: bool = True
    limit: int = SHELF_STEP

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Read it from the address or from a form; what makes no sense is left out."""
        chip = str(_last(values, "scaffale"))
        shown = str(_last(values, "mostra"))
        limit = min(int(shown[:4]), SHELF_MOST) if shown.isdecimal() else SHELF_STEP
        return cls(
            text=str(_last(values, "q")).strip()[:80],
            chip=chip if chip in CHIPS else "",
            fitting_first=str(_last(values, "prima")) != "0",
            limit=max(limit, SHELF_STEP),
        )

    @property
    def fields(self) -> dict[str, str]:
        """What differs from the usual shelf, to carry along."""
        fields = {
            "q": self.text,
            "scaffale": self.chip,
            "prima": "" if self.fitting_first else "0",
            "mostra": str(self.limit) if self.limit != SHELF_STEP else "",
        }
        return {name: value for name, value in fields.items() if value}

    @property
    def categories(self) -> tuple[str, ...]:
        return CHIPS[self.chip][1] if self.chip else ()


def builder_url(key: str, state: ShelfState, anchor: str | None = None) -> str:
    """The builder's address with the shelf as it stands."""
    address = url_for("hampers.builder", key=key)
    query = f"?{urlencode(state.fields)}" if state.fields else ""
    return f"{address}{query}" + (f"#{anchor}" if anchor else "")


def say(text: str, *, kind: str = "ok", put: Mapping[str, int] | None = None) -> None:
    """Keep a message for the builder page that comes next.

    `put` holds pieces by sku: what «Annulla» sets again.
    """
    session[_SAID] = [
        *session.get(_SAID, []),
        {"text": text, "kind": kind, "put": dict(put or {})},
    ]


def take_said() -> list[dict[str, Any]]:
    """Return the messages kept for this page, once."""
    said: list[dict[str, Any]] = session.pop(_SAID, [])
    return said


def _last(values: Mapping[str, Any], name: str) -> Any:
    """The last value of a repeated field: a pressed button comes after the hidden field."""
    if hasattr(values, "getlist"):
        found = values.getlist(name)
        return found[-1] if found else ""
    return values.get(name, "")
