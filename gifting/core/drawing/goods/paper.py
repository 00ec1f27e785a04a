"""Paper goods and wrapped boxes."""

from gifting.core.drawing.goods.motifs import bow
from gifting.core.drawing.ink import Art, ellipse, plate, rect


def notebook(colour: str = "saffron", seed: int = 171) -> Art:
    pen = Art(150, 212, seed)
    pen.shape("paper", "M18 8 L146 8 L146 209 L18 209 Z", 0.3, 0.8)
    body = "M6 4 L140 4 L140 205 L6 205 Z"
    pen.fill(colour, body)
    pen.fill("cherry", "M6 4 L30 4 L30 205 L6 205 Z", 0.3)
    pen.line("M31 5 L31 204", 0.8)
    pen.fill("paper", plate(48, 44, 72, 44, 8), 0.4)
    pen.line(plate(48, 44, 72, 44, 8), 0.8)
    pen.line("M62 62 L106 62", 0.9)
    pen.line("M62 72 L92 72", 0.7)
    pen.line("M128 3 L128 206", 2.2)
    pen.line(body)
    return pen


def postcard(colour: str = "cherry", seed: int = 211) -> Art:
    pen = Art(148, 104, seed)
    body = "M4 6 L144 4 L145 100 L3 101 Z"
    pen.shape("paper", body)
    pen.shape(colour, rect(110, 14, 24, 28), 0.3, 0.8)
    pen.fill("paper", "M122 20 L128 28 L122 36 L116 28 Z", 0.2)
    pen.line("M18 34 C28 26 30 42 40 34 C50 26 52 42 64 34", 1.1)
    pen.line("M18 56 L92 55", 0.7)
    pen.line("M18 68 L100 67", 0.7)
    pen.line("M18 80 L78 79", 0.7)
    return pen


def calendar(seed: int = 501) -> Art:
    pen = Art(300, 210, seed)
    body = "M6 14 L294 14 L294 206 L6 206 Z"
    pen.fill("paper", body)
    pen.fill("blue-500", "M6 14 L294 14 L294 84 L6 84 Z", 0.4)
    for x in range(36, 280, 36):
        pen.fill(
            "saffron" if x // 36 % 2 else "cherry",
            f"M{x} 34 L{x + 10} 49 L{x} 64 L{x - 10} 49 Z",
            0.2,
        )
    for r in range(4):
        pen.line(
            "M" + " L".join(f"{24 + i * 42} {108 + r * 24}" for i in range(7)),
            0.9,
            colour="blue-300",
        )
    for r in range(4):
        for i in range(7):
            pen.fill("blue-300", rect(28 + i * 38, 100 + r * 25, 22, 14), 0)
    pen.fill("cherry", rect(28 + 4 * 38, 125, 22, 14), 0)
    pen.line("M6 84 L294 84", 0.8)
    pen.line(body)
    for x in range(24, 290, 18):
        pen.line(f"M{x} 22 L{x} 5", 1.6)
    return pen


def gift(colour: str = "blue-300", seed: int = 191) -> Art:
    pen = Art(214, 190, seed)
    body = "M12 72 L202 72 L202 187 L12 187 Z"
    pen.fill(colour, body)
    lid = "M4 42 L210 42 L210 75 L4 75 Z"
    pen.fill("blue-200" if colour == "blue-300" else colour, lid, 0.6)
    for i, (x, y) in enumerate(
        (
            (36, 98),
            (70, 128),
            (34, 158),
            (72, 172),
            (150, 100),
            (182, 132),
            (148, 160),
            (186, 172),
            (66, 92),
            (178, 92),
        )
    ):
        if i % 3 == 0:
            pen.line(ellipse(x, y, 7, 5), 0.8, colour="paper")
            pen.line(ellipse(x, y, 2.6, 1.6), 0.7, colour="paper")
        elif i % 3 == 1:
            pen.line(
                (
                    f"M{x} {y - 8} C{x + 7} {y - 3} {x + 6} {y + 4} {x} {y + 8} "
                    f"C{x - 6} {y + 4} {x - 7} {y - 3} {x} {y - 8}"
                ),
                0.8,
                colour="paper",
            )
        else:
            pen.line(f"M{x - 6} {y} L{x + 6} {y}", 0.8, colour="paper")
            pen.line(f"M{x} {y - 6} L{x} {y + 6}", 0.8, colour="paper")
    pen.fill("cherry", "M98 42 L114 42 L114 187 L98 187 Z", 0.2)
    pen.line("M98 43 L98 187", 0.7)
    pen.line("M114 43 L114 187", 0.7)
    pen.line(body)
    pen.line(lid)
    bow(pen, 106, 38, 1.15)
    pen.line("M112 76 C124 84 132 88 136 96", 1, colour="ink")
    pen.shape("paper", "M124 100 L136 92 L150 98 L152 134 L126 136 Z", 0.4, 0.9)
    pen.line("M132 112 L144 111", 0.8)
    pen.line("M132 120 L144 119", 0.7)
    return pen


def edge(colour: str = "cherry", seed: int = 521) -> Art:
    pen = Art(210, 46, seed)
    body = "M4 16 L206 16 L206 43 L4 43 Z"
    pen.fill(colour, body)
    pen.fill(colour, "M2 4 L208 4 L208 20 L2 20 Z", 0.6)
    pen.line("M2 20 L208 20", 0.8)
    pen.fill("paper", plate(56, 10, 98, 27, 6), 0.2)
    pen.line(plate(56, 10, 98, 27, 6), 0.8)
    pen.line("M78 20 L132 20", 1.2)
    pen.line("M88 28 L122 28", 0.7)
    pen.fill("saffron", "M170 4 L180 4 L180 43 L170 43 Z", 0.1)
    pen.line("M170 4 L170 43", 0.7)
    pen.line("M180 4 L180 43", 0.7)
    pen.line(body)
    pen.line("M2 20 L2 4 L208 4 L208 20")
    return pen
