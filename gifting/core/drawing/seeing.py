"""What is seen of goods set down in a box, and what spoils the picture."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from gifting.core.drawing.placing import Layout, Placed, Stage, place
from gifting.core.drawing.units import Area

_A_ROW = 0.4  # the cost of a row
_SIDE = 0.5  # the cost of being on the wrong side of the box
_STEP_MM = 45.0  # a thing raised higher seems to stand on the others

_SAMPLES = tuple((n + 0.5) / 7 for n in range(7))


class View(NamedTuple):
    """A layout judged: its cost, lower is better, and what each unit, by key, adds to it."""

    layout: Layout
    cost: float
    pains: dict[str, float]

    @property
    def worst(self) -> float:
        return max(self.pains.values(), default=0.0)


def look(stage: Stage, layout: Layout) -> View:
    """Judge a layout, whatever it costs."""
    view = judge(stage, layout)
    assert view is not None  # noqa: S101 - there was no limit
    return view


def judge(stage: Stage, layout: Layout, limit: float = inf) -> View | None:
    """Judge a layout; None when it costs more than `limit`.

    Labels hidden past 45 % weigh heavily; then hidden silhouettes, a hero hidden or off the
    middle, weight off the middle.
    """
    placed = place(stage, layout)
    lip_line = stage.height - stage.lip if stage.lip else stage.height + 1
    pains: dict[str, float] = {}
    cost = _A_ROW * len(layout.rows)
    mass = moment = 0.0
    for i, item in enumerate(placed):
        part, x0, y0, x1, y1, _row, unit = item
        a, b, c, d = item.inside(part.label)
        hidden = max(0.0, d - max(b, lip_line)) * (c - a)
        foot = min(d, lip_line)
        buried = 0.0
        for other in placed[i + 1 :]:
            nearer, left, top, right, bottom, _, _ = other
            if left >= x1 or right <= x0 or top >= y1 or bottom <= y0:
                continue
            for silhouette in nearer.silhouette:
                outline = other.inside(silhouette)
                buried += _common(outline, x0, y0, x1, y1)
                hidden += _common(outline, a, b, c, foot)
        share = min(1.0, hidden / ((c - a) * (d - b) or 1.0))
        area = (x1 - x0) * (y1 - y0) or 1.0
        veiled = buried / area
        if not part.front:
            share *= 0.15
        pain = share + 12 * max(0.0, share - 0.45) + 20 * max(0.0, share - 0.6)
        pain += 1.0 * min(veiled, 1.0) + 14 * max(0.0, veiled - 0.6)
        if part.front and part.drawing.hero:
            pain += 5 * share + 3 * min(veiled, 1.0) + 14 * max(0.0, share - 0.25)
        if y0 < -20:
            pain -= 0.05 * y0
        if not stage.above:
            pain += 0.012 * max(0.0, stage.height - y1 - part.up - _STEP_MM)
        pain += _SIDE * (0.5 - unit.side * ((x0 + x1) / 2 / stage.width - 0.5))
        if part.central and not stage.few:
            pain += 14 * max(0.0, abs((x0 + x1) / 2 / stage.width - 0.5) - 0.03)
        cost += pain
        if cost > limit:
            return None
        pains[unit.key] = pains.get(unit.key, 0.0) + pain
        mass += area
        moment += area * (x0 + x1) / 2
    if mass:
        cost += 56 * (moment / mass / stage.width - 0.5) ** 2
    return View(layout, cost, pains) if cost < limit else None


def _common(outline: Area, x0: float, y0: float, x1: float, y1: float) -> float:
    """The square millimetres two rectangles share."""
    p, q, r, s = outline
    left = max(x0, p)
    right = min(x1, r)
    if left >= right:
        return 0.0
    top = max(y0, q)
    bottom = min(y1, s)
    return (right - left) * (bottom - top) if top < bottom else 0.0


def visibility(stage: Stage, placed: Sequence[Placed]) -> list[tuple[float, float]]:
    """Of each drawing, by 7 x 7 points: the share of the label hidden, the share still seen."""
    outlines = [[item.inside(area) for area in item.part.silhouette] for item in placed]
    lip_line = stage.height - stage.lip if stage.lip else float("inf")
    out = []
    for i, item in enumerate(placed):
        before = [
            outline
            for j in range(i + 1, len(placed))
            if placed[j].x0 < item.x1
            and placed[j].x1 > item.x0
            and placed[j].y0 < item.y1
            and placed[j].y1 > item.y0
            for outline in outlines[j]
        ]
        label = _hidden(item.inside(item.part.label), before, lip_line)
        whole = _hidden(item.inside((0, 0, 1, 1)), before, lip_line)
        out.append((label, 1 - whole))
    return out


def _hidden(area: Area, before: Sequence[Area], lip_line: float) -> float:
    x0, y0, x1, y1 = area
    count = 0
    for u in _SAMPLES:
        x = x0 + (x1 - x0) * u
        for v in _SAMPLES:
            y = y0 + (y1 - y0) * v
            if y > lip_line or any(b[0] < x < b[2] and b[1] < y < b[3] for b in before):
                count += 1
    return count / len(_SAMPLES) ** 2
