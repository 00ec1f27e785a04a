"""The automatic layout of a filled box: who stands where so that every product can be recognised.

Products come in one after the other, in the order of the lines: each goes to the place where it
spoils the picture least, and others give way only where something could not be recognised. So a
product added to a hamper leaves the rest of the picture as it was. Legibility beats physical
truth: the packing test, not the picture, decides what fits. Millimetres; y grows down from the
lid line.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf

from gifting.core.drawing.goods import Recolour
from gifting.core.drawing.placing import (
    NOTHING,
    Layout,
    Placed,
    Row,
    Spread,
    Stage,
    place,
    scale_of,
    stage_of,
)
from gifting.core.drawing.seeing import View, judge, look, visibility
from gifting.core.drawing.shapes import BoxShape, Shape
from gifting.core.drawing.units import Unit, drawn_of, units_of

HIDDEN = 0.2  # less visible than this: not drawn, counted in «+n»

_BEARABLE = 1.5  # the pain of a unit that is left where it is
_LOST = 4.0  # the pain of one that nobody can recognise
_WORTH_IT = 3.0  # what a picture begun afresh must better
_GAIN = 0.6  # what a move must better
_TRIES = 100  # layouts tried to mend one, divided by its units
_NUDGE_MM = 28.0


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


def arrange(box: BoxShape, items: Iterable[Shape]) -> tuple[Placement, ...]:
    """The placements in drawing order; none for an empty box."""
    return _arranged(box, tuple(item for item in items if item.quantity > 0))


def forget() -> None:
    """Forget the layouts found so far: the next are found as for the first time."""
    _arranged.cache_clear()
    _settled.cache_clear()


@lru_cache(maxsize=512)
def _arranged(box: BoxShape, items: tuple[Shape, ...]) -> tuple[Placement, ...]:
    if not items:
        return ()
    shapes, left = drawn_of(items)
    layout = _settled(box, shapes)
    stage = stage_of(box, layout.units)
    placed = place(stage, layout)
    seen = visibility(stage, placed)
    if len(layout.units) > 3:
        layout, gone = _without_hidden(layout, placed, seen)
        if gone:
            left += gone
            placed = place(stage, layout)
            seen = visibility(stage, placed)
    out = [
        _placement(stage, len(layout.rows), item, covered)
        for item, (covered, _) in zip(placed, seen, strict=True)
    ]
    if left:
        row = len(layout.rows)
        out.append(Placement("", "", (), stage.width - 48, 10, 38, 38, row, tag=f"+{left}"))
    return tuple(out)


def _placement(stage: Stage, rows: int, placed: Placed, covered: float) -> Placement:
    part = placed.part
    scale = scale_of(stage, rows, placed.row)
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


@lru_cache(maxsize=2048)
def _settled(box: BoxShape, shapes: tuple[Shape, ...]) -> Layout:
    """The layout of the box when these products have come in, one by one, then further pieces."""
    if not shapes:
        return NOTHING
    units = units_of(box, shapes)
    stage = stage_of(box, units)
    one_each = tuple(replace(shape, quantity=1) for shape in shapes)
    came_in = shapes == one_each
    earlier = shapes[:-1] if came_in else one_each
    layout = _with_more(stage, *_carried_over(_settled(box, earlier), units))
    view = _mended(stage, layout, _BEARABLE if came_in else _LOST)
    if came_in and view.worst > _LOST:
        largest_first = sorted(units, key=lambda unit: (-unit.width * unit.height, unit.key))
        layout = _with_more(stage, NOTHING, largest_first)
        afresh = _mended(stage, layout, _BEARABLE)
        if afresh.cost < view.cost - _WORTH_IT:
            view = afresh
    return view.layout


def _without(layout: Layout, keys: Collection[str]) -> Layout:
    rows = (
        Row(tuple(unit for unit in row.units if unit.key not in keys), row.spread)
        for row in layout.rows
    )
    nudges = {key: step for key, step in layout.nudges.items() if key not in keys}
    return Layout(tuple(row for row in rows if row.units), nudges)


def _with_more(stage: Stage, layout: Layout, newcomers: Iterable[Unit]) -> Layout:
    for unit in newcomers:
        layout = _best(stage, _insertions(stage, layout, unit)) or layout
    return layout


def _carried_over(before: Layout, units: Sequence[Unit]) -> tuple[Layout, list[Unit]]:
    """The layout with the units as they are now, and the units it has no place for."""
    now = {unit.key: unit for unit in units}
    rows = (
        Row(tuple(now[unit.key] for unit in row.units if unit.key in now), row.spread)
        for row in before.rows
    )
    known = {unit.key for unit in before.units}
    layout = Layout(tuple(row for row in rows if row.units), before.nudges)
    return layout, [unit for unit in units if unit.key not in known]


def _best(stage: Stage, layouts: Iterable[Layout]) -> Layout | None:
    best: View | None = None
    for layout in layouts:
        best = judge(stage, layout, best.cost if best else inf) or best
    return best and best.layout


def _insertions(stage: Stage, layout: Layout, unit: Unit) -> Iterator[Layout]:
    """The layouts with a unit more: anywhere in a row, or in a new one behind or in front."""
    rows, nudges = layout
    for k in range(len(rows) - 1, -1, -1):
        row = rows[k]
        for i in range(len(row.units), -1, -1):
            wider = Row((*row.units[:i], unit, *row.units[i:]), row.spread)
            yield Layout((*rows[:k], wider, *rows[k + 1 :]), nudges)
    if len(rows) < stage.most_rows:
        for spread in (Spread.GROUPED, Spread.LEFT, Spread.RIGHT):
            yield Layout((Row((unit,), spread), *rows), nudges)
        if rows:
            yield Layout((*rows, Row((unit,))), nudges)


def _mended(stage: Stage, layout: Layout, bearable: float) -> View:
    """The layout after the units that are hard to recognise have looked for better places."""
    view = look(stage, layout)
    tries = _TRIES // max(1, len(layout.units))
    while tries > 0:
        better: View | None = None
        for key in _sufferers(view, bearable):
            for candidate in _moves(stage, view.layout, key):
                tries -= 1
                limit = better.cost if better else view.cost - _GAIN
                better = judge(stage, candidate, limit) or better
            if better or tries <= 0:
                break
        if not better:
            break
        view = better
    return view


def _sufferers(view: View, bearable: float) -> list[str]:
    """The units hard to recognise, the worst first, three at most."""
    keys = [key for key, pain in view.pains.items() if pain > bearable]
    return sorted(keys, key=lambda key: (-view.pains[key], key))[:3]


def _moves(stage: Stage, layout: Layout, key: str) -> Iterator[Layout]:
    """The layouts in which one unit is elsewhere, or its row otherwise spread."""
    rows, nudges = layout
    unit = next(unit for unit in layout.units if unit.key == key)
    yield from _insertions(stage, _without(layout, {key}), unit)
    for other in layout.units:
        if other is not unit:
            yield Layout(tuple(_swapped(row, unit, other) for row in rows), nudges)
    for step in (-_NUDGE_MM, _NUDGE_MM):
        yield Layout(rows, {**nudges, key: nudges.get(key, 0.0) + step})
    for k, row in enumerate(rows):
        for spread in Spread:
            if spread is not row.spread and len(row.units) < 5:
                yield Layout((*rows[:k], Row(row.units, spread), *rows[k + 1 :]), nudges)


def _swapped(row: Row, one: Unit, other: Unit) -> Row:
    turned = {one.key: other, other.key: one}
    return Row(tuple(turned.get(unit.key, unit) for unit in row.units), row.spread)


def _without_hidden(
    layout: Layout, placed: Sequence[Placed], seen: Sequence[tuple[float, float]]
) -> tuple[Layout, int]:
    """The layout without the units nobody could recognise, and how many pieces they stood for."""
    recognisable = {
        id(item.part)
        for item, (covered, visible) in zip(placed, seen, strict=True)
        if visible >= HIDDEN or covered <= 0.8
    }
    gone = {
        unit.key: unit.pieces
        for unit in layout.units
        if not any(part.front and id(part) in recognisable for part in unit.parts)
    }
    return _without(layout, gone), sum(gone.values())
