"""Small pictures of what is added to a box, and of the closed box itself."""

from collections.abc import Callable
from functools import lru_cache

from gifting.core.drawing.boxes import look_of
from gifting.core.drawing.frame import svg
from gifting.core.drawing.goods import art
from gifting.core.drawing.goods.motifs import bow, leaf
from gifting.core.drawing.ink import Art, Pose, baked, ellipse, ink_group, plate
from gifting.core.drawing.shapes import BoxKind, BoxShape
from gifting.core.drawing.wrapping import wool

_LINE = 1.15
_MARGIN = 6.0


def _ribbon() -> Art:
    pen = Art(120, 110, 601)
    roll = ellipse(60, 62, 52, 40)
    pen.shape("cherry", roll)
    pen.line(ellipse(60, 62, 40, 30), 0.7, "cherry-light")
    pen.shape("paper", ellipse(60, 62, 20, 15), 0.3)
    tail = "M104 76 C112 86 112 96 104 107 L88 102 C96 94 96 88 92 86 Z"
    pen.shape("cherry-dark", tail, 0.4)
    bow(pen, 58, 26, 0.9, "cherry")
    return pen


def _sleeve() -> Art:
    pen = Art(160, 96, 611)
    pen.shape("crust-light", "M6 12 L154 12 L154 93 L6 93 Z")
    pen.line("M6 30 L154 30", 0.7)
    pen.shape("blue-500", "M48 8 L112 8 L112 95 L48 95 Z", 0.4)
    name = plate(56, 36, 48, 30, 6)
    pen.fill("paper", name, 0.3)
    pen.line(name, 0.8)
    pen.line("M66 47 L94 47", 1.1)
    pen.line("M71 55 L89 55", 0.7)
    return pen


def _seal() -> Art:
    pen = Art(100, 100, 621)
    pen.shape("saffron", ellipse(50, 50, 46, 46))
    pen.line(ellipse(50, 50, 38, 38), 0.7)
    name = plate(24, 36, 52, 28, 6)
    pen.fill("paper", name, 0.3)
    pen.line(name, 0.8)
    pen.line("M34 47 L66 47", 1.1)
    pen.line("M40 55 L60 55", 0.7)
    return pen


def _tag() -> Art:
    pen = Art(90, 130, 631)
    pen.line("M45 26 C40 12 24 8 18 3", 1.2, "cherry")
    pen.line("M45 26 C52 12 62 10 70 3", 1.2, "cherry")
    pen.shape("crust-light", "M14 40 L36 16 L54 16 L76 40 L76 127 L14 127 Z")
    pen.shape("paper", ellipse(45, 30, 5, 5), 0.2, 0.9)
    leaf(pen, (45, 92), (45, 56), 9, "pistachio")
    pen.line("M28 106 L62 106", 1)
    pen.line("M34 115 L56 115", 0.7)
    return pen


def _packing() -> Art:
    pen = Art(160, 100, 641)
    pen.shape("tissue", "M10 40 L34 10 L58 34 L82 6 L106 32 L130 10 L150 40 L144 60 L16 60 Z")
    pen.line("M34 12 L42 58", 0.7)
    pen.line("M82 8 L78 58", 0.7)
    pen.line("M130 12 L118 58", 0.7)
    pen.shape("blue-300", "M6 52 L154 52 L148 97 L12 97 Z", 0.6)
    return pen


def _hands() -> Art:
    """Named packing: a sealed box with its name label and the bench below."""
    pen = Art(160, 110, 651)
    pen.shape("crust-light", "M26 26 L134 26 L134 96 L26 96 Z")
    pen.shape("crust", "M26 26 L40 8 L120 8 L134 26 Z", 0.5)
    pen.fill("cherry", "M74 8 L86 8 L86 96 L74 96 Z", 0.2)
    pen.line("M74 8 L74 96", 0.7)
    pen.line("M86 8 L86 96", 0.7)
    pen.shape("paper", "M92 48 L128 48 L128 80 L92 80 Z", 0.3, 0.9)
    pen.line("M98 58 L122 58", 1)
    pen.line("M98 66 L116 66", 0.7)
    pen.shape("blue-400", "M4 96 L156 96 L156 106 L4 106 Z", 0.4)
    return pen


_EXTRAS: dict[str, Callable[[], Art]] = {
    "card": lambda: art("postcard"),
    "ribbon": _ribbon,
    "sleeve": _sleeve,
    "label": _seal,
    "tag": _tag,
    "packing": _packing,
    "service": _hands,
}


@lru_cache(maxsize=32)
def extra_svg(kind: str, *, label: str | None = None, print_px: int | None = None) -> str:
    """The picture of an extra by its kind; an unknown kind shows the wrapped gift.

    `print_px` is for paper: a natural size, and the line already scaled to it.
    """
    drawn = _EXTRAS.get(kind, lambda: art("gift"))()
    side = max(drawn.width, drawn.height) + 2 * _MARGIN
    x, y = (side - drawn.width) / 2, side - _MARGIN - drawn.height
    curls = ""
    if kind == "packing":
        curls = wool((22, 128), 50, 9, 5, _line(side, print_px))
        curls = f'<g transform="translate({x:g} {y:g})">{curls}</g>'
    return _icon(drawn, (x, y), (side, side), label=label, print_px=print_px, more=curls)


def _icon(
    drawn: Art,
    at: tuple[float, float],
    frame: tuple[float, float],
    *,
    label: str | None,
    print_px: int | None,
    more: str = "",
) -> str:
    (x, y), (w, h) = at, frame
    line = _line(w, print_px)
    pose = Pose(drawn.width, drawn.height)
    marks = baked(drawn, pose, line, non_scaling=print_px is None, x=x, y=y)
    natural = None if print_px is None else (print_px, round(print_px * h / w))
    return svg(ink_group(marks + more, line), (0, 0, w, h), label=label, size=natural)


def _line(side: float, print_px: int | None) -> float:
    """The ink line: in px where the screen keeps it, in the drawing's own units on paper."""
    return _LINE if print_px is None else _LINE * side / print_px


@lru_cache(maxsize=32)
def box_icon_svg(box: BoxShape, *, label: str | None = None, print_px: int | None = None) -> str:
    """The closed box, seen from the front, in its own proportions: for choosing a size.

    `print_px` is for paper: a natural width, and the line already scaled to it.
    """
    w, h = float(box.length_mm), float(max(box.height_mm, 60))
    pen = Art(w, h, 661)
    pad = 6.0
    if box.kind is BoxKind.CRATE:
        _slats(pen, w, h)
    elif box.kind is BoxKind.SACK:
        _tied(pen, w, h)
    else:
        look = look_of(box)
        lid = min(0.28 * h, 60)
        pen.shape(look.body, f"M{pad} {lid} L{w - pad} {lid} L{w - pad} {h - 2} L{pad} {h - 2} Z")
        pen.shape(look.lid, f"M2 2 L{w - 2} 2 L{w - 2} {lid} L2 {lid} Z", 0.4)
        _name(pen, w / 2, lid + (h - lid) / 2, w, h - lid)
    side = 480.0
    x, y = (side - w) / 2, side * 0.72 - h
    return _icon(pen, (x, y), (side, side * 0.72 + 4), label=label, print_px=print_px)


def _name(pen: Art, cx: float, cy: float, width: float, room: float) -> None:
    w, h = min(150.0, width * 0.45), min(44.0, room * 0.62)
    name = plate(cx - w / 2, cy - h / 2, w, h, min(8, h * 0.25))
    pen.fill("paper", name, 0.1)
    pen.line(name, 0.8)
    pen.line(f"M{cx - w * 0.3} {cy - 2} L{cx + w * 0.3} {cy - 2}", 1.1)


def _slats(pen: Art, w: float, h: float) -> None:
    board = (h - 18) / 4
    for k in range(4):
        y = 2 + k * (board + 5)
        pen.shape("crust-light", f"M4 {y} L{w - 4} {y} L{w - 4} {y + board} L4 {y + board} Z", 0.3)
    for x in (2.0, w - 22):
        pen.shape("crust", f"M{x} 2 L{x + 20} 2 L{x + 20} {h - 2} L{x} {h - 2} Z", 0.3)
    _name(pen, w / 2, h / 2, w, h / 2)


def _tied(pen: Art, w: float, h: float) -> None:
    neck, left, right = h * 0.2, w * 0.3, w * 0.7
    body = (
        f"M{left} {neck} C{w * 0.02} {h * 0.34} -4 {h * 0.8} {w * 0.06} {h - 2} "
        f"L{w * 0.94} {h - 2} C{w + 4} {h * 0.8} {w * 0.98} {h * 0.34} {right} {neck} Z"
    )
    top = f"M{left} {neck} L{w * 0.2} 4 L{w * 0.5} {h * 0.06} L{w * 0.8} 4 L{right} {neck} Z"
    pen.shape("crust", body)
    pen.shape("crust-light", top, 0.4)
    pen.line(f"M{left} {neck} L{right} {neck}", 3.4, "cherry")
    _name(pen, w / 2, h * 0.6, w, h / 2)
