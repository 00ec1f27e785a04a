"""Rows of units set down in a box: where every drawing comes to stand.

Millimetres; y grows down from the lid line. Row 0 is at the back. Seen from the front a row stands
the smaller and the higher the farther back it is; seen from above rows lie one below the other.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from gifting.core.drawing.shapes import BoxShape
from gifting.core.drawing.units import Area, Part, Unit


class Spread(Enum):
    GROUPED = auto()
    EDGE_TO_EDGE = auto()
    LEFT = auto()
    RIGHT = auto()


class Row(NamedTuple):
    units: tuple[Unit, ...]
    spread: Spread = Spread.GROUPED


class Layout(NamedTuple):
    """`nudges`: millimetres a unit is moved aside from its place in the row, by key."""

    rows: tuple[Row, ...]
    nudges: Mapping[str, float]

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for row in self.rows for unit in row.units)


NOTHING = Layout((), {})


class Placed(NamedTuple):
    part: Part
    x0: float
    y0: float
    x1: float
    y1: float
    row: int
    unit: Unit

    def inside(self, area: Area) -> Area:
        w, h = self.x1 - self.x0, self.y1 - self.y0
        x0, y0 = self.x0, self.y0
        return x0 + area[0] * w, y0 + area[1] * h, x0 + area[2] * w, y0 + area[3] * h


class Stage(NamedTuple):
    """The box being filled.

    `mound` mm of paper wool raise few small things; `scale`: in a crowd all goods are drawn a
    little smaller, the same for all.
    """

    width: float
    height: float
    lip: float
    above: bool
    few: bool
    mound: float
    scale: float

    @property
    def most_rows(self) -> int:
        return 3 if self.above or self.height < 300 else 4


class _Depth(NamedTuple):
    """How a row so far from the front is seen, as the drawn walls recede.

    scale; floor: mm over the lip's foot; over: mm the lid line is passed; inset: of the width.
    """

    scale: float
    floor: float
    over: float
    inset: float


_DEPTHS = (
    _Depth(1.0, 3, 0, 0.02),
    _Depth(0.93, 20, 12, 0.045),
    _Depth(0.88, 30, 18, 0.055),
)
_FROM_ABOVE = 0.93  # goods lie deeper than the rim
_MARGIN_ABOVE = 5.0
_GAP_ABOVE = 7.0
_FEW_FILL = 0.27
_ROOM_IN_FRONT, _ROOM_ABOVE = 1.3, 0.9  # faces of goods to the face of the box: a crowd is more
_SMALLEST = 0.8


def stage_of(box: BoxShape, units: Sequence[Unit]) -> Stage:
    w, h = float(box.length_mm), float(box.depth_mm)
    mound = 0.0
    filled = sum(unit.width * unit.height for unit in units) / (w * h)
    if not box.from_above and filled < _FEW_FILL:
        tallest = max((unit.height for unit in units), default=0.0)
        mound = max(0.0, min(0.2 * h, (0.86 * h - tallest) * 0.5))
    room = _ROOM_ABOVE if box.from_above else _ROOM_IN_FRONT
    scale = max(_SMALLEST, min(1.0, (room / filled) ** 0.5)) if units else 1.0
    few = len(units) <= 3
    return Stage(w, h, float(box.lip_mm), box.from_above, few, mound, scale)


def place(stage: Stage, layout: Layout) -> list[Placed]:
    """Every part at its place, in drawing order."""
    return _from_above(stage, layout) if stage.above else _from_the_front(stage, layout)


def scale_of(stage: Stage, rows: int, row: int) -> float:
    """What the drawings of a row are scaled by."""
    return stage.scale * (_FROM_ABOVE if stage.above else _depth(rows, row).scale)


def _depth(rows: int, row: int) -> _Depth:
    return _DEPTHS[min(rows - 1 - row, len(_DEPTHS) - 1)]


def _across(
    stage: Stage, layout: Layout, row: Row, scale: float, margin: float
) -> tuple[list[float], list[float]]:
    """The left edges and the widths of a row's units."""
    widths = [unit.width * scale for unit in row.units]
    end = stage.width - margin
    xs = _spread(widths, margin, end, few=stage.few, spread=row.spread)
    for i, unit in enumerate(row.units):
        if unit.key in layout.nudges:
            xs[i] = max(margin, min(xs[i] + layout.nudges[unit.key], end - widths[i]))
    return xs, widths


def _spread(
    widths: Sequence[float], start: float, end: float, *, few: bool, spread: Spread
) -> list[float]:
    """The x of each width between start and end: grouped when there is room, else overlapped."""
    n = len(widths)
    total, room = sum(widths), end - start
    if total <= room:
        gap = min((room - total) / (n + 1), 10.0 if few else 16.0) if n > 1 else 0.0
        if spread is Spread.EDGE_TO_EDGE and n > 1:
            gap = min((room - total) / (n - 1), 60.0)
        slack = room - total - gap * (n - 1)
        x = start + slack * {Spread.LEFT: 0.0, Spread.RIGHT: 1.0}.get(spread, 0.5)
        out = []
        for width in widths:
            out.append(x)
            x += width + gap
        return out
    caps = [min(a, b) for a, b in pairwise(widths)]
    overlap = (total - room) / (sum(caps) or 1)
    if overlap > 0.9:  # hopelessly full: a fan
        return [
            start + max(0.0, room - width) * i / max(1, n - 1) for i, width in enumerate(widths)
        ]
    x, out = start, [start]
    for width, cap in zip(widths, caps, strict=False):
        x += width - cap * overlap
        out.append(x)
    return [max(start, min(x, end - width)) for x, width in zip(out, widths, strict=True)]


def _drawn_first(xs: Sequence[float], row: Row, middle: float) -> list[int]:
    """The order in which a row is drawn: tall and outer things are overlapped by the others."""
    units = row.units
    return sorted(
        range(len(units)),
        key=lambda i: (-units[i].height, -abs(xs[i] + units[i].width / 2 - middle)),
    )


def _set_down(unit: Unit, x: float, foot: float, scale: float, row: int) -> list[Placed]:
    out = []
    for part in unit.parts:
        x0, y1 = x + part.across * scale, foot - part.up * scale
        x1, y0 = x0 + part.width * scale, y1 - part.height * scale
        out.append(Placed(part, x0, y0, x1, y1, row, unit))
    return out


_CELL_MM = 16


class _Sky:
    """How high the rows in front reach, every few mm of the box."""

    def __init__(self, width: float, lip: float) -> None:
        self._heights = [lip] * (int(width / _CELL_MM) + 2)

    def behind(self, x0: float, x1: float) -> list[float]:
        start, end = int((x0 + 4) / _CELL_MM), int((x1 - 4) / _CELL_MM) + 1
        return sorted(self._heights[max(start, 0) : end]) or [0.0]

    def raise_to(self, x0: float, x1: float, height: float) -> None:
        heights = self._heights
        start, end = int(x0 / _CELL_MM + 0.6), int(x1 / _CELL_MM + 0.4)
        for q in range(max(start, 0), min(end, len(heights))):
            heights[q] = max(heights[q], height)


def _from_the_front(stage: Stage, layout: Layout) -> list[Placed]:
    sky = _Sky(stage.width, stage.lip)
    out: list[Placed] = []
    count = len(layout.rows)
    for k in range(count - 1, -1, -1):
        row, depth, scale = layout.rows[k], _depth(count, k), scale_of(stage, count, k)
        xs, widths = _across(stage, layout, row, scale, stage.width * depth.inset)
        is_tight = sum(widths) > stage.width * (1 - 2 * depth.inset)
        order = _drawn_first(xs, row, stage.width / 2)
        mine: list[Placed] = []
        reached: list[tuple[float, float, float]] = []
        for rank, i in enumerate(order):
            unit, x, w, h = row.units[i], xs[i], widths[i], row.units[i].height * scale
            overlapped = is_tight and any(
                xs[j] < x + w - 3 and x < xs[j] + widths[j] - 3 for j in order[rank + 1 :]
            )
            base = _base(stage, h, depth.floor, overlapped=overlapped)
            if k < count - 1:
                most = 62.0 if h < 110 and w < 1.5 * h else stage.height
                hidden = unit.under_labels * scale
                base = _stepped(sky.behind(x, x + w), base, hidden, most)
            base = max(min(base, stage.height + depth.over - h - 2), 0.0)
            whole = unit.alone and len(unit.parts[0].silhouette) == 1
            reached.append((x, x + w, base + h * (0.9 if whole else 0.5)))
            mine += _set_down(unit, x, stage.height - base, scale, k)
        if k:
            for x0, x1, height in reached:
                sky.raise_to(x0, x1, height)
        out = mine + out
    return out


def _base(stage: Stage, h: float, floor: float, *, overlapped: bool) -> float:
    """How high over the floor a unit stands.

    Short things rise out of the lip, one overlapped in its own row stands a little deeper.
    """
    base = floor
    if h < stage.lip * 5:
        base = max(base, stage.lip - 0.2 * h)
    return base + (5.0 if overlapped else 0.0) + stage.mound


def _stepped(sky: list[float], base: float, under_labels: float, most: float) -> float:
    """The height to which a thing hidden behind a row is raised.

    Until its label shows, as far as its foot stays behind the row in front. Small things are not
    lifted much: they would seem to float.
    """
    foot, needed = sky[len(sky) // 6], sky[-1]
    if needed <= base + under_labels:
        return base
    return max(base, min(needed - under_labels, foot - 10, most))


def _from_above(stage: Stage, layout: Layout) -> list[Placed]:
    """Units one below the other wherever the column has room, else evenly overlapped."""
    spots: list[_Spot] = []
    scale = scale_of(stage, len(layout.rows), 0)
    for k, row in enumerate(layout.rows):
        xs, widths = _across(stage, layout, row, scale, _MARGIN_ABOVE)
        spots += [
            _Spot(k, row.units[i], xs[i], widths[i], row.units[i].height * scale)
            for i in _drawn_first(xs, row, stage.width / 2)
        ]
    before = _columns(spots)
    after = _columns(spots[::-1])[::-1]
    out: list[Placed] = []
    for spot, over, under in zip(spots, before, after, strict=True):
        room = stage.height - 2 * _MARGIN_ABOVE - spot.height
        top = over + (room - over - under) / 2
        if over + under > room:
            top = max(0.0, room) * over / (over + under)
        foot = _MARGIN_ABOVE + top + spot.height
        out += _set_down(spot.unit, spot.x, foot, scale, spot.row)
    return out


class _Spot(NamedTuple):
    row: int
    unit: Unit
    x: float
    width: float
    height: float


def _columns(spots: Sequence[_Spot]) -> list[float]:
    """What must find room beyond each unit: the longest column of units in rows before its own."""
    out: list[float] = []
    for i, spot in enumerate(spots):
        reach = 0.0
        for other, beyond in zip(spots[:i], out, strict=False):
            if (
                other.row != spot.row
                and other.x < spot.x + spot.width - _GAP_ABOVE
                and spot.x < other.x + other.width - _GAP_ABOVE
            ):
                reach = max(reach, beyond + other.height + _GAP_ABOVE)
        out.append(reach)
    return out
