"""Samples → view-models: every printed document can be seen before there is one."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from gifting.core.papers import ImpactPaper, InvoicePaper, OfferPaper, OrderConfirmationPaper, Paper
from gifting.platform.pdf import PDF_TEMPLATES

PAPERS: Mapping[str, type[Paper]] = {
    "offer": OfferPaper,
    "order_confirmation": OrderConfirmationPaper,
    "invoice": InvoicePaper,
    "impact_certificate": ImpactPaper,
}


def load_sample(name: str, *, folder: Path = PDF_TEMPLATES) -> Paper:
    """Build the view-model that `<name>/sample.json` describes, with every check it makes.

    :raises KeyError: if no document has this name
    """
    sample = json.loads((folder / name / "sample.json").read_text(encoding="utf-8"))
    paper: Paper = read_value(PAPERS[name], sample)
    return paper


def read_value(kind: Any, value: Any) -> Any:
    """Turn a JSON value into what the annotation `kind` promises: Decimals and dates are text."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else read_value(inner, value)
    if get_origin(kind) is tuple:
        return tuple(read_value(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        given = {f.name: read_value(hints[f.name], value[f.name]) for f in _given(kind, value)}
        return kind(**given)  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if kind is Decimal or issubclass(kind, Enum):
        return kind(value)
    return value


def _given(kind: Any, value: Mapping[str, Any]) -> list[Any]:
    unknown = set(value) - {f.name for f in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return [f for f in fields(kind) if f.name in value]
