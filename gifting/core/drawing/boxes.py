"""The open boxes in layers: what is behind the goods, between their rows, and in front of them.

Millimetres; y = 0 is the lid line and y = depth the floor. The ink line is inherited from the
group the layers are put in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from gifting.core.drawing.ink import (
    PALETTE,
    Dice,
    ellipse,
    fill_path,
    hand,
    line_path,
)
from gifting.core.drawing.shapes import BoxKind, BoxShape
from gifting.core.drawing.wrapping import lid_motifs, name_plate, wool


@dataclass(frozen=True, slots=True)
class Layers:
    behind: str
    between: str
    front: str


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a carton: outside, lid, two insides, motifs on the lid."""

    body: str
    lid: str
    inside: tuple[str, str]
    motifs: str


_BLUE = Look("blue-300", "blue-500", ("blue-100", "blue-200"), "blue-200")
_KRAFT = Look("crust-light", "crust", ("tissue", "crust-light"), "saffron-light")
_LOOKS = {
    "BOX-XS": Look("blue-300", "blue-500", ("tissue", "blue-200"), "blue-200"),
    "BOX-L": Look("blue-300", "blue-700", ("blue-100", "blue-200"), "blue-300"),
}

Hand = Callable[[str, int], str]


def look_of(box: BoxShape) -> Look:
    return _LOOKS.get(box.sku, _KRAFT if box.from_above else _BLUE)


def _drawer(seed: int, tremor: float) -> Hand:
    return lambda path, stroke: hand(path, tremor, seed * 31 + stroke)


def _paint(path: str, colour: str) -> str:
    return fill_path(path, PALETTE[colour])


def _rim(width: float, line: float) -> str:
    return line_path(f"M0 0 L{width} 0", line * 0.7, extra=' stroke-dasharray="3 5" opacity=".75"')


def _carton(box: BoxShape, line: float) -> Layers:
    """A carton cut away at the front: back wall, sides, floor, lid open upwards, front lip."""
    w, h, lip = box.length_mm, box.depth_mm, box.lip_mm
    look = look_of(box)
    inset, up, fold, lid_height, seed = w * 0.06, 24, 34, 96, 3
    draw = _drawer(seed, 0.8)
    right = w - inset
    top = -up - lid_height
    lid = f"M{inset} {-up} L{right} {-up} L{w + 8} {top} L-8 {top} Z"
    back = f"M{inset} {-up} L{right} {-up} L{right} {h - fold} L{inset} {h - fold} Z"
    corners = ((inset, -up), (right, -up), (w + 8, top), (-8, top))
    behind = [
        _paint(hand(lid, 0.8, seed, (5, 3)), look.lid),
        lid_motifs(corners, PALETTE[look.motifs], line),
        line_path(draw(lid, 1)),
        _paint(draw(back, 3), look.inside[0]),
        _paint(draw(f"M0 0 L{inset} {-up} L{inset} {h - fold} L0 {h} Z", 4), look.inside[1]),
        _paint(draw(f"M{w} 0 L{right} {-up} L{right} {h - fold} L{w} {h} Z", 5), look.inside[1]),
        _paint(draw(f"M{inset} {h - fold} L{right} {h - fold} L{w} {h} L0 {h} Z", 6), look.body),
        line_path(draw(back, 7), line * 0.7),
        line_path(draw(f"M0 0 L{inset} {-up}", 8)),
        line_path(draw(f"M{w} 0 L{right} {-up}", 9)),
        wool((inset, right), h - fold, int(w / 14), seed + 1, line * 0.8),
    ]
    edge = h - lip
    flap = f"M-3 {edge} L{w + 3} {edge} L{w + 3} {h + 3} L-3 {h + 3} Z"
    front = [
        wool((4, w - 16), edge + 1, int(w / 9), seed + 3, line * 0.85),
        _rim(w, line),
        line_path(draw(f"M0 0 L0 {h}", 10)),
        line_path(draw(f"M{w} 0 L{w} {h}", 11)),
        _paint(hand(flap, 0.8, seed + 9, (3, 3)), look.body),
        line_path(draw(flap, 12)),
        name_plate(w / 2, edge + 6, min(150, w * 0.5), lip - 9, line),
    ]
    between = wool((6, w - 6), h - 18, int(w / 16), seed + 2, line * 0.8)
    return Layers("".join(behind), between, "".join(front))


def _tray(box: BoxShape, line: float) -> Layers:
    """A low carton seen from above: length x width is its floor."""
    w, d = box.length_mm, box.depth_mm
    look = look_of(box)
    rim, lid_height, lip, seed = 12, 64, 34, 3
    draw = _drawer(seed, 0.8)
    right, bottom, top = w + rim, d + rim, -rim - lid_height
    lid = f"M{-rim} {-rim} L{right} {-rim} L{right + 14} {top} L{-rim - 14} {top} Z"
    corners = ((-rim, -rim), (right, -rim), (right + 14, top), (-rim - 14, top))
    walls = f"M{-rim} {-rim} L{right} {-rim} L{right} {bottom} L{-rim} {bottom} Z"
    floor = f"M0 0 L{w} 0 L{w} {d} L0 {d} Z"
    behind = [
        _paint(hand(lid, 0.8, seed, (4, 3)), look.lid),
        lid_motifs(corners, PALETTE[look.motifs], line),
        line_path(draw(lid, 1)),
        _paint(draw(walls, 2), look.inside[1]),
        _paint(draw(floor, 3), look.inside[0]),
        line_path(draw(floor, 4), line * 0.7),
        line_path(draw(walls, 5)),
    ]
    folds = (
        (0, 0, -rim, -rim),
        (w, 0, right, -rim),
        (0, d, -rim, bottom),
        (w, d, right, bottom),
    )
    behind += [
        line_path(draw(f"M{x0} {y0} L{x1} {y1}", 6 + k), line * 0.7)
        for k, (x0, y0, x1, y1) in enumerate(folds)
    ]
    rows = max(3, int(d / 30))
    for j in range(rows):
        behind.append(
            wool(
                (18, w - 30),
                14 + (d - 22) * (j + 0.5) / rows,
                int(w / 26),
                seed + 20 + j,
                line * 0.8,
                scatter=(-9, 11),
                colours=("saffron-light", "saffron-light", "crust-light"),
            )
        )
    flap = (
        f"M{-rim - 2} {bottom} L{right + 2} {bottom} L{right} {bottom + lip} "
        f"L{-rim} {bottom + lip} Z"
    )
    front = [
        _paint(hand(flap, 0.8, seed + 9, (3, 3)), look.body),
        line_path(draw(flap, 12)),
        name_plate(w / 2, bottom + 5, min(140, w * 0.48), lip - 10, line),
    ]
    return Layers("".join(behind), "", "".join(front))


def _crate(box: BoxShape, line: float) -> Layers:
    """A slatted wooden crate, no lid."""
    w, h, lip = box.length_mm, box.depth_mm, box.lip_mm
    inset, up, slats, gap, seed = w * 0.05, 20, 4, 7, 5
    draw = _drawer(seed, 0.9)
    right, floor = w - inset, h - 30
    back = f"M{inset} {-up} L{right} {-up} L{right} {floor} L{inset} {floor} Z"
    behind = [_paint(draw(back, 1), "brown")]
    slat = (floor + up - gap * (slats - 1)) / slats
    for k in range(slats):
        y = -up + k * (slat + gap)
        board = (
            f"M{inset} {y:.1f} L{right} {y:.1f} L{right} {y + slat:.1f} L{inset} {y + slat:.1f} Z"
        )
        grain = (
            f"M{w * 0.12 + k * 31} {y + slat * 0.4:.1f} C{w * 0.3 + k * 20} {y + slat * 0.3:.1f} "
            f"{w * 0.5} {y + slat * 0.55:.1f} {w * 0.62 + k * 24} {y + slat * 0.42:.1f}"
        )
        behind += [
            _paint(draw(board, 10 + k), "crust-light"),
            line_path(draw(board, 20 + k), line * 0.7),
            line_path(draw(grain, 30 + k), line * 0.5, PALETTE["crust"]),
        ]
    for x0, x1, stroke in ((0, inset, 40), (w, right, 41)):
        behind += [
            _paint(draw(f"M{x0} 0 L{x1} {-up} L{x1} {floor} L{x0} {h} Z", stroke), "crust"),
            line_path(draw(f"M{x0} 0 L{x1} {-up} L{x1} {floor}", stroke + 4)),
        ]
    behind += [
        _paint(draw(f"M{inset} {floor} L{right} {floor} L{w} {h} L0 {h} Z", 44), "crust"),
        wool((inset, right), h - 32, int(w / 14), seed + 1, line * 0.8),
    ]
    edge = h - lip
    flap = f"M-5 {edge} L{w + 5} {edge} L{w + 5} {h + 3} L-5 {h + 3} Z"
    grain = (
        f"M{w * 0.1} {h - lip * 0.3} C{w * 0.3} {h - lip * 0.2} "
        f"{w * 0.6} {h - lip * 0.42} {w * 0.92} {h - lip * 0.28}"
    )
    front = [
        wool((4, w - 16), edge + 1, int(w / 9), seed + 3, line * 0.85),
        _rim(w, line),
        _paint(hand(flap, 0.8, seed + 9, (3, 3)), "crust-light"),
        line_path(draw(flap, 50)),
        line_path(draw(grain, 51), line * 0.5, PALETTE["crust"]),
    ]
    for x in (0, w - 16):
        post = f"M{x} 0 L{x + 16} 0 L{x + 16} {h + 3} L{x} {h + 3} Z"
        front += [
            _paint(draw(post, 52 + x), "crust"),
            line_path(draw(post, 53 + x)),
            _paint(ellipse(x + 8, h - lip * 0.5, 2, 2), "ink"),
            _paint(ellipse(x + 8, 12, 2, 2), "ink"),
        ]
    front.append(name_plate(w / 2, edge + 8, min(150, w * 0.42), lip - 14, line))
    between = wool((6, w - 6), h - 18, int(w / 16), seed + 2, line * 0.8)
    return Layers("".join(behind), between, "".join(front))


def _sack(box: BoxShape, line: float) -> Layers:
    """A jute sack with the front turned down and a cherry ribbon."""
    w, h, lip = box.length_mm, box.depth_mm, box.lip_mm
    seed = 7
    draw = _drawer(seed, 1.1)
    dice = Dice(seed)
    body = (
        f"M-4 2 C{w * 0.2} -16 {w * 0.34} -2 {w * 0.5} -8 C{w * 0.66} -16 {w * 0.82} -2 {w + 4} 2 "
        f"C{w + 14} {h * 0.34} {w + 14} {h * 0.7} {w + 8} {h} L-8 {h} "
        f"C-14 {h * 0.7} -14 {h * 0.34} -4 2 Z"
    )
    hem = f"M-2 12 C{w * 0.2} -6 {w * 0.34} 8 {w * 0.5} 2 C{w * 0.66} -6 {w * 0.82} 8 {w + 2} 12"

    def weave(stitches: int, stitch: str, low: float, high: float) -> str:
        return "".join(
            f"M{dice.between(2, w - 12):.0f} {dice.between(low, high):.0f}{stitch}"
            for _ in range(stitches)
        )

    behind = [
        _paint(hand(body, 1, seed, (4, 3)), "crust"),
        line_path(weave(70, "l7 0", 14, h - 40), line * 0.6, PALETTE["crust-light"]),
        line_path(weave(70, "l0 7", 14, h - 40), line * 0.6, PALETTE["crust-light"]),
        line_path(draw(body, 1)),
        line_path(draw(hem, 2), line * 0.6),
        wool((8, w - 16), h - lip - 6, int(w / 13), seed + 1, line * 0.8),
    ]
    edge = h - lip
    cuff = (
        f"M-14 {edge} C{w * 0.2} {edge + 5} {w * 0.8} {edge + 5} {w + 14} {edge} "
        f"C{w + 20} {h - lip * 0.5} {w + 14} {h - 4} {w + 2} {h + 4} L-2 {h + 4} "
        f"C-14 {h - 4} -20 {h - lip * 0.5} -14 {edge} Z"
    )
    ribbon = f"M-15 {edge + 9} L{w + 15} {edge + 9} L{w + 15} {edge + 17} L-15 {edge + 17} Z"
    stitches = weave(60, "l6 0m-3 -3l0 6", edge + 22, h - 4)
    front = [
        wool((2, w - 14), edge + 1, int(w / 9), seed + 3, line * 0.85),
        line_path(f"M-4 0 L{w + 4} 0", line * 0.7, extra=' stroke-dasharray="3 5" opacity=".75"'),
        _paint(hand(cuff, 1, seed + 9, (3, 3)), "crust-light"),
        line_path(stitches, line * 0.45, PALETTE["crust"]),
        line_path(draw(cuff, 12)),
        _paint(ribbon, "cherry"),
        name_plate(w / 2, edge + 13, min(140, w * 0.44), 29, line),
    ]
    between = wool((6, w - 10), edge + 14, int(w / 16), seed + 2, line * 0.8)
    return Layers("".join(behind), between, "".join(front))


_MAKERS: dict[BoxKind, Callable[[BoxShape, float], Layers]] = {
    BoxKind.CARTON: _carton,
    BoxKind.TRAY: _tray,
    BoxKind.CRATE: _crate,
    BoxKind.SACK: _sack,
}


@lru_cache(maxsize=64)
def layers(box: BoxShape, line: float) -> Layers:
    return _MAKERS[box.kind](box, line)
