"""What wraps and labels: paper wool, the motifs of the wrapping paper, the concave name plate."""

import math
from collections.abc import Sequence
from functools import lru_cache

from gifting.core.drawing.frame import svg
from gifting.core.drawing.ink import (
    INK,
    PALETTE,
    Dice,
    Point,
    ellipse,
    fill_path,
    hand,
    line_path,
    mapped,
    plate,
)

HOUSE = "VIALE DEI MILLE"
DISPLAY_FACE = "Bodoni Moda,Bodoni 72,Didot,Georgia,serif"
TEXT_FACE = "Hanken Grotesk,Helvetica Neue,Arial,sans-serif"

_MOTIFS: dict[str, tuple[str, ...]] = {
    "tarallo": (ellipse(0, 0, 13, 9), ellipse(0, 0, 5, 3)),
    "star": ("M0 -9 L0 9", "M-8 -4.5 L8 4.5", "M-8 4.5 L8 -4.5"),
    "almond": ("M0 -13 C8 -7 10 4 0 13 C-10 4 -8 -7 0 -13 Z", "M0 -7 C2 -3 2 3 0 7"),
    "bean": (ellipse(0, 0, 8, 11), "M1 -10 C-6 -3 6 3 -1 10"),
    "lozenge": ("M0 -9 L7 0 L0 9 L-7 0 Z",),
    "leaf": ("M0 14 C-10 4 -8 -8 0 -15 C8 -8 10 4 0 14 Z", "M0 12 L0 -8"),
    "wheat": (
        "M0 16 L0 -10",
        "M0 10 C-5 8 -8 4 -8 -1",
        "M0 10 C5 8 8 4 8 -1",
        "M0 2 C-5 0 -7 -4 -7 -9",
        "M0 2 C5 0 7 -4 7 -9",
        "M0 -7 C-3 -10 -2 -14 0 -16 C2 -14 3 -10 0 -7",
    ),
    "drop": ("M0 -11 C7 -2 8 9 0 10 C-8 9 -7 -2 0 -11 Z",),
    "bow": (
        "M0 0 C-6 -9 -17 -9 -15 0 C-14 6 -6 4 0 0 C6 -9 17 -9 15 0 C14 6 6 4 0 0",
        "M0 0 L-7 12",
        "M0 0 L7 12",
    ),
    "panettone": (
        "M-12 0 C-16 -8 -8 -16 0 -16 C8 -16 16 -8 12 0 Z",
        "M-10 1 L-9 14 L9 14 L10 1",
    ),
}
_ON_LIDS = tuple(_MOTIFS)
_REACH = 17.0


def motif(name: str, x: float, y: float, degrees: float, size: float) -> str:
    """One motif of the wrapping paper as a path, turned and drawn by hand."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def move(u: float, v: float) -> Point:
        return x + (u * cos - v * sin) * size, y + (u * sin + v * cos) * size

    return "".join(hand(mapped(path, move), 0.25, int(x * 7 + y)) for path in _MOTIFS[name])


def lid_motifs(corners: tuple[Point, Point, Point, Point], colour: str, line: float) -> str:
    """Motifs printed inside a lid given as bottom left, bottom right, top right, top left."""
    (bl, bottom), (br, _), (tr, top), (tl, _) = corners
    paths = []
    for row in range(int((bottom - top) / 33) + 1):
        y = top + 16 + row * 33
        share = (bottom - y) / (bottom - top)
        left, right = bl + (tl - bl) * share, br + (tr - br) * share
        if not top + 12 < y < bottom - 12:
            continue
        for column in range(int((tr - tl) / 47) + 1):
            x = tl + 22 + column * 47 + (24 if row % 2 else 0)
            if left + _REACH < x < right - _REACH:
                turn = (column * 37 + row * 50) % 90 - 45
                paths.append(motif(_ON_LIDS[(row * 3 + column) % 10], x, y, turn, 0.9))
    return line_path("".join(paths), line * 0.8, colour, extra=' opacity=".8"')


_PATTERN = (
    ("tarallo", 34, 38, -14),
    ("almond", 102, 24, 32),
    ("star", 158, 48, 10),
    ("bean", 210, 26, -28),
    ("leaf", 64, 96, 48),
    ("panettone", 130, 104, -6),
    ("drop", 192, 98, 18),
    ("lozenge", 20, 128, 0),
    ("bow", 58, 164, -10),
    ("star", 104, 150, 0),
    ("wheat", 172, 164, 14),
    ("tarallo", 222, 150, 22),
    ("almond", 24, 208, -40),
    ("bean", 92, 212, 24),
    ("lozenge", 136, 206, 12),
    ("leaf", 206, 214, -52),
)
_TONES = {"light": ("#FFFFFF", 0.62), "dark": ("#7BA1BC", 0.34), "blue": ("#7BA1BC", 0.5)}


@lru_cache(maxsize=8)
def pattern_svg(tone: str = "light") -> str:
    """The wrapping-paper tile, 240 px, transparent, repeating.

    Tones: light (on sugar-paper blue), dark (on white), blue (on ink).
    """
    colour, opacity = _TONES[tone]
    paths = []
    for name, x, y, turn in _PATTERN:
        paths.append(motif(name, x, y, turn, 0.95))
        if x + _REACH > 240:
            paths.append(motif(name, x - 240, y, turn, 0.95))
    inner = (
        f'<path d="{"".join(paths)}" fill="none" stroke="{colour}" stroke-opacity="{opacity}" '
        'stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    return svg(inner, (0, 0, 240, 240), size=(240, 240))


@lru_cache(maxsize=1)
def targa_svg() -> str:
    """The name plate as a 64 px nine-slice: corners of 16 px."""
    outer = (
        "M13 1H51A12 12 0 0 0 63 13V51A12 12 0 0 0 51 63H13A12 12 0 0 0 1 51V13A12 12 0 0 0 13 1Z"
    )
    inner = (
        "M16.5 5.2H47.5A15 15 0 0 0 58.8 16.5V47.5A15 15 0 0 0 47.5 58.8H16.5"
        "A15 15 0 0 0 5.2 47.5V16.5A15 15 0 0 0 16.5 5.2Z"
    )
    return svg(
        f'<path d="{outer}" fill="#fff" stroke="{INK}" stroke-width="2"/>'
        f'<path d="{inner}" fill="none" stroke="{INK}" stroke-width=".9"/>',
        (0, 0, 64, 64),
        size=(64, 64),
    )


def logo_svg(*, width_px: int = 230, label: str | None = None) -> str:
    """The name plate of the house with its name, as letters and papers bear it."""
    outer = (
        "M14 1.5H216A12 12 0 0 0 228 13.5V54.5A12 12 0 0 0 216 66.5H14"
        "A12 12 0 0 0 2 54.5V13.5A12 12 0 0 0 14 1.5Z"
    )
    inner = (
        "M17 6H213A15 15 0 0 0 223.5 16.5V51.5A15 15 0 0 0 213 62H17"
        "A15 15 0 0 0 6.5 51.5V16.5A15 15 0 0 0 17 6Z"
    )
    return svg(
        f'<path d="{outer}" fill="#fff" stroke="{INK}" stroke-width="2.2"/>'
        f'<path d="{inner}" fill="none" stroke="{INK}" stroke-width=".9"/>'
        f'<text x="115" y="36" text-anchor="middle" font-family="{DISPLAY_FACE}" '
        f'font-weight="600" font-size="19.5" letter-spacing="1.7" fill="{INK}">{HOUSE}</text>'
        f'<text x="115" y="52" text-anchor="middle" font-family="{TEXT_FACE}" font-weight="500" '
        f'font-size="11.5" fill="#52626F">Consorzio · Milano</text>',
        (0, 0, 230, 68),
        label=label,
        size=(width_px, round(width_px * 68 / 230)),
    )


def name_plate(cx: float, y: float, w: float, h: float, line: float) -> str:
    """The house name on its plate, fitted whatever face the reader has."""
    shape = plate(cx - w / 2, y, w, h, min(6, h * 0.25))
    size = w * 0.083
    return (
        fill_path(shape, PALETTE["paper"])
        + line_path(shape, line * 0.6)
        + f'<text x="{cx:.1f}" y="{y + h * 0.68:.1f}" text-anchor="middle" '
        f'font-family="{DISPLAY_FACE}" font-weight="600" font-size="{size:.1f}" '
        f'textLength="{w * 0.8:.1f}" fill="{INK}" stroke="none">{HOUSE}</text>'
    )


def wool(
    span: tuple[float, float],
    y: float,
    curls: int,
    seed: int,
    line: float,
    *,
    scatter: tuple[float, float] = (-7, 9),
    colours: Sequence[str] = ("saffron", "saffron-light", "crust"),
) -> str:
    """Curls of paper wool along y, one path for each colour."""
    dice = Dice(seed * 7919 + 1)
    x0, x1 = span
    by_colour: dict[str, list[str]] = {colour: [] for colour in colours}
    for i in range(curls):
        x = x0 + (x1 - x0) * (i + dice.unit() * 0.9) / curls
        base = y + dice.between(*scatter)
        w = dice.between(16, 34)
        x = min(max(x, x0 + w * 0.4), x1 - w * 0.5)
        h = dice.between(5, 13) * dice.pick((1, 1, -0.6))
        by_colour[dice.pick(colours)].append(
            f"M{x - w / 2:.0f} {base:.0f}"
            f"C{x - w / 4:.0f} {base - h * 1.7:.0f} {x + w / 6:.0f} {base - h * 1.9:.0f} "
            f"{x + w / 4:.0f} {base - h * 0.2:.0f}"
            f"S{x + w / 2:.0f} {base + h * 0.4:.0f} {x + w * 0.7:.0f} {base - h * 0.6:.0f}"
        )
    return "".join(
        line_path("".join(paths), line * 1.4, PALETTE[colour])
        for colour, paths in by_colour.items()
        if paths
    )


def mound(
    under: tuple[float, float], box_width: float, floor: float, height: float, line: float
) -> tuple[str, str]:
    """A little hill of paper wool under few things: what goes behind them and what in front."""
    seed = 9
    x0, x1 = under
    a = max(-2.0, x0 - 70 - height * 0.5)
    b = min(box_width + 2, x1 + 70 + height * 0.5)
    top = floor - height
    hill = (
        f"M{a} {floor} C{a + (x0 - a) * 0.35:.0f} {floor} {a + (x0 - a) * 0.5:.0f} {top} "
        f"{x0 - 12:.0f} {top} L{x1 + 12:.0f} {top} C{b - (b - x1) * 0.5:.0f} {top} "
        f"{b - (b - x1) * 0.35:.0f} {floor} {b} {floor} Z"
    )
    behind = [fill_path(hand(hill, 1, seed), PALETTE["saffron-light"])]
    layers = max(2, int(height / 15))
    for k in range(layers):
        share = k / layers
        left, right = a + (x0 - a) * share * 0.95, b - (b - x1) * share * 0.95
        behind.append(
            wool(
                (left + 8, right - 24),
                floor - height * share,
                max(4, int((right - left) / 20)),
                seed + k,
                line * 0.85,
                scatter=(-6, 6),
                colours=("saffron", "crust", "paper"),
            )
        )
    before = wool(
        (x0 - 14, x1),
        top + 4,
        max(3, int((x1 - x0 + 20) / 15)),
        seed + 40,
        line * 0.85,
        scatter=(-3, 5),
    )
    return "".join(behind), before
