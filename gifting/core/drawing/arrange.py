"""The automatic layout of a filled box: who stands where so that every product can be recognised.

Deterministic hill climbing over rows of units: swap two, move one to another row, spread a row
differently, nudge one aside; what lowers the score stays. Legibility beats physical truth: the
packing test, not the picture, decides what fits. Millimetres; y grows down from the lid line.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gifting.core.drawing.goods import Recolour
from gifting.core.drawing.shapes import BoxShape, Shape
from gifting.core.drawing.units import Area, Part, Unit, stacked, units_of

BACK_SCALE = 0.95
HIDDEN = 0.2  # less visible than this: not drawn, counted in «+n»

Rows = list[list[Unit]]
Nudges = Mapping[str, tuple[float, float]]

GROUPED, EDGE_TO_EDGE, LEFT, RIGHT = range(4)


@dataclass(frozen=True, slots=True)
class Placement:
    """One drawing in the box; a bare tag has no `art`.

    x, y: top left corner. row: 0 is the back one. turn: 0 standing, 1 lying with the top left,
    -1 top right. angle: degrees. tag: «×n», «+n» or empty. covered: the share of the label hidden.
    """

    sku: str
    art: str
    recolour: Recolour
    x: float
    y: float
    width: float
    height: float
    row: int
    turn: int = 0
    angle: float = 0.0
    tag: str = ""
    covered: float = 0.0


class _Placed(NamedTuple):
    part: Part
    x0: float
    y0: float
    x1: float
    y1: float
    row: int

    def inside(self, area: Area) -> Area:
        w, h = self.x1 - self.x0, self.y1 - self.y0
        return (
            self.x0 + area[0] * w,
            self.y0 + area[1] * h,
            self.x0 + area[2] * w,
            self.y0 + area[3] * h,
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """The box being filled; `mound` mm of paper wool raise few small things."""

    width: float
    height: float
    lip: float
    above: bool
    few: bool
    mound: float


class _Layout(NamedTuple):
    cost: float
    rows: Rows
    spreads: list[int]
    nudges: Nudges


def arrange(
    box: BoxShape, items: Iterable[Shape], orientation: Mapping[str, str] | None = None
) -> tuple[Placement, ...]:
    """The placements in drawing order; none for an empty box.

    `orientation` (sku to `standing` or `lying`) is the packing test's word and is obeyed where
    the drawing can show it.
    """
    told = tuple(sorted((orientation or {}).items()))
    return _arranged(box, tuple(item for item in items if item.quantity > 0), told)


@lru_cache(maxsize=512)
def _arranged(
    box: BoxShape, items: tuple[Shape, ...], told: tuple[tuple[str, str], ...]
) -> tuple[Placement, ...]:
    if not items:
        return ()
    units, left = units_of(box, items, dict(told))
    stage = _stage(box, units)
    if not stage.above:
        room = stage.width * 0.93 * (1.0 if len(units) < 5 else 1.7)
        units = stacked(units, stage.height, room)
    layout = _improved(stage, _first(stage, units), _budget(len(units)))
    placed = _place(stage, layout)
    seen = _visibility(stage, placed)
    if len(units) > 3:
        layout, gone = _without_hidden(layout, placed, seen)
        if gone:
            left += gone
            placed = _place(stage, layout)
            seen = _visibility(stage, placed)
    out = [
        _placement(stage, len(layout.rows), item, covered)
        for item, (covered, _) in zip(placed, seen, strict=True)
    ]
    if left:
        row = len(layout.rows)
        out.append(Placement("", "", (), stage.width - 48, 10, 38, 38, row, tag=f"+{left}"))
    return tuple(out)


def _placement(stage: _Stage, rows: int, placed: _Placed, covered: float) -> Placement:
    part = placed.part
    scale = BACK_SCALE if rows > 1 and placed.row == 0 and not stage.above else 1.0
    angle = 0.0
    if stage.above and part.width < stage.width * 0.6 and part.height < stage.height * 0.9:
        angle = ((zlib.crc32(part.shape.sku.encode()) >> 3) % 7 - 3) * 0.9
    return Placement(
        part.shape.sku,
        part.drawing.art,
        part.drawing.recolour,
        round(placed.x0, 1),
        round(placed.y0, 1),
        round(part.width * scale, 1),
        round(part.height * scale, 1),
        placed.row,
        part.turn,
        angle,
        f"×{part.tally}" if part.tally else "",
        round(covered, 2) if part.front else 0.0,
    )


def _stage(box: BoxShape, units: Sequence[Unit]) -> _Stage:
    w, h = float(box.length_mm), float(box.depth_mm)
    mound = 0.0
    filled = sum(unit.width * unit.height for unit in units) / (w * h)
    if not box.from_above and filled < 0.27:
        tallest = max(unit.height for unit in units)
        mound = max(0.0, min(0.2 * h, (0.86 * h - tallest) * 0.5))
    return _Stage(w, h, float(box.lip_mm), box.from_above, len(units) <= 3, mound)


def _budget(units: int) -> int:
    """Layouts tried: about fifty, 60 microseconds each; more gains little."""
    return int(max(24, 300 / units) if units > 8 else min(70, 440 / units))


def _row_counts(stage: _Stage, units: Sequence[Unit]) -> list[int]:
    usable = stage.width * 0.93
    total = sum(unit.width for unit in units)
    if total <= usable * 1.02 and (len(units) <= 4 or stage.above):
        return [1]
    deep = 4 if stage.height > 250 and not stage.above else 3
    guess = max(1, min(deep, round(total / usable / 1.1)))
    least = max(1 if total < usable * 1.5 else 2, guess)
    most = min(guess + 1, 3 if stage.above or stage.height < 300 else 4)
    return sorted({min(least, len(units)), min(most, len(units))})


def _first(stage: _Stage, units: Sequence[Unit]) -> _Layout:
    """The best of the plain starting orders."""
    layouts = [
        _scored(stage, _start(units, count, order), [GROUPED] * count, {})
        for count in _row_counts(stage, units)
        for order in range(3 if count > 1 else 1)
    ]
    best = min(layouts, key=lambda layout: layout.cost)
    if not stage.few and len(best.rows) > 1:
        spreads = [EDGE_TO_EDGE] * (len(best.rows) - 1) + [GROUPED]
        other = _scored(stage, best.rows, spreads, {})
        if other.cost < best.cost:
            best = other
    return best


def _start(units: Sequence[Unit], count: int, order: int) -> Rows:
    """The units in rows, back to front, the hero in front.

    Order 0: tallest to the back; 1: wide to the back, narrow in front; 2: largest faces to the
    back. The widest goes in the middle of the front row, the tallest at the ends of the others.
    """
    keys = (
        lambda u: (u.hero, -u.height, u.key),
        lambda u: (u.hero, u.width < 95, -u.width, u.key),
        lambda u: (u.hero, -u.width * u.height, u.key),
    )
    total = sum(unit.width for unit in units)
    rows: Rows = [[] for _ in range(count)]
    filled, k = 0.0, 0
    for unit in sorted(units, key=keys[order]):
        if k < count - 1 and rows[k] and filled + unit.width / 2 > total * (k + 1) / count:
            k += 1
        rows[k].append(unit)
        filled += unit.width
    return [_fanned(row, front=k == count - 1) for k, row in enumerate(rows)]


def _fanned(row: list[Unit], *, front: bool) -> list[Unit]:
    out: list[Unit] = []
    ranked = sorted(row, key=lambda u: ((-u.width if front else u.height), u.key))
    for i, unit in enumerate(ranked):
        if i % 2:
            out.append(unit)
        else:
            out.insert(0, unit)
    return out


def _spread(
    widths: Sequence[float], start: float, end: float, *, few: bool, spread: int
) -> list[float]:
    """The x of each width between start and end: grouped when there is room, else overlapped."""
    n = len(widths)
    if not n:
        return []
    total, room = sum(widths), end - start
    if total <= room:
        gap = min((room - total) / (n + 1), 10.0 if few else 16.0) if n > 1 else 0.0
        if spread == EDGE_TO_EDGE and n > 1:
            gap = min((room - total) / (n - 1), 60.0)
        slack = room - total - gap * (n - 1)
        x = start + slack * {LEFT: 0.0, RIGHT: 1.0}.get(spread, 0.5)
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


class _Sky:
    """How high the rows in front reach, every 10 mm of the box."""

    def __init__(self, width: float, lip: float) -> None:
        self._heights = [lip] * (int(width / 10) + 2)

    def behind(self, x0: float, x1: float) -> list[float]:
        start, end = int((x0 + 4) / 10), int((x1 - 4) / 10) + 1
        return sorted(self._heights[max(start, 0) : end]) or [0.0]

    def raise_to(self, x0: float, x1: float, height: float) -> None:
        heights = self._heights
        for q in range(max(int(x0 / 10) + 1, 0), min(int(x1 / 10), len(heights))):
            heights[q] = max(heights[q], height)


def _bands(stage: _Stage, rows: Rows) -> list[tuple[float, float]] | None:
    """From above, with room to spare: the (top, height) of each row, else None."""
    heights = [max((unit.height for unit in row), default=0.0) for row in rows]
    gap = (stage.height - sum(heights)) / (len(rows) + 1)
    if gap <= 0:
        return None
    gap = min(gap, 22.0)
    y = (stage.height - sum(heights) - gap * (len(rows) - 1)) / 2
    out = []
    for height in heights:
        out.append((y, height))
        y += height + gap
    return out


def _place(stage: _Stage, layout: _Layout) -> list[_Placed]:
    """Every part at its place, in drawing order."""
    rows, nudges = layout.rows, layout.nudges
    sky = _Sky(stage.width, stage.lip)
    bands = _bands(stage, rows) if stage.above else None
    out: list[_Placed] = []
    last = len(rows) - 1
    for k in range(last, -1, -1):
        row = rows[k]
        back = k < last
        scale = BACK_SCALE if back and k == 0 and not stage.above else 1.0
        pad = 5.0 if stage.above else stage.width * (0.055 if back else 0.02)
        widths = [unit.width * scale for unit in row]
        xs = _spread(widths, pad, stage.width - pad, few=stage.few, spread=layout.spreads[k])
        middle = stage.width / 2
        order = sorted(
            range(len(row)),
            key=lambda i: (-row[i].height, -abs(xs[i] + row[i].width / 2 - middle)),
        )
        mine: list[_Placed] = []
        reached: list[tuple[float, float, float]] = []
        for rank, i in enumerate(order):
            unit, w, h = row[i], widths[i], row[i].height * scale
            nudge = nudges.get(unit.key, (0.0, 0.0))
            if unit.key in nudges:
                xs[i] = max(pad, min(xs[i] + nudge[0], stage.width - pad - w))
            x = xs[i]
            if stage.above:
                foot = _foot_above(stage, bands, k, len(rows), h)
                foot = min(max(h + 2, foot + nudge[1]), stage.height - 2)
            else:
                overlapped = any(
                    xs[j] < x + w - 3 and x < xs[j] + widths[j] - 3 for j in order[rank + 1 :]
                )
                base = _base(stage, h, back=back, overlapped=overlapped)
                if back:
                    label_bottom = (1 - unit.parts[-1].label[3]) * h
                    base = _stepped(sky.behind(x, x + w), base, label_bottom, h, stage.height)
                base = max(min(base, stage.height - h - 2), 0.0)
                foot = stage.height - base
                whole = unit.alone and len(unit.parts[0].silhouette) == 1
                reached.append((x, x + w, base + h * (0.9 if whole else 0.5)))
            for part in unit.parts:
                x0, y1 = x + part.across * scale, foot - part.up * scale
                mine.append(
                    _Placed(part, x0, y1 - part.height * scale, x0 + part.width * scale, y1, k)
                )
        for x0, x1, height in reached:
            sky.raise_to(x0, x1, height)
        out = mine + out
    return out


def _foot_above(
    stage: _Stage, bands: list[tuple[float, float]] | None, k: int, rows: int, h: float
) -> float:
    if bands:
        top, height = bands[k]
        return top + (height + h) / 2
    if rows == 1:
        return (stage.height + h) / 2
    return 4 + h + k / (rows - 1) * (stage.height - 8 - h)


def _base(stage: _Stage, h: float, *, back: bool, overlapped: bool) -> float:
    """How high over the floor a unit stands.

    Short things rise out of the lip, one overlapped in its own row stands a little deeper.
    """
    base = 20.0 if back else 3.0
    if h < stage.lip * 5:
        base = max(base, stage.lip - 0.2 * h)
    return base + (5.0 if overlapped else 0.0) + stage.mound


def _stepped(
    sky: list[float], base: float, label_bottom: float, h: float, box_height: float
) -> float:
    """The height to which a thing hidden behind a row is raised.

    Until its label shows, as far as its foot stays behind the row in front. Small things are not
    lifted much: they would seem to float.
    """
    foot, needed = sky[len(sky) // 6], sky[-1]
    if needed <= base + label_bottom:
        return base
    return max(base, min(needed - label_bottom, foot - 10, 62.0 if h < 110 else box_height))


def _scored(stage: _Stage, rows: Rows, spreads: list[int], nudges: Nudges) -> _Layout:
    layout = _Layout(0.0, rows, spreads, nudges)
    return layout._replace(cost=_cost(stage, _place(stage, layout))[0])


def _cost(stage: _Stage, placed: Sequence[_Placed]) -> tuple[float, list[float]]:
    """The cost of a layout, lower is better, and the hidden share of each label.

    Labels hidden past 45 % weigh heavily; then hidden silhouettes and weight off the middle.
    """
    ahead = [(item, [item.inside(area) for area in item.part.silhouette]) for item in placed]
    lip_line = stage.height - stage.lip
    front_row = placed[-1].row
    cost = mass = moment = 0.0
    shares: list[float] = []
    for i, item in enumerate(placed):
        part, x0, y0, x1, y1, row = item
        a, b, c, d = item.inside(part.label)
        hidden = max(0.0, d - max(b, lip_line)) * (c - a) if stage.lip else 0.0
        foot = min(d, lip_line) if stage.lip else d
        buried = 0.0
        for (_, ox0, oy0, ox1, oy1, _), outline in ahead[i + 1 :]:
            if ox0 >= x1 or ox1 <= x0 or oy0 >= y1 or oy1 <= y0:
                continue
            for p, q, r, s in outline:
                if p < x1 and r > x0 and q < y1 and s > y0:
                    buried += (min(x1, r) - max(x0, p)) * (min(y1, s) - max(y0, q))
                    if p < c and r > a and q < foot and s > b:
                        hidden += (min(c, r) - max(a, p)) * (min(foot, s) - max(b, q))
        share = min(1.0, hidden / ((c - a) * (d - b) or 1.0))
        area = (x1 - x0) * (y1 - y0) or 1.0
        veiled = buried / area
        if not part.front:
            share *= 0.15
        shares.append(share)
        cost += share + 12 * max(0.0, share - 0.45) + 20 * max(0.0, share - 0.6)
        cost += 0.6 * min(veiled, 1.0) + 14 * max(0.0, veiled - 0.6)
        if part.drawing.hero:
            off_centre = abs((x0 + x1) / 2 / stage.width - 0.5)
            cost += 6 * share + 3 * min(veiled, 1.0) + 5 * off_centre
        mass += area
        moment += area * (x0 + x1) / 2
        if y0 < -1:
            cost -= 0.05 * y0
        if part.up > 20 and not part.turn and row < front_row:
            cost += 6.0  # a pile behind others would seem to float
    if mass:
        cost += 56 * (moment / mass / stage.width - 0.5) ** 2
    return cost, shares


def _hidden_by_sku(stage: _Stage, layout: _Layout) -> dict[str, float]:
    placed = _place(stage, layout)
    out: dict[str, float] = {}
    for item, share in zip(placed, _cost(stage, placed)[1], strict=True):
        sku = item.part.shape.sku
        out[sku] = max(out.get(sku, 0.0), share)
    return out


def _improved(stage: _Stage, layout: _Layout, budget: int) -> _Layout:
    better = True
    while better and budget > 0:
        better = False
        hidden = _hidden_by_sku(stage, layout)

        def badness(position: tuple[int, int]) -> tuple[float, tuple[int, int]]:
            unit = layout.rows[position[0]][position[1]]  # noqa: B023
            worst = max(hidden.get(part.shape.sku, 0.0) for part in unit.parts)  # noqa: B023
            return -worst, position

        positions = sorted(
            ((k, i) for k, row in enumerate(layout.rows) for i in range(len(row))), key=badness
        )
        for rank in range(min(4, len(positions))):
            found: _Layout | None = None
            best = layout.cost
            for rows, spreads, nudges in _moves(stage, layout, positions, rank, hidden):
                if budget <= 0:
                    break
                budget -= 1
                candidate = _scored(stage, rows, spreads, nudges)
                if candidate.cost < best - 1e-6:
                    clearly = candidate.cost < best - 0.8
                    best, found = candidate.cost, candidate
                    if clearly:
                        break
            if found:
                layout, better = found, True
                break
    return layout


def _moves(
    stage: _Stage,
    layout: _Layout,
    positions: Sequence[tuple[int, int]],
    rank: int,
    hidden: Mapping[str, float],
) -> Iterable[tuple[Rows, list[int], Nudges]]:
    """The neighbouring layouts, the most promising first."""
    rows, spreads, nudges = layout.rows, layout.spreads, layout.nudges
    position = positions[rank]
    k, i = position
    unit = rows[k][i]
    moved = [
        (row, end)
        for row in range(len(rows) - 1, -1, -1)
        if row != k and len(rows[k]) > 1
        for end in (0, 1)
    ]
    swapped = [other for other in reversed(positions) if other != position]
    ways: list[tuple[str, tuple[int, int]]] = [("move", way) for way in moved]
    ways += [("swap", way) for way in swapped]
    if hidden.get(unit.parts[-1].shape.sku, 0.0) > 0.3:
        asides = [(-28, 0), (28, 0)] + ([(0, -30), (0, 30)] if stage.above else [])
        ways[2:2] = [("nudge", way) for way in asides]
    if rank == 0 and len(positions) < 7:
        choices = (GROUPED, LEFT, RIGHT) if stage.few else (GROUPED, EDGE_TO_EDGE, LEFT, RIGHT)
        ways += [
            ("spread", (row, choice))
            for row in range(len(rows))
            for choice in choices
            if choice != spreads[row] and len(rows[row]) < 5
        ]
    for kind, (a, b) in ways:
        if kind == "spread":
            yield rows, [b if row == a else old for row, old in enumerate(spreads)], nudges
        elif kind == "nudge":
            dx, dy = nudges.get(unit.key, (0.0, 0.0))
            yield rows, spreads, {**nudges, unit.key: (dx + a, dy + b)}
        else:
            changed = [list(row) for row in rows]
            if kind == "swap":
                changed[k][i], changed[a][b] = changed[a][b], changed[k][i]
            else:
                changed[a].insert(len(changed[a]) * b, changed[k].pop(i))
            yield changed, spreads, nudges


_SAMPLES = tuple((n + 0.5) / 7 for n in range(7))


def _visibility(stage: _Stage, placed: Sequence[_Placed]) -> list[tuple[float, float]]:
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

        def hidden(area: Area) -> float:
            x0, y0, x1, y1 = item.inside(area)  # noqa: B023
            count = 0
            for u in _SAMPLES:
                x = x0 + (x1 - x0) * u
                for v in _SAMPLES:
                    y = y0 + (y1 - y0) * v
                    if y > lip_line or any(
                        b[0] < x < b[2] and b[1] < y < b[3]
                        for b in before  # noqa: B023
                    ):
                        count += 1
            return count / 49

        out.append((hidden(item.part.label), 1 - hidden((0, 0, 1, 1))))
    return out


def _without_hidden(
    layout: _Layout, placed: Sequence[_Placed], seen: Sequence[tuple[float, float]]
) -> tuple[_Layout, int]:
    """The layout without the units nobody could recognise, and how many pieces they stood for."""
    recognisable = {
        id(item.part)
        for item, (covered, visible) in zip(placed, seen, strict=True)
        if visible >= HIDDEN or covered <= 0.8
    }
    gone: set[str] = set()
    pieces = 0
    for row in layout.rows:
        for unit in row:
            fronts = [part for part in unit.parts if part.front]
            if any(id(part) in recognisable for part in fronts):
                continue
            gone.add(unit.key)
            pieces += sum(max(part.tally, 1) for part in fronts)
            if not unit.parts[-1].tally:
                pieces += len(unit.parts) - len(fronts)
    rows = [[unit for unit in row if unit.key not in gone] for row in layout.rows]
    kept = [k for k, row in enumerate(rows) if row]
    return (
        layout._replace(rows=[rows[k] for k in kept], spreads=[layout.spreads[k] for k in kept]),
        pieces,
    )
