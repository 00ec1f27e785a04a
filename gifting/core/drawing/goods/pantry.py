"""Chocolate, nuts, coffee, jars, pasta, cheese."""

import math

from gifting.core.drawing.goods.motifs import almond, leaf, placed
from gifting.core.drawing.ink import Art, ellipse, plate, polygon


def pouch(
    colour: str = "pistachio", accent: str = "pistachio-dark", nut: str = "crust", seed: int = 41
) -> Art:
    pen = Art(116, 176, seed)
    body = "M7 10 L109 10 L112 168 C78 175 38 175 4 168 Z"
    pen.fill(colour, body)
    pen.fill(accent, "M7 10 L109 10 L109 32 L7 32 Z", 0.6)
    window = "M58 56 C90 80 96 118 58 150 C20 118 26 80 58 56 Z"
    pen.fill("paper", window, 0.5)
    for x, y, s, r in (
        (58, 82, 0.95, 0.1),
        (44, 102, 1, 0.5),
        (70, 104, 1, -0.5),
        (57, 122, 1.05, 0),
        (58, 102, 0.8, 1.4),
    ):
        almond(pen, (x, y), s, r, colour=nut)
    pen.line(window, 0.9)
    pen.line(body)
    pen.line("M7 33 L109 33", 0.8)
    pen.line(ellipse(58, 21, 5, 4), 0.8)
    pen.line("M40 161 L76 161", 0.8)
    return pen


def chocolate_bar(colour: str = "blue-500", seed: int = 51) -> Art:
    pen = Art(82, 166, seed)
    pen.shape("chocolate", "M8 4 L74 4 L74 62 L8 62 Z")
    pen.line("M30 5 L30 56", 0.8, colour="crust-light")
    pen.line("M52 5 L52 56", 0.8, colour="crust-light")
    pen.line("M9 27 L73 27", 0.8, colour="crust-light")
    pen.shape(
        "saffron",
        ("M3 60 L12 48 L20 58 L30 46 L40 58 L50 47 L60 58 L70 47 L79 60 L79 76 L3 76 Z"),
        0.5,
        0.8,
    )
    window = "M3 68 L79 68 L79 163 L3 163 Z"
    pen.shape(colour, window)
    pen.shape("paper", plate(16, 88, 50, 54, 8), 0.4, 0.8)
    almond(pen, (41, 112), 1.15, 0.6, colour="crust")
    pen.line("M27 133 L55 133", 0.7)
    return pen


def coffee(colour: str = "ink", seed: int = 61) -> Art:
    pen = Art(94, 166, seed)
    body = "M5 28 L89 28 L89 163 L5 163 Z"
    pen.fill(colour, body)
    top = "M5 28 L17 6 L77 6 L89 28 Z"
    pen.fill("blue-700", top)
    pen.fill("saffron", "M15 9 L79 9 L81 17 L13 17 Z", 0.4)
    pen.fill("paper", plate(16, 58, 62, 78, 10), 0.4)
    pen.line(plate(20, 62, 54, 70, 8), 0.6)
    pen.shape("brown", "M47 70 C66 72 68 96 47 104 C28 98 28 74 47 70 Z", 0.5, 0.8)
    pen.line("M49 72 C40 82 55 90 46 103", 1, colour="paper")
    pen.line("M32 115 L62 115", 0.8)
    pen.line("M37 122 L57 122", 0.7)
    pen.line(body, 1, colour="ink")
    pen.line("M5 28 L17 6 L77 6 L89 28", 1)
    pen.line("M5 29 L89 29", 0.8, colour="blue-300")
    return pen


def tea(colour: str = "pistachio", seed: int = 361) -> Art:
    pen = Art(110, 115, seed)
    body = "M5 20 L105 20 L105 112 L5 112 Z"
    pen.fill(colour, body)
    pen.shape(
        {"pistachio": "pistachio-dark", "ink": "blue-700", "blue-300": "blue-500"}.get(
            colour, "blue-700"
        ),
        "M3 5 L107 5 L107 26 L3 26 Z",
        0.3,
        0.9,
    )
    pen.fill("paper", plate(16, 36, 78, 66, 9), 0.3)
    pen.line(plate(16, 36, 78, 66, 9), 0.8)
    leaf(pen, (55, 84), (34, 56), 7, "pistachio")
    leaf(pen, (55, 84), (76, 56), 7, "pistachio-dark")
    leaf(pen, (55, 86), (55, 46), 7, "pistachio")
    pen.line("M38 94 L72 94", 0.8)
    pen.line(body)
    return pen


def jam(colour: str = "cherry", seed: int = 101) -> Art:
    pen = Art(80, 96, seed)
    body = (
        "M7 26 C3 34 3 42 4 50 L4 84 C4 91 8 94 15 94 L65 94 "
        "C72 94 76 91 76 84 L76 50 C77 42 77 34 73 26 Z"
    )
    pen.fill(colour, body)
    pen.fill("cherry-dark", ellipse(24, 40, 5, 4), 0.2)
    pen.fill("cherry-dark", ellipse(58, 36, 4, 4), 0.2)
    pen.fill("cherry-dark", ellipse(66, 86, 4, 3), 0.2)
    pen.fill("cherry-dark", ellipse(14, 86, 4, 3), 0.2)
    pen.fill("paper", plate(14, 46, 52, 36, 7), 0.2)
    pen.line(plate(14, 46, 52, 36, 7), 0.8)
    pen.line("M26 60 L54 60", 1.1)
    pen.line("M30 69 L50 69", 0.7)
    pen.line(body)
    lid = "M7 5 L73 5 L74 26 L6 26 Z"
    pen.fill("saffron", lid, 0.4)
    for x in range(14, 72, 10):
        pen.line(f"M{x} 7 L{x} 25", 0.6, colour="paper")
    pen.line("M7 15 L73 15", 0.6, colour="paper")
    pen.line(lid)
    return pen


_CELL = polygon(
    [
        (10 * math.cos(turn), 10 * math.sin(turn))
        for turn in (math.pi * (1 + 2 * i) / 6 for i in range(6))
    ]
)


def honey(seed: int = 111) -> Art:
    pen = Art(86, 108, seed)
    body = "M15 30 L71 30 L82 48 L82 90 L72 105 L14 105 L4 90 L4 48 Z"
    pen.fill("saffron", body)
    pen.fill("saffron-light", "M16 36 L26 36 L16 54 L16 84 L10 84 L10 50 Z", 0.2)
    for cx, cy in ((43, 60), (33.5, 76.5), (52.5, 76.5)):
        p = placed(_CELL, cx, cy)
        pen.fill("paper", p, 0.2)
        pen.line(p, 0.8)
    pen.line(body)
    pen.shape("blue-700", "M14 6 L72 6 L72 29 L14 29 Z", 0.4)
    for x in (22, 32, 43, 54, 64):
        pen.line(f"M{x} 10 L{x} 26", 0.6, colour="blue-300")
    return pen


_PASTA_TUBE = "M-14 -7 L12 -7 C17 -4 17 4 12 7 L-14 7 C-10 3 -10 -3 -14 -7 Z"


def pasta(colour: str = "blue-500", seed: int = 121) -> Art:
    pen = Art(112, 266, seed)
    body = "M7 26 L105 26 L107 258 C72 264 40 264 5 258 Z"
    pen.fill(colour, body)
    top = "M7 26 L105 26 L99 5 L13 5 Z"
    pen.fill("blue-700", top, 0.6)
    window = "M22 118 L90 118 L90 236 L22 236 Z"
    pen.fill("paper", window, 0.3)
    for x, y, r in (
        (38, 138, 0.3),
        (68, 140, -0.4),
        (44, 166, -0.5),
        (74, 172, 0.4),
        (38, 196, 0.5),
        (68, 204, -0.3),
        (46, 222, 0.1),
        (78, 224, 0.6),
    ):
        tube = placed(_PASTA_TUBE, x, y, turn=r)
        pen.shape("saffron-light", tube, 0.2, 0.7)
        pen.line(placed("M12 -7 C7 -4 7 4 12 7", x, y, turn=r), 0.6)
    pen.line(window, 0.8)
    pen.fill("paper", plate(22, 48, 68, 48, 8), 0.3)
    pen.line(plate(22, 48, 68, 48, 8), 0.8)
    pen.line("M36 66 L76 66", 1.4)
    pen.line("M42 76 L70 76", 0.7)
    pen.line(body)
    pen.line("M7 26 L13 5 L99 5 L105 26", 1)
    pen.line("M7 27 L105 27", 0.8)
    return pen


def jar(colour: str = "pistachio", lid: str = "paper", kind: str = "olive", seed: int = 391) -> Art:
    pen = Art(74, 92, seed)
    body = (
        "M9 24 C4 30 3 36 3 44 L3 80 C3 87 7 90 14 90 L60 90 "
        "C67 90 71 87 71 80 L71 44 C71 36 70 30 65 24 Z"
    )
    pen.fill(colour, body)
    pen.fill("paper", "M3 44 L71 44 L71 76 L3 76 Z", 0.2)
    pen.line("M3 44 L71 44", 0.7)
    pen.line("M3 76 L71 76", 0.7)
    if kind == "almond":
        almond(pen, (20, 60), 0.85, 0.4)
    elif kind == "tomato":
        pen.shape("cherry", ellipse(20, 61, 9, 8.5), 0.2, 0.8)
        pen.line("M15 54 L20 57 L25 54", 0.9, colour="pistachio-dark")
    elif kind == "leaf":
        leaf(pen, (20, 73), (20, 48), 6, "pistachio")
    else:
        pen.shape("pistachio", ellipse(20, 60, 6.5, 9), 0.2, 0.8)
        pen.fill("cherry", ellipse(20, 54, 2, 2), 0)
    pen.line("M36 56 L62 56", 1.1)
    pen.line("M36 65 L56 65", 0.7)
    pen.line(body)
    pen.shape(lid, "M7 4 L67 4 L67 25 L7 25 Z", 0.3, 0.9)
    for x in (17, 27, 37, 47, 57):
        pen.line(f"M{x} 8 L{x} 22", 0.6, colour="blue-300")
    return pen


def passata(colour: str = "cherry", seed: int = 401) -> Art:
    pen = Art(86, 125, seed)
    body = (
        "M16 24 L70 24 C72 34 83 38 83 52 L83 112 C83 119 79 122 72 122 "
        "L14 122 C7 122 3 119 3 112 L3 52 C3 38 14 34 16 24 Z"
    )
    pen.fill(colour, body)
    pen.fill("paper", plate(12, 52, 62, 54, 8), 0.2)
    pen.line(plate(12, 52, 62, 54, 8), 0.8)
    pen.shape("cherry", ellipse(43, 72, 13, 12), 0.2, 0.9)
    leaf(pen, (43, 61), (32, 56), 3.5, "pistachio")
    leaf(pen, (43, 61), (54, 56), 3.5, "pistachio")
    pen.line("M27 93 L59 93", 1.1)
    pen.line("M33 100 L53 100", 0.7)
    pen.line(body)
    pen.shape("saffron", "M13 4 L73 4 L73 26 L13 26 Z", 0.3, 0.9)
    pen.line("M13 15 L73 15", 0.6)
    return pen


def cheese(colour: str = "saffron-light", seed: int = 411) -> Art:
    pen = Art(110, 60, seed)
    front = "M4 30 L106 30 L106 57 L4 57 Z"
    pen.fill(colour, front)
    top = "M4 30 L76 5 C94 8 104 18 106 30 Z"
    pen.fill("saffron" if colour == "saffron-light" else "paper", top, 0.3)
    for x, y, q in ((24, 44, 5), (52, 48, 3.6), (74, 40, 5.4), (93, 49, 3.4), (40, 37, 2.6)):
        pen.shape(
            "saffron" if colour == "saffron-light" else "blue-200",
            ellipse(x, y, q, q * 0.8),
            0.2,
            0.7,
        )
    pen.line(front)
    pen.line(top)
    pen.fill("cherry", "M106 30 L106 57", 0.1)
    pen.line("M76 6 C94 8 104 18 106 30", 2, colour="brown")
    return pen


def salami(seed: int = 421) -> Art:
    pen = Art(260, 76, seed)
    body = (
        "M30 40 C28 18 56 10 90 9 L180 9 C214 10 240 20 240 40 "
        "C240 60 214 68 180 69 L90 69 C56 68 30 60 30 40 Z"
    )
    pen.fill("cherry-dark", body)
    pen.fill("cherry-light", "M60 22 C90 14 140 15 176 17 C150 22 100 24 70 30 Z", 0.2)
    pen.line(body)
    for x in (66, 92, 186, 212):
        pen.line(f"M{x} 11 C{x - 7} 30 {x - 7} 48 {x} 67", 1, colour="paper")
    pen.line("M36 30 C90 34 180 34 236 34", 0.9, colour="paper")
    pen.line("M36 52 C90 50 180 50 236 50", 0.9, colour="paper")
    pen.fill("paper", "M104 9 L172 9 L172 69 L104 69 Z", 0.2)
    pen.line("M104 9 L104 69", 0.8)
    pen.line("M172 9 L172 69", 0.8)
    pen.line("M118 32 L158 32", 1.3)
    pen.line("M124 44 L152 44", 0.8)
    pen.line("M30 40 C20 38 16 34 6 38", 2, colour="crust-light")
    pen.line("M240 40 C248 38 252 42 256 40", 2, colour="crust-light")
    return pen
