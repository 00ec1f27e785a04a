"""Small things that recur in several products: almonds, leaves, bows, biscuits."""

import math

from gifting.core.drawing.ink import Art, Point, ellipse, mapped, polygon


def placed(path: str, x: float, y: float, scale: float = 1, turn: float = 0) -> str:
    """A path drawn around 0,0 moved to x, y, scaled and turned (radians)."""
    cos, sin = math.cos(turn), math.sin(turn)

    def move(u: float, v: float) -> Point:
        return x + (u * cos - v * sin) * scale, y + (u * sin + v * cos) * scale

    return mapped(path, move)


def almond(
    pen: Art, at: Point, scale: float, turn: float, *, colour: str = "crust", vein: bool = True
) -> None:
    shell = "M0 -12 C7 -6 9 4 0 11 C-9 4 -7 -6 0 -12 Z"
    pen.shape(colour, placed(shell, *at, scale, turn), 0.3, 0.8)
    if vein:
        pen.line(placed("M0 -7 C2 -3 2 3 0 7", *at, scale, turn), 0.6)


def leaf(pen: Art, foot: Point, tip: Point, breadth: float, colour: str) -> None:
    (x0, y0), (x1, y1) = foot, tip
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy)
    nx, ny = -dy / length * breadth, dx / length * breadth
    blade = (
        f"M{x0} {y0} C{x0 + dx * 0.25 + nx} {y0 + dy * 0.25 + ny} "
        f"{x0 + dx * 0.75 + nx} {y0 + dy * 0.75 + ny} {x1} {y1} "
        f"C{x0 + dx * 0.75 - nx} {y0 + dy * 0.75 - ny} "
        f"{x0 + dx * 0.25 - nx} {y0 + dy * 0.25 - ny} {x0} {y0} Z"
    )
    pen.shape(colour, blade, 0.5)
    bend_x, bend_y = x0 + dx * 0.5 + nx * 0.15, y0 + dy * 0.5 + ny * 0.15
    vein = f"M{x0} {y0} Q{bend_x} {bend_y} {x0 + dx * 0.86} {y0 + dy * 0.86}"
    pen.line(vein, 0.7)


def bow(pen: Art, x: float, y: float, scale: float, colour: str = "cherry") -> None:
    left = "M0 0 C-10 -14 -30 -14 -27 0 C-25 10 -10 7 0 0"
    right = "M0 0 C10 -14 30 -14 27 0 C25 10 10 7 0 0"
    for loop in (left, right):
        pen.fill(colour, placed(f"{loop} Z", x, y, scale), 0.3)
    pen.line(placed(left + right.removeprefix("M0 0"), x, y, scale), 0.9)
    for tail in ("M0 0 C-6 10 -16 16 -18 27", "M0 0 C5 12 14 14 19 25"):
        pen.line(placed(tail, x, y, scale), 1.3, colour)


_CHIPS = ((-6.0, -3.0), (4.0, -5.0), (6.0, 4.0), (-3.0, 6.0), (0.0, 0.0))
_LONG = "M-18 4 C-20 -9 -8 -10 0 -8 C10 -6 20 -6 18 5 C14 11 -16 12 -18 4 Z"


def biscuit(pen: Art, x: float, y: float, kind: str = "round", scale: float = 1) -> None:
    """One biscuit: round, baci, long or star."""
    if kind == "round":
        pen.shape("crust", ellipse(x, y, 15 * scale, 13 * scale), 0.25, 0.8)
        for u, v in _CHIPS:
            chip = ellipse(x + u * scale, y + v * scale, 1.9 * scale, 1.6 * scale)
            pen.fill("chocolate", chip, 0)
    elif kind == "baci":
        for half in ("M-13 0 C-13 -15 13 -15 13 0 Z", "M-13 3 C-13 16 13 16 13 3 Z"):
            pen.shape("crust", placed(half, x, y, scale), 0.2, 0.8)
        pen.line(placed("M-12 1.5 L12 1.5", x, y, scale), 1.7, "chocolate")
    elif kind == "long":
        pen.shape("crust-light", placed(_LONG, x, y, scale), 0.2, 0.8)
        for u in (-9, -1, 7):
            pen.line(placed(f"M{u} -3 L{u + 3} 5", x, y, scale), 0.7, "brown")
    else:
        rays = [
            (radius * math.cos(i * math.pi / 5 - 1.57), radius * math.sin(i * math.pi / 5 - 1.57))
            for i, radius in enumerate((15, 7.5) * 5)
        ]
        pen.shape("saffron", placed(polygon(rays), x, y, scale), 0.2, 0.8)
