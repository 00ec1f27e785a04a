"""The map of the workshops: numbered like the list beside it, every number a link."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from gifting.core.drawing.frame import XMLNS
from gifting.core.drawing.ink import INK, PALETTE
from gifting.core.drawing.italy import OUTLINE, SIZE, on_map
from gifting.core.drawing.wrapping import TEXT_FACE

_RADIUS = 12.5
_APART = 2 * _RADIUS + 2
_MARGIN = 16


@dataclass(frozen=True, slots=True)
class MapPoint:
    slug: str
    label: str
    lat: float
    lon: float
    href: str


def italy_map_svg(
    points: Sequence[MapPoint], *, label: str | None = None, current: str | None = None
) -> str:
    """Italy with a numbered disc for each point, in the order given.

    Discs of places too close are moved apart and keep a thread to where they belong. `current` is
    the slug shown reversed. It is a group of links named by `label`, not an image: an image may
    not hold links.
    """
    places = [on_map(point.lat, point.lon) for point in points]
    discs = _apart(places)
    name = "" if label is None else f' role="group" aria-label="{escape(label)}"'
    width, height = SIZE
    view = f"{-_MARGIN} {-_MARGIN} {width + 2 * _MARGIN} {height + 2 * _MARGIN}"
    threads = "".join(
        f'<path d="M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}" stroke="{PALETTE["saffron"]}" '
        f'stroke-width="1.4"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{PALETTE["saffron"]}"/>'
        for (x, y), (u, v) in zip(places, discs, strict=True)
        if math.hypot(u - x, v - y) > 4
    )
    links = "".join(
        _link(number, point, disc, lit=point.slug == current)
        for number, (point, disc) in enumerate(zip(points, discs, strict=True), start=1)
    )
    return (
        f'<svg xmlns="{XMLNS}" class="italy-map" viewBox="{view}"{name}>'
        f'<g aria-hidden="true"><path d="{OUTLINE}" transform="translate(6 5)" '
        f'fill="{PALETTE["blue-700"]}"/><path d="{OUTLINE}" fill="none" '
        f'stroke="{PALETTE["blue-300"]}" stroke-width="1.6" stroke-linejoin="round"/>{threads}</g>'
        f"{links}</svg>"
    )


def _link(number: int, point: MapPoint, disc: tuple[float, float], *, lit: bool) -> str:
    x, y = disc
    fill, text = (INK, PALETTE["paper"]) if lit else (PALETTE["saffron"], INK)
    return (
        f'<a href="{escape(point.href)}" class="italy-map-point"><title>{escape(point.label)}'
        f'</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" fill="{fill}" '
        f'stroke="{PALETTE["saffron"] if lit else INK}" stroke-width="1.6"/>'
        f'<text x="{x:.1f}" y="{y + 4.6:.1f}" text-anchor="middle" font-family="{TEXT_FACE}" '
        f'font-weight="600" font-size="13" fill="{text}">{number}</text></a>'
    )


def _apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The places moved as little as needed so that no two discs touch, and all stay on the map."""
    discs = [
        (x + 8 * math.cos(2.4 * i), y) if _crowded(places, i) else (x, y)
        for i, (x, y) in enumerate(places)
    ]
    for _ in range(200):
        calm = True
        for i in range(len(discs)):
            for j in range(i + 1, len(discs)):
                (ax, ay), (bx, by) = discs[i], discs[j]
                gap = math.hypot(bx - ax, by - ay) or 0.01
                if gap < _APART - 0.01:
                    calm = False
                    push = (_APART - gap) / 2 / gap
                    dx, dy = (bx - ax) * push, (by - ay) * push
                    discs[i] = _kept(ax - dx, ay - dy)
                    discs[j] = _kept(bx + dx, by + dy)
        if calm:
            break
    return discs


def _crowded(places: Sequence[tuple[float, float]], i: int) -> bool:
    return any(j != i and math.dist(place, places[i]) < _APART for j, place in enumerate(places))


def _kept(x: float, y: float) -> tuple[float, float]:
    return min(max(x, 0.0), float(SIZE[0])), min(max(y, 0.0), float(SIZE[1]))
