"""Whether contents go into a box: size, height, volume and weight.

Necessary conditions, decided without packing the box piece by piece: every
piece fits in a position it may have, any two pieces find room beside, behind or
above each other, rigid pieces too high to be stacked find room on the floor, the
volume stays within the usable share, the weight within what the box bears. So
"does not fit" is certain; soft bags and layers of small things are left to the
usable share. Lengths in millimetres, weights in grams.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, permutations, product

USABLE_SHARE = Decimal("0.92")
"""Share of the inner volume that contents may take; the rest is paper and air."""

_BOTTLE_CATEGORIES = frozenset({"vino", "birra", "olio-e-aceto"})
_PLANT_CATEGORY = "piante"
_CAKE_CATEGORY = "panettoni-e-dolci"
_CAKE_MIN_SIDE_MM = 140
_BOTTLE_SLENDERNESS = 2

_MAX_TRIES = 2000

Size = tuple[int, int, int]
Base = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Left, near, right and far edge on the floor."""


class Posture(StrEnum):
    ANY = "any"
    """Any rotation."""
    STANDS = "stands"
    """Stays upright: turned on its base at most."""
    BOTTLE = "bottle"
    """Stands where the box is high enough, otherwise lies along the box."""


class Orientation(StrEnum):
    STANDING = "standing"
    LYING = "lying"


class FitCode(StrEnum):
    """What is wrong. The values each problem carries are named here.

    - TOO_BIG: length_mm, width_mm, height_mm, inner_length_mm, inner_width_mm, inner_height_mm
    - TOO_TALL: height_mm, inner_height_mm, inner_length_mm
    - TOO_FULL: fill_percent, usable_percent, volume_ml, usable_ml; with a sku when
      the volume is there but there is no room for that piece beside the others
    - TOO_HEAVY: weight_g, max_weight_g, excess_g
    - NOTHING: none (the box is empty)
    """

    TOO_BIG = "too_big"
    TOO_TALL = "too_tall"
    TOO_FULL = "too_full"
    TOO_HEAVY = "too_heavy"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class BoxSize:
    """Inner size of a box, the weight it bears (itself included) and its own weight."""

    sku: str
    length_mm: int
    width_mm: int
    height_mm: int
    max_weight_g: int
    tare_g: int

    @property
    def inner(self) -> Size:
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def volume_mm3(self) -> int:
        return self.length_mm * self.width_mm * self.height_mm


@dataclass(frozen=True, slots=True)
class Packable:
    """`quantity` equal pieces; the height is that of the piece standing."""

    sku: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    posture: Posture
    quantity: int = 1

    @property
    def size(self) -> Size:
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def volume_mm3(self) -> int:
        """Of all pieces."""
        return self.length_mm * self.width_mm * self.height_mm * self.quantity


@dataclass(frozen=True, slots=True)
class FitProblem:
    code: FitCode
    sku: str | None
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class FitReport:
    """`fill_percent` is of the inner volume, rounded up: more than 92 is too full."""

    box: BoxSize
    volume_ml: int
    usable_ml: int
    fill_percent: int
    weight_g: int
    max_weight_g: int
    problems: tuple[FitProblem, ...]

    @property
    def fits(self) -> bool:
        return not self.problems


def posture_of(category: str, length: int, width: int, height: int) -> Posture:
    """Decide how a product may lie from its category and standing size in millimetres.

    Plants and whole cakes (panettone, pandoro, tarts: no side of the base under
    140 mm, unlike bars and trays of sweets) stay upright. Wine, beer, oil and
    anything as slender as a bottle on a square base stand or lie down. The rest
    (bags, packets, jars, cloth, paper) may be turned as it comes.
    """
    if category == _PLANT_CATEGORY:
        return Posture.STANDS
    if category == _CAKE_CATEGORY and min(length, width) >= _CAKE_MIN_SIDE_MM:
        return Posture.STANDS
    is_slender = length == width and height >= _BOTTLE_SLENDERNESS * length
    if category in _BOTTLE_CATEGORIES or is_slender:
        return Posture.BOTTLE
    return Posture.ANY


def stance(inner: Size, size: Size, posture: Posture) -> Orientation:
    """Whether a piece stands or lies in a box: it lies where it may and cannot stand."""
    length, width, height = size
    can_stand = height <= inner[2] and _goes_into((length, width), inner[:2])
    if can_stand or posture is Posture.STANDS:
        return Orientation.STANDING
    return Orientation.LYING


def check_fit(box: BoxSize, items: Sequence[Packable]) -> FitReport:
    volume_mm3 = sum(item.volume_mm3 for item in items)
    weight_g = box.tare_g + sum(item.weight_g * item.quantity for item in items)
    fill_percent = -(-100 * volume_mm3 // box.volume_mm3)
    usable_percent = int(USABLE_SHARE * 100)
    volume = {
        "fill_percent": fill_percent,
        "usable_percent": usable_percent,
        "volume_ml": -(-volume_mm3 // 1000),
        "usable_ml": box.volume_mm3 * usable_percent // 100_000,
    }
    problems = [problem for item in items if (problem := _size_problem(box, item))]
    if fill_percent > usable_percent:
        problems.append(FitProblem(FitCode.TOO_FULL, None, volume))
    elif not problems and (crowded := _without_room(box, items)):
        problems.append(FitProblem(FitCode.TOO_FULL, crowded.sku, volume))
    if weight_g > box.max_weight_g:
        weights = {"weight_g": weight_g, "max_weight_g": box.max_weight_g}
        weights["excess_g"] = weight_g - box.max_weight_g
        problems.append(FitProblem(FitCode.TOO_HEAVY, None, weights))
    if not items:
        problems.append(FitProblem(FitCode.NOTHING, None, {}))
    return FitReport(
        box=box,
        volume_ml=volume["volume_ml"],
        usable_ml=volume["usable_ml"],
        fill_percent=fill_percent,
        weight_g=weight_g,
        max_weight_g=box.max_weight_g,
        problems=tuple(problems),
    )


def boxes_that_fit(boxes: Iterable[BoxSize], items: Sequence[Packable]) -> list[BoxSize]:
    """List the boxes the contents go into, smallest volume first."""
    by_volume = sorted(boxes, key=lambda box: (box.volume_mm3, box.sku))
    return [box for box in by_volume if check_fit(box, items).fits]


def can_add(box: BoxSize, items: Sequence[Packable], candidate: Packable) -> FitReport:
    """Report on the box with `candidate` added to what is in it."""
    return check_fit(box, [*items, candidate])


def _size_problem(box: BoxSize, item: Packable) -> FitProblem | None:
    if _positions(box.inner, item.size, item.posture):
        return None
    length, width, height = box.inner
    inner = {"inner_length_mm": length, "inner_height_mm": height}
    has_base = _goes_into((item.length_mm, item.width_mm), (length, width))
    if item.posture is not Posture.ANY and has_base:
        return FitProblem(FitCode.TOO_TALL, item.sku, {"height_mm": item.height_mm, **inner})
    size = {
        "length_mm": item.length_mm,
        "width_mm": item.width_mm,
        "height_mm": item.height_mm,
        "inner_width_mm": width,
    }
    return FitProblem(FitCode.TOO_BIG, item.sku, {**size, **inner})


def _goes_into(base: tuple[int, int], floor: tuple[int, int]) -> bool:
    return min(base) <= min(floor) and max(base) <= max(floor)


def _without_room(box: BoxSize, items: Sequence[Packable]) -> Packable | None:
    """Find a piece that has no room together with another one."""
    pieces = [piece for item in items for piece in [item] * min(item.quantity, 2)]
    for one, other in combinations(pieces, 2):
        if not _go_together(
            _positions(box.inner, one.size, one.posture),
            _positions(box.inner, other.size, other.posture),
            box.inner,
        ):
            return max(one, other, key=_base_area)
    unstackable = [item for item in items if _is_unstackable(box, item)]
    bases = sorted(
        tuple(sorted({p[:2] for p in _positions(box.inner, item.size, item.posture)}))
        for item in unstackable
        for _ in range(item.quantity)
    )
    if _have_floor(tuple(bases), box.inner[:2]):
        return None
    return max(unstackable, key=_base_area)


def _base_area(piece: Packable) -> int:
    return piece.length_mm * piece.width_mm


def _is_unstackable(box: BoxSize, item: Packable) -> bool:
    """Whether a rigid piece takes more than half the height however it is put."""
    if item.posture is Posture.ANY:
        return False
    positions = _positions(box.inner, item.size, item.posture)
    return 2 * min(height for _, _, height in positions) > box.height_mm


@lru_cache(maxsize=1024)
def _have_floor(pieces: tuple[tuple[Base, ...], ...], floor: Base) -> bool:
    """Whether pieces, each with the bases it may have, can stand side by side.

    Tries every order and every base in the corners left by the pieces already
    there (a packing can always be pushed into its corners, so this is exact).
    Gives up after a bounded number of tries, and then says yes.
    """
    smallest = sum(min(a * b for a, b in bases) for bases in pieces)
    if smallest > floor[0] * floor[1]:
        return False
    tries = 0

    def place(left: tuple[tuple[Base, ...], ...], placed: tuple[Rectangle, ...]) -> bool:
        nonlocal tries
        tries += 1
        if not left or tries > _MAX_TRIES:
            return True
        corners = [
            (x, y)
            for x in sorted({0, *(right for _, _, right, _ in placed)})
            for y in sorted({0, *(top for _, _, _, top in placed)})
        ]
        for bases in dict.fromkeys(left):
            rest = list(left)
            rest.remove(bases)
            for (a, b), (x, y) in product(bases, corners):
                spot = (x, y, x + a, y + b)
                is_free = (
                    spot[2] <= floor[0]
                    and spot[3] <= floor[1]
                    and not any(_overlap(spot, other) for other in placed)
                )
                if is_free and place(tuple(rest), (*placed, spot)):
                    return True
        return False

    return place(pieces, ())


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@lru_cache(maxsize=4096)
def _positions(inner: Size, size: Size, posture: Posture) -> tuple[Size, ...]:
    """List the extents (along length, width, height of the box) a piece may take in it."""
    length, width, height = size
    upright = {(length, width, height), (width, length, height)}
    turned = upright if posture is Posture.STANDS else set(permutations(size, 3))
    room_length, room_width, room_height = inner
    return tuple(
        sorted(
            (a, b, c)
            for a, b, c in turned
            if a <= room_length and b <= room_width and c <= room_height
        )
    )


@lru_cache(maxsize=16384)
def _go_together(one: tuple[Size, ...], other: tuple[Size, ...], inner: Size) -> bool:
    """Whether some position of each leaves room for both along some side of the box."""
    return any(
        a + b <= room
        for first in one
        for second in other
        for a, b, room in zip(first, second, inner, strict=True)
    )
