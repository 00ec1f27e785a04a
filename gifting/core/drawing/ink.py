"""The hand of the drawings: flat fills printed slightly off register and one irregular ink line.

Every length is a millimetre. The same path and seed always give the same stroke: the picture of a
product is part of its identity and may not change between two pages.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

INK = "#102B44"
PALETTE = {
    "ink": INK,
    "paper": "#FFFDF7",
    "tissue": "#F3F1EB",
    "blue-100": "#E1EBF2",
    "blue-200": "#CBDCE8",
    "blue-300": "#A9C4D7",
    "blue-400": "#7BA1BC",
    "blue-500": "#4C7C9E",
    "blue-700": "#1F4C72",
    "blue-800": "#173A59",
    "cherry": "#B8324A",
    "cherry-dark": "#8E2039",
    "cherry-light": "#E7A9B2",
    "saffron": "#EFB533",
    "saffron-light": "#F8D98A",
    "crust": "#D08F4C",
    "crust-light": "#E6B983",
    "brown": "#7C4A2A",
    "chocolate": "#55301F",
    "pistachio": "#86A564",
    "pistachio-dark": "#55793B",
    "pistachio-light": "#C5D6AC",
    "bottle": "#23443A",
    "crumb": "#FBEBC0",
}

Point = tuple[float, float]
_T = TypeVar("_T")

_TOKEN = re.compile(r"[MLCQZ]|-?\d+\.?\d*")
_PAIR = re.compile(r"(-?\d+\.?\d*) (-?\d+\.?\d*)")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0}
_MASK = 0xFFFFFFFFFFFFFFFF


class Dice:
    """A small deterministic generator (SplitMix64): neighbouring seeds give unrelated sequences."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def unit(self) -> float:
        """A number from 0 (included) to 1 (excluded)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / 9007199254740992.0

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[int(self.unit() * len(choices))]


def number(value: float) -> str:
    """A coordinate as short as a tenth of a millimetre allows."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def weight(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _segments(path: str) -> Iterator[tuple[str, list[Point]]]:
    tokens = _TOKEN.findall(path)
    at, command = 0, "M"
    while at < len(tokens):
        if tokens[at] in _POINTS:
            command = tokens[at]
            at += 1
        elif command == "M":
            command = "L"
        size = _POINTS[command] * 2
        values = [float(token) for token in tokens[at : at + size]]
        at += size
        yield command, list(zip(values[::2], values[1::2], strict=True))


def hand(
    path: str,
    tremor: float = 0.7,
    seed: int = 1,
    shift: Point = (0, 0),
    *,
    bow: float = 0.012,
) -> str:
    """The path as an uncertain hand draws it.

    Every point is moved by at most `tremor` mm, every straight line slightly bowed, the whole
    shifted. The path may only use absolute M L C Q Z.
    """
    dx, dy = shift
    dice = Dice(seed)
    out: list[str] = []
    here = start = (0.0, 0.0)

    def written(point: Point) -> str:
        return f"{number(point[0] + dx)} {number(point[1] + dy)}"

    def bowed(a: Point, b: Point) -> str:
        length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1
        k = dice.between(-1, 1) * min(length * bow, 1.8)
        middle = (
            (a[0] + b[0]) / 2 - (b[1] - a[1]) / length * k,
            (a[1] + b[1]) / 2 + (b[0] - a[0]) / length * k,
        )
        return f"Q{written(middle)} {written(b)}"

    for command, exact in _segments(path):
        if command == "Z":
            if math.hypot(here[0] - start[0], here[1] - start[1]) > 1.5:
                out.append(bowed(here, start))
            out.append("Z")
            here = start
            continue
        points = [
            (x + dice.between(-tremor, tremor), y + dice.between(-tremor, tremor)) for x, y in exact
        ]
        if command == "M":
            start = points[0]
            out.append("M" + written(start))
        elif command == "L":
            out.append(bowed(here, points[0]))
        else:
            out.append(command + " ".join(written(point) for point in points))
        here = points[-1]
    return "".join(out)


def mapped(path: str, move: Callable[[float, float], Point]) -> str:
    """The path with every point moved by `move`."""

    def rewritten(match: re.Match[str]) -> str:
        x, y = move(float(match[1]), float(match[2]))
        return f"{number(x)} {number(y)}"

    return _PAIR.sub(rewritten, path)


def ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    kx, ky = rx * 0.5523, ry * 0.5523
    return (
        f"M{cx - rx} {cy} C{cx - rx} {cy - ky} {cx - kx} {cy - ry} {cx} {cy - ry} "
        f"C{cx + kx} {cy - ry} {cx + rx} {cy - ky} {cx + rx} {cy} "
        f"C{cx + rx} {cy + ky} {cx + kx} {cy + ry} {cx} {cy + ry} "
        f"C{cx - kx} {cy + ry} {cx - rx} {cy + ky} {cx - rx} {cy} Z"
    )


def rect(x: float, y: float, w: float, h: float) -> str:
    return f"M{x} {y} L{x + w} {y} L{x + w} {y + h} L{x} {y + h} Z"


def plate(x: float, y: float, w: float, h: float, r: float) -> str:
    """The targa: a rectangle with concave corners of radius r."""
    k = r * 0.4477
    q = k * 1.2
    right, bottom = x + w, y + h
    return (
        f"M{x + r} {y} L{right - r} {y} "
        f"C{right - r} {y + q} {right - q} {y + r} {right} {y + r} L{right} {bottom - r} "
        f"C{right - q} {bottom - r} {right - r} {bottom - q} {right - r} {bottom} "
        f"L{x + r} {bottom} C{x + r} {bottom - q} {x + q} {bottom - r} {x} {bottom - r} "
        f"L{x} {y + r} C{x + q} {y + r} {x + r} {y + q} {x + r} {y} Z"
    )


def polygon(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + " Z"


def colour_of(name: str) -> str:
    return PALETTE[name]


@dataclass(frozen=True, slots=True)
class Mark:
    """One printed path: a flat fill (`weight` 0) or a line of `weight` times the ink line."""

    path: str
    colour: str
    weight: float


class Art:
    """A drawing in the making, `width` x `height` mm, standing on y = height."""

    def __init__(self, width: float, height: float, seed: int) -> None:
        self.width = width
        self.height = height
        self.marks: list[Mark] = []
        self._seed = seed
        self._size = max(width, height)

    def fill(self, colour: str, path: str, shift: float = 1) -> None:
        """A flat fill, printed `shift` times 1.4 % to the right and 0.8 % down."""
        self._seed += 1
        dx = self._size * 0.014 * shift
        drawn = hand(path, self._size * 0.004, self._seed, (dx, dx * 0.55))
        self.marks.append(Mark(drawn, colour_of(colour), 0))

    def line(self, path: str, weight: float = 1, colour: str = "ink") -> None:
        self._seed += 1
        drawn = hand(path, self._size * 0.003, self._seed)
        self.marks.append(Mark(drawn, colour_of(colour), weight))

    def shape(self, colour: str, path: str, shift: float = 1, weight: float = 1) -> None:
        self.fill(colour, path, shift)
        self.line(path, weight)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a drawing is laid on paper: the face in mm and which way the top points."""

    width: float
    height: float
    turn: int = 0  # 0 standing, 1 on its side with the top left, -1 top right


def baked(
    art: Art, pose: Pose, line_mm: float, *, non_scaling: bool = False, x: float = 0, y: float = 0
) -> str:
    """The paths of `art` scaled to the pose, coordinates included.

    So the ink line keeps its weight whatever the proportions. They expect to live in a group
    opened by `ink_group`.
    """
    w, h = pose.width, pose.height

    def move(px: float, py: float) -> Point:
        if pose.turn > 0:
            return x + py / art.height * w, y + (1 - px / art.width) * h
        if pose.turn < 0:
            return x + (1 - py / art.height) * w, y + px / art.width * h
        return x + px / art.width * w, y + py / art.height * h

    shrink = min(w * h / (art.width * art.height), 1) ** 0.5
    out = []
    for mark in art.marks:
        path = mapped(mark.path, move)
        if not mark.weight:
            out.append(fill_path(path, mark.colour))
            continue
        ribbon = mark.weight > 2 and mark.colour != INK
        wide = mark.weight * (shrink if ribbon else 1)
        out.append(line_path(path, line_mm * wide, mark.colour, non_scaling=non_scaling))
    return "".join(out)


def fill_path(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="{colour}" stroke="none"/>'


def line_path(
    path: str,
    wide: float | None = None,
    colour: str = INK,
    *,
    non_scaling: bool = False,
    extra: str = "",
) -> str:
    """A stroke; weight and ink are inherited from the group unless given."""
    stroke = "" if colour == INK else f' stroke="{colour}"'
    width = "" if wide is None else f' stroke-width="{weight(wide)}"'
    effect = ' vector-effect="non-scaling-stroke"' if non_scaling else ""
    return f'<path d="{path}"{stroke}{width}{effect}{extra}/>'


def ink_group(inner: str, line: float, extra: str = "") -> str:
    return (
        f'<g fill="none" stroke="{INK}" stroke-width="{weight(line)}" '
        f'stroke-linecap="round" stroke-linejoin="round"{extra}>{inner}</g>'
    )
