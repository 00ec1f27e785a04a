"""Hampers as pages, quotes and documents see them."""

from gifting.hampers.documents.composition import (
    Composition,
    Goods,
    PriceStep,
    Problem,
    ProblemCode,
    compose,
    compose_all,
    compose_from,
    load_goods,
    smallest_box,
)
from gifting.hampers.documents.shelf import ShelfRow, shelf_rows
from gifting.hampers.documents.ways import (
    BoxOffer,
    Suggestion,
    boxes_on_offer,
    fitting_swap,
    suggest,
)

__all__ = [
    "BoxOffer",
    "Composition",
    "Goods",
    "PriceStep",
    "Problem",
    "ProblemCode",
    "ShelfRow",
    "Suggestion",
    "boxes_on_offer",
    "compose",
    "compose_all",
    "compose_from",
    "fitting_swap",
    "load_goods",
    "shelf_rows",
    "smallest_box",
    "suggest",
]
