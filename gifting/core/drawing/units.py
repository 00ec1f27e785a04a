"""What is set down in a box as one thing: a piece, a stepped group of equals, a pile of flat ones.

A drawing's silhouette is one or two rectangles of the unit square, so that a bag shows between two
bottle necks; its label is the part by which the product is recognised.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gifting.core.drawing.products import Drawing, drawing_of
from gifting.core.drawing.shapes import BoxShape, Shape
from gifting.core.fit import Orientation, stance

Area = tuple[float, float, float, float]  # x0, y0, x1, y1

MAX_PRODUCTS = 12
MAX_PIECES = 18
STEP_ACROSS, STEP_UP = 12.0, 4.0

_WHOLE: tuple[Area, ...] = ((0, 0, 1, 1),)
_BOTTLE: tuple[Area, ...] = ((0, 0.44, 1, 1), (0.32, 0, 0.68, 0.44))
_SILHOUETTES: dict[str, tuple[Area, ...]] = {
    "beer": _BOTTLE,
    "wine": _BOTTLE,
    "oil": ((0, 0.3, 1, 1), (0.36, 0, 0.64, 0.3)),
    "juice": ((0, 0.36, 1, 1), (0.28, 0, 0.72, 0.36)),
    "lotion": ((0, 0.32, 1, 1), (0.25, 0.05, 0.75, 0.32)),
    "detergent": ((0, 0.3, 1, 1), (0.3, 0, 0.7, 0.3)),
    "diffuser": ((0, 0.6, 1, 1), (0.25, 0.1, 0.75, 0.6)),
    "taralli": ((0.03, 0.3, 0.97, 1), (0.3, 0, 0.7, 0.3)),
    "panettone": ((0.03, 0.12, 0.97, 1), (0.25, 0, 0.75, 0.12)),
    "veneziana": ((0.03, 0.3, 0.97, 1), (0.25, 0.04, 0.75, 0.3)),
    "pandoro": ((0.05, 0.6, 0.95, 1), (0.2, 0.05, 0.8, 0.6)),
    "cheese": ((0, 0.5, 1, 1), (0.4, 0.15, 0.97, 0.5)),
    "flower": ((0.2, 0.72, 0.8, 1), (0.1, 0.05, 0.9, 0.72)),
    "mug": ((0.05, 0.05, 0.75, 1), (0.75, 0.3, 1, 0.8)),
    "candle": ((0.06, 0.3, 0.94, 1),),
}
_MIDDLE: Area = (0.12, 0.2, 0.88, 0.88)
_LABELS: dict[str, Area] = {
    "beer": (0.05, 0.56, 0.95, 0.84),
    "wine": (0.05, 0.55, 0.95, 0.84),
    "oil": (0.1, 0.48, 0.9, 0.85),
    "juice": (0.1, 0.47, 0.9, 0.86),
    "lotion": (0.18, 0.48, 0.82, 0.85),
    "detergent": (0.05, 0.5, 0.95, 0.85),
    "diffuser": (0.15, 0.68, 0.85, 0.95),
    "taralli": (0.1, 0.3, 0.9, 0.8),
    "panettone": (0.05, 0.05, 0.95, 0.85),
    "veneziana": (0.05, 0.1, 0.95, 0.9),
    "pandoro": (0.1, 0.1, 0.9, 0.9),
    "biscuits": (0.18, 0.2, 0.82, 0.6),
    "pouch": (0.2, 0.3, 0.8, 0.87),
    "coffee": (0.15, 0.34, 0.85, 0.83),
    "tea": (0.14, 0.3, 0.86, 0.9),
    "pasta": (0.18, 0.17, 0.82, 0.5),
    "chocolate_bar": (0.1, 0.02, 0.9, 0.88),
    "honey": (0.1, 0.3, 0.9, 0.95),
    "jam": (0.15, 0.45, 0.85, 0.88),
    "jar": (0.03, 0.45, 0.97, 0.85),
    "passata": (0.13, 0.4, 0.87, 0.86),
    "can": (0.1, 0.3, 0.9, 0.75),
    "calendar": (0.05, 0.0, 0.95, 0.55),
    "grissini": (0.1, 0.4, 0.9, 0.8),
    "cheese": (0.05, 0.1, 0.95, 0.95),
    "flower": (0.05, 0.02, 0.95, 0.6),
    "cake": (0.12, 0.12, 0.88, 0.88),
    "folded": (0.12, 0.05, 0.88, 0.7),
    "gift": (0.15, 0.02, 0.85, 0.6),
    "assortment": (0.1, 0.14, 0.62, 0.86),
    "torrone": (0.02, 0.1, 0.98, 0.9),
    "edge": (0.25, 0.15, 0.75, 0.85),
    "pile": (0.38, 0.1, 0.62, 0.9),
}
_NEVER_LIES = frozenset(
    {
        "panettone",
        "pandoro",
        "veneziana",
        "flower",
        "plant",
        "cheese",
        "mug",
        "candle",
        "cake",
        "honey",
        "jar",
        "jam",
        "cream_pot",
        "diffuser",
        "gift",
        "tin",
    }
)
_BRICKS = frozenset({"coffee", "pasta", "biscuits"})
_PILES = frozenset({"edge", "pile"})


def _turned(area: Area, turn: int) -> Area:
    x0, y0, x1, y1 = area
    if turn > 0:
        return y0, 1 - x1, y1, 1 - x0
    if turn < 0:
        return 1 - y1, x0, 1 - y0, x1
    return area


@dataclass(slots=True)
class Part:
    """One drawn piece: its face on the picture, its place in the unit (`up` from the base)."""

    shape: Shape
    drawing: Drawing
    width: float
    height: float
    turn: int = 0
    across: float = 0.0
    up: float = 0.0
    tally: int = 0  # pieces it stands for, 0 when every piece is drawn
    front: bool = True  # the nearest of its group
    central: bool = False  # the hero of the box, wanted in the middle
    silhouette: tuple[Area, ...] = field(init=False)
    label: Area = field(init=False)

    def __post_init__(self) -> None:
        outline = _SILHOUETTES.get(self.drawing.art, _WHOLE)
        self.silhouette = tuple(_turned(area, self.turn) for area in outline)
        x0, y0, x1, y1 = _LABELS.get(self.drawing.art, _MIDDLE)
        if self.turn and len(outline) == 2:
            y0 = 0.22  # a lying bottle reads by label and shoulder
        self.label = _turned((x0, y0, x1, y1), self.turn)


@dataclass(slots=True)
class Unit:
    parts: list[Part]
    key: str
    width: float = field(init=False)
    height: float = field(init=False)
    under_labels: float = field(init=False)  # mm from the foot up to the first label
    side: float = field(init=False)  # where it likes to be, so that edits keep it there: -1 left

    def __post_init__(self) -> None:
        self.width = max(part.across + part.width for part in self.parts)
        self.height = max(part.up + part.height for part in self.parts)
        self.side = zlib.crc32(self.key.encode()) % 201 / 100 - 1
        self.under_labels = min(
            part.up + (1 - part.label[3]) * part.height for part in self.parts if part.front
        )

    @property
    def pieces(self) -> int:
        """Pieces it stands for, drawn or not."""
        tallied = sum(part.tally for part in self.parts)
        drawn = {part.shape.sku for part in self.parts if part.tally}
        return tallied + sum(part.shape.sku not in drawn for part in self.parts)

    @property
    def flat_top(self) -> bool:
        top = self.parts[-1]
        return top.drawing.flat_top or (bool(top.turn) and top.drawing.art in _BRICKS)

    @property
    def alone(self) -> bool:
        return len(self.parts) == 1


def drawn_of(items: Sequence[Shape]) -> tuple[tuple[Shape, ...], int]:
    """The products that are drawn, as they came in, and how many pieces are left to «+n».

    Equal skus are one; past twelve products those with the largest faces are drawn.
    """
    by_sku: dict[str, Shape] = {}
    for item in items:
        known = by_sku.get(item.sku)
        by_sku[item.sku] = (
            replace(known, quantity=known.quantity + item.quantity) if known else item
        )

    def face(shape: Shape) -> float:
        drawing = drawing_of(shape)
        return drawing.width * drawing.height

    largest = sorted(by_sku.values(), key=lambda shape: (-face(shape), shape.sku))
    left = {shape.sku for shape in largest[MAX_PRODUCTS:]}
    drawn = tuple(shape for shape in by_sku.values() if shape.sku not in left)
    return drawn, sum(by_sku[sku].quantity for sku in left)


@dataclass(slots=True)
class _Builder:
    box: BoxShape
    shapes: list[Shape]
    crowded: bool = False
    torrone_upright: bool = False
    laid: int = 0

    def __post_init__(self) -> None:
        w, h = self.box.length_mm, self.box.depth_mm
        faces = [drawing_of(shape) for shape in self.shapes]
        if self.box.from_above:
            given = sum(face.width for face in faces)
            turned = sum(
                min(face.width, face.height) if face.art == "torrone" else face.width
                for face in faces
            )
            self.torrone_upright = turned <= w * 1.02 < given * 1.03
        else:
            total = sum(
                min(face.width, w)
                if face.height <= h or face.width > face.height
                else min(face.height, w)
                for face in faces
            )
            self.crowded = total > 2.1 * w

    def face(self, shape: Shape, taken: set[tuple[str, object]]) -> Drawing:
        """The drawing used in this box: its own colour while one is free, on edge in a crowd."""
        drawing = drawing_of(shape)
        if self.crowded and drawing.art == "folded":
            drawing = _on_its_folds(drawing, shape)
        for recolour in drawing.alternatives:
            if (drawing.art, recolour) not in taken:
                drawing = replace(drawing, recolour=recolour)
                break
        taken.add((drawing.art, drawing.recolour))
        flat = drawing.art in {"cake", "assortment"} and shape.height_mm >= 24
        if self.crowded and flat:
            colour = tuple(pair for pair in drawing.recolour if pair[0] == "colour")
            return Drawing("edge", colour, drawing.width, shape.height_mm, flat_top=True)
        return drawing

    def lies(self, shape: Shape, drawing: Drawing) -> bool:
        """Whether the drawing is turned on its side.

        Seen from the front, what the packing test lays down; slabs lean and show their plan.
        From above all things show their faces and are turned on the floor where they fit better.
        """
        if drawing.art == "folded":
            return False
        box_w, box_h = self.box.length_mm, self.box.depth_mm
        w, h = drawing.width, drawing.height
        if self.box.from_above:
            if drawing.art in _NEVER_LIES:
                return False
            give = 1.08 if drawing.soft else 1.0
            too_big = w > box_w * 1.02 or h > box_h * give
            fits_turned = h <= box_w * 1.02 and w <= box_h * 1.02
            return (self.torrone_upright and drawing.art == "torrone") or (too_big and fits_turned)
        if drawing.plan:
            return w > box_w and w <= box_h
        return stance(self.box.inner, shape.size, shape.posture) is Orientation.LYING

    def measures(self, drawing: Drawing, *, lying: bool) -> tuple[float, float]:
        """The face on the picture: cloth refolded, bags squeezed, nothing wider than the box."""
        box_w, box_h, above = self.box.length_mm, self.box.depth_mm, self.box.from_above
        w, h = drawing.width, drawing.height
        if drawing.art == "folded":
            if len(self.shapes) > 1 and w * h > 0.34 * box_w * box_h:
                w, h = h, w / 2
            w, h = min(w, box_w * 0.92), min(h, box_h * (0.94 if above else 0.84))
        if lying:
            w, h = h, w
        if above:
            fit = min(1.0, box_w * 0.985 / w, box_h * 0.985 / h)
        else:
            fit = box_h / h if drawing.soft and h > box_h else 1.0
        fit = min(fit, box_w * 0.98 / w)
        return w * fit, h * fit

    def group(self, shape: Shape, drawing: Drawing, budget: int) -> Unit:
        box_w, box_h = self.box.length_mm, self.box.depth_mm
        lying = self.lies(shape, drawing)
        w, h = self.measures(drawing, lying=lying)
        alone = len(self.shapes) == 1
        count = max(1, min(shape.quantity, 6 if alone else 3, budget))
        if lying or w > 150:
            layers = 1 + int(max(0.0, box_h * 0.96 - h) / (0.6 * h)) if lying else 2
            count = min(count, 3, layers)
        if lying:
            self.laid += 1
            turn = 1 if self.laid % 2 else -1
            slack = max(0.0, min(STEP_ACROSS, box_w * 0.97 - w))
            parts = [
                Part(shape, drawing, w, h, turn, j % 2 * slack, (count - 1 - j) * 0.6 * h)
                for j in range(count)
            ]
        else:
            step = self._step(w, count)
            rise = min(STEP_UP, max(0.0, (box_h - 6 - h) / count))
            parts = [
                Part(shape, drawing, w, h, 0, j * step, (count - 1 - j) * rise)
                for j in range(count)
            ]
        for part in parts[:-1]:
            part.front = False
        if shape.quantity > count:
            parts[-1].tally = shape.quantity
        return Unit(parts, shape.sku)

    def _step(self, w: float, count: int) -> float:
        if count == 1:
            return STEP_ACROSS
        box_w, products = self.box.length_mm, len(self.shapes)
        share = 0.9 if products == 1 else 0.3 if products < 6 else 0.16
        wished = min(0.62 * w if w < 100 else 0.3 * w, (box_w * share - w) / (count - 1))
        return min(max(STEP_ACROSS, wished), max(0.0, (box_w * 0.96 - w) / (count - 1)))


def _on_its_folds(drawing: Drawing, shape: Shape) -> Drawing:
    recolours = tuple(
        tuple(pair for pair in recolour if pair[0] == "colour" or pair == ("kind", "stripes"))
        for recolour in drawing.alternatives
    )
    height = max(36.0, min(56.0, 2.0 * shape.height_mm))
    return Drawing(
        "pile",
        (),
        min(220.0, drawing.width),
        height,
        soft=True,
        flat_top=True,
        alternatives=recolours,
    )


def units_of(box: BoxShape, shapes: Sequence[Shape]) -> list[Unit]:
    """The units to lay out, in the order of the products; flat things in piles if it is tight."""
    builder = _Builder(box, list(shapes))
    taken: set[tuple[str, object]] = set()
    units: list[Unit] = []
    budget = MAX_PIECES
    for n, shape in enumerate(shapes):
        drawing = builder.face(shape, taken)
        unit = builder.group(shape, drawing, budget - (len(shapes) - n - 1))
        budget -= len(unit.parts)
        units.append(unit)
    _crown(units)
    if box.from_above:
        return units
    room = box.length_mm * 0.93 * (1.0 if len(units) < 5 else 1.7)
    return _stacked(units, box.depth_mm, room)


def _crown(units: Sequence[Unit]) -> None:
    """One hero is wanted in the middle: the first great cake, else the first wine."""
    heroes = [unit.parts[-1] for unit in units if unit.parts[-1].drawing.hero]
    if heroes:
        max(heroes, key=lambda part: part.drawing.art != "wine").central = True


def _may_rest(upper: Unit, lower: Unit, box_height: float) -> bool:
    top, under = upper.parts[0], lower.parts[0]
    both_lie = lower.alone and bool(under.turn) and bool(top.turn)
    if not (lower.flat_top or both_lie):
        return False
    growing = len(lower.parts) == 2 and {under.drawing.art, lower.parts[-1].drawing.art} <= _PILES
    if not lower.alone and not growing:
        return False
    if upper.width > lower.width * (1.0 if top.turn else 1.15):
        return False
    return lower.height + upper.height <= box_height - 6 and lower.height <= box_height * 0.6


def _stacked(units: Sequence[Unit], box_height: float, wanted: float) -> list[Unit]:
    """Low pieces rested on flat ones until the rows are no wider than `wanted` mm."""
    standing = list(units)
    while sum(unit.width for unit in standing) > wanted:
        pairs = [
            (abs(lower.width - upper.width) + lower.height * 0.5, lower.key, upper.key)
            for upper in standing
            if upper.alone
            and upper.height <= min(90, box_height * 0.4)
            and (upper.flat_top or upper.parts[0].turn)
            for lower in standing
            if lower is not upper and _may_rest(upper, lower, box_height)
        ]
        if not pairs:
            break
        _, below, above = min(pairs)
        lower = next(unit for unit in standing if unit.key == below)
        upper = next(unit for unit in standing if unit.key == above)
        top = upper.parts[0]
        sunk = 0.07 * lower.parts[-1].height + 0.06 * top.height
        resting = replace(
            top, across=max(0.0, (lower.width - top.width) / 2), up=lower.height - sunk
        )
        standing[standing.index(lower)] = Unit([*lower.parts, resting], lower.key)
        standing.remove(upper)
    return standing
