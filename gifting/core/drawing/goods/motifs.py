"""Small things that recur in several products: almonds, leaves, bows, biscuits."""

import math

from gifting.core.drawing.ink import Art, ellipse


def almond(
    pen: Art,
    cx: float,
    cy: float,
    scale: float,
    turn: float,
    colour: str = "crust",
    lines: bool = True,
) -> None:

    def R(x: float, y: float) -> str:
        c, n = (math.cos(turn), math.sin(turn))
        return f"{cx + (x * c - y * n) * scale:.1f} {cy + (x * n + y * c) * scale:.1f}"

    p = f"M{R(0, -12)} C{R(7, -6)} {R(9, 4)} {R(0, 11)} C{R(-9, 4)} {R(-7, -6)} {R(0, -12)} Z"
    pen.shape(colour, p, 0.3, 0.8)
    if lines:
        pen.line(f"M{R(0, -7)} C{R(2, -3)} {R(2, 3)} {R(0, 7)}", 0.6)


def leaf(pen: Art, x0: float, y0: float, x1: float, y1: float, width: float, colour: str) -> None:
    dx, dy = (x1 - x0, y1 - y0)
    L = math.hypot(dx, dy)
    nx, ny = (-dy / L * width, dx / L * width)
    p = (
        f"M{x0} {y0} "
        f"C{x0 + dx * 0.25 + nx} {y0 + dy * 0.25 + ny} {x0 + dx * 0.75 + nx} {y0 + dy * 0.75 + ny} {x1} {y1} "
        f"C{x0 + dx * 0.75 - nx} {y0 + dy * 0.75 - ny} {x0 + dx * 0.25 - nx} {y0 + dy * 0.25 - ny} {x0} {y0} "
        "Z"
    )
    pen.shape(colour, p, 0.5)
    pen.line(
        (
            f"M{x0} {y0} "
            f"Q{x0 + dx * 0.5 + nx * 0.15} {y0 + dy * 0.5 + ny * 0.15} {x0 + dx * 0.86} {y0 + dy * 0.86}"
        ),
        0.7,
    )


def bow(pen: Art, x: float, y: float, scale: float, colour: str = "cherry") -> None:
    pen.fill(
        colour,
        (
            f"M{x} {y} "
            f"C{x - 10 * scale} {y - 14 * scale} {x - 30 * scale} {y - 14 * scale} {x - 27 * scale} {y} "
            f"C{x - 25 * scale} {y + 10 * scale} {x - 10 * scale} {y + 7 * scale} {x} {y} "
            "Z"
        ),
        0.3,
    )
    pen.fill(
        colour,
        (
            f"M{x} {y} "
            f"C{x + 10 * scale} {y - 14 * scale} {x + 30 * scale} {y - 14 * scale} {x + 27 * scale} {y} "
            f"C{x + 25 * scale} {y + 10 * scale} {x + 10 * scale} {y + 7 * scale} {x} {y} "
            "Z"
        ),
        0.3,
    )
    pen.line(
        (
            f"M{x} {y} "
            f"C{x - 10 * scale} {y - 14 * scale} {x - 30 * scale} {y - 14 * scale} {x - 27 * scale} {y} "
            f"C{x - 25 * scale} {y + 10 * scale} {x - 10 * scale} {y + 7 * scale} {x} {y} "
            f"C{x + 10 * scale} {y - 14 * scale} {x + 30 * scale} {y - 14 * scale} {x + 27 * scale} {y} "
            f"C{x + 25 * scale} {y + 10 * scale} {x + 10 * scale} {y + 7 * scale} {x} {y}"
        ),
        0.9,
    )
    pen.line(
        (
            f"M{x} {y} "
            f"C{x - 6 * scale} {y + 10 * scale} {x - 16 * scale} {y + 16 * scale} {x - 18 * scale} {y + 27 * scale}"
        ),
        1.3,
        colour=colour,
    )
    pen.line(
        (
            f"M{x} {y} "
            f"C{x + 5 * scale} {y + 12 * scale} {x + 14 * scale} {y + 14 * scale} {x + 19 * scale} {y + 25 * scale}"
        ),
        1.3,
        colour=colour,
    )


def biscuit(pen: Art, x: float, y: float, kind: str = "round", scale: float = 1) -> None:
    if kind == "round":
        pen.shape("crust", ellipse(x, y, 15 * scale, 13 * scale), 0.25, 0.8)
        for u, v in ((-6, -3), (4, -5), (6, 4), (-3, 6), (0, 0)):
            pen.fill(
                "chocolate", ellipse(x + u * scale, y + v * scale, 1.9 * scale, 1.6 * scale), 0
            )
    elif kind == "baci":
        pen.shape(
            "crust",
            (
                f"M{x - 13 * scale} {y} "
                f"C{x - 13 * scale} {y - 15 * scale} {x + 13 * scale} {y - 15 * scale} {x + 13 * scale} {y} "
                "Z"
            ),
            0.2,
            0.8,
        )
        pen.shape(
            "crust",
            (
                f"M{x - 13 * scale} {y + 3 * scale} "
                f"C{x - 13 * scale} {y + 16 * scale} {x + 13 * scale} {y + 16 * scale} {x + 13 * scale} {y + 3 * scale} "
                "Z"
            ),
            0.2,
            0.8,
        )
        pen.line(
            (f"M{x - 12 * scale} {y + 1.5 * scale} L{x + 12 * scale} {y + 1.5 * scale}"),
            1.7,
            colour="chocolate",
        )
    elif kind == "long":
        pen.shape(
            "crust-light",
            (
                f"M{x - 18 * scale} {y + 4 * scale} "
                f"C{x - 20 * scale} {y - 9 * scale} {x - 8 * scale} {y - 10 * scale} {x} {y - 8 * scale} "
                f"C{x + 10 * scale} {y - 6 * scale} {x + 20 * scale} {y - 6 * scale} {x + 18 * scale} {y + 5 * scale} "
                f"C{x + 14 * scale} {y + 11 * scale} {x - 16 * scale} {y + 12 * scale} {x - 18 * scale} {y + 4 * scale} "
                "Z"
            ),
            0.2,
            0.8,
        )
        for u in (-9, -1, 7):
            pen.line(
                (f"M{x + u * scale} {y - 3 * scale} L{x + (u + 3) * scale} {y + 5 * scale}"),
                0.7,
                colour="brown",
            )
    elif kind == "star":
        p = (
            "M"
            + " L".join(
                f"{x + (15 if i % 2 == 0 else 7.5) * scale * math.cos(i * math.pi / 5 - 1.57):.1f} {y + (15 if i % 2 == 0 else 7.5) * scale * math.sin(i * math.pi / 5 - 1.57):.1f}"
                for i in range(10)
            )
            + " Z"
        )
        pen.shape("saffron", p, 0.2, 0.8)
