"""Random hampers as a buyer fills them: one product more as long as the packing test lets it in."""

from dataclasses import replace
from random import Random
from typing import NamedTuple

from gifting.core.drawing import BoxShape, Shape
from gifting.core.fit import BoxSize, Packable, check_fit
from tests.core.drawing.shapes import BOXES, PRODUCTS

_OFFERED = sorted(PRODUCTS)
_ATTEMPTS = 60
_NO_LIMIT_G = 10**6


class Basket(NamedTuple):
    box: BoxShape
    items: tuple[Shape, ...]


def fits(box: BoxShape, items: tuple[Shape, ...]) -> bool:
    """Whether the volume and the sizes fit, whatever the weight."""
    size = BoxSize(box.sku, *box.inner, max_weight_g=_NO_LIMIT_G, tare_g=0)
    return check_fit(size, [_packable(item) for item in items]).fits


def basket(seed: int) -> Basket:
    """Two to eight products, one in ten twice."""
    random = Random(seed)  # noqa: S311 - the same hampers in every run
    box = random.choice(sorted(BOXES.values(), key=lambda box: box.sku))
    wanted = random.randint(2, 8)
    items: tuple[Shape, ...] = ()
    for _ in range(_ATTEMPTS):
        sku = random.choice(_OFFERED)
        more = (*items, replace(PRODUCTS[sku], quantity=random.choice([1] * 9 + [2])))
        if len(items) < wanted and sku not in {i.sku for i in items} and fits(box, more):
            items = more
    return Basket(box, items)


def _packable(item: Shape) -> Packable:
    return Packable(item.sku, item.name, *item.size, 0, item.posture, item.quantity)
