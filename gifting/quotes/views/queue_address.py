"""What part of the queue an address asks for, and the address of a part."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.addresses import read_id
from gifting.quotes.queries import NOBODY, QueueFilter, QueueOrder, QueueView

ASKED = ("vista", "cerca", "referente", "miei", "stato", "consegna", "ordine")
"""The names in the addresses of the queue; the place in it, `dopo`, is not among them."""
MAX_LENGTH = 100
NOBODYS = "nessuno"
WITHIN_DAYS = (7, 14, 30)


def asked(args: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address says which part is asked for, and nothing else."""
    found = {name: args.get(name, "").strip()[:MAX_LENGTH] for name in ASKED}
    return {name: value for name, value in found.items() if value}


def read(args: Mapping[str, str], *, person_id: int, today: date) -> QueueFilter:
    """Return the part that is asked for; what an address says and nobody knows asks nothing."""
    order = args.get("ordine", "")
    named = order.removeprefix("-")
    return QueueFilter(
        view=_one_of(QueueView, args.get("vista", "")) or QueueView.TO_ANSWER,
        search=args.get("cerca", "").strip()[:MAX_LENGTH],
        owner_id=_owner(args, person_id=person_id),
        state=_one_of(QuoteState, args.get("stato", "")),
        wanted_by=_day(args.get("consegna", ""), today=today),
        order=_one_of(QueueOrder, named) or QueueOrder.DUE,
        is_descending=order.startswith("-"),
    )


def to(args: Mapping[str, str], endpoint: str = "quotes.queue", **more: Any) -> str:
    """Return the address of the asked part, with `more` put in; None takes a name away."""
    return url_for(endpoint, **{**asked(args), **more})


def written(args: Mapping[str, str]) -> str:
    """Return the asked part as it is kept: what an address says behind its question mark."""
    return urlencode(asked(args))


def sorts(args: Mapping[str, str], wanted: QueueFilter) -> dict[str, tuple[str, str | None]]:
    """Return for each column where its head leads, and the direction it has if it is the order."""
    return {
        order.value: (
            to(args, ordine=_turned(order, wanted)),
            ("descending" if wanted.is_descending else "ascending")
            if order is wanted.order
            else None,
        )
        for order in QueueOrder
    }


def _turned(order: QueueOrder, wanted: QueueFilter) -> str:
    is_down = order is wanted.order and not wanted.is_descending
    return f"-{order.value}" if is_down else order.value


def _one_of(choices: Any, text: str) -> Any:
    return choices(text) if text in set(choices) else None


def _owner(args: Mapping[str, str], *, person_id: int) -> int | None:
    if args.get("miei"):
        return person_id
    text = args.get("referente", "")
    if text == NOBODYS:
        return NOBODY
    try:
        return read_id(text) or None
    except ValueError:
        return None


def _day(text: str, *, today: date) -> date | None:
    return today + timedelta(days=int(text)) if text in map(str, WITHIN_DAYS) else None
