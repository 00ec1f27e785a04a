"""Cakes, biscuits and salty bakes."""

import math

from gifting.core.drawing.goods.motifs import almond, biscuit
from gifting.core.drawing.ink import Art, Dice, ellipse, plate, rect


def panettone(crust: str = "crust", accent: str = "cherry", seed: int = 11) -> Art:
    pen = Art(190, 204, seed)
    cup = "M13 88 L177 88 L174 202 L16 202 Z"
    pen.fill(accent, cup)
    pen.fill("paper", "M13 122 L177 122 L176 172 L14 172 Z", 0.5)
    for i in range(7):
        x = 30 + i * 21.6
        pen.fill(accent, f"M{x} 133 L{x + 8} 147 L{x} 161 L{x - 8} 147 Z", 0.5)
        pen.fill("saffron", ellipse(x, 147, 2.6, 2.6), 0)
        if i < 6:
            pen.line(f"M{x + 10.8} 141 L{x + 10.8} 153", 0.7)
    pen.line("M13 122 L177 122", 0.8)
    pen.line("M14 172 L176 172", 0.8)
    pen.line("M14 128 L176 128", 0.5)
    pen.line("M15 166 L175 166", 0.5)
    pen.line(cup)
    dome = (
        "M12 92 C0 78 2 54 20 42 C34 16 64 4 96 4 C128 4 158 15 171 42 "
        "C188 54 190 78 178 92 C170 99 160 95 150 97 L40 97 "
        "C30 95 20 99 12 92 Z"
    )
    pen.fill(crust, dome)
    pen.fill(
        "crust-light", "M26 52 C40 26 68 14 94 14 C80 24 56 34 44 58 C38 68 20 66 26 52 Z", 0.2
    )
    pen.line(dome)
    pen.line("M52 30 C74 50 120 50 142 29", 0.9)
    pen.line("M97 12 C92 30 92 52 99 72", 0.9)
    for x, y, r in (
        (36, 76, 1.1),
        (66, 70, -0.7),
        (126, 68, 0.8),
        (154, 74, -0.9),
        (114, 26, 0.4),
        (150, 54, 0.2),
        (78, 84, 0.5),
    ):
        pen.line(f"M{x - 4} {y + 3 * r:.1f} L{x + 4} {y - 3 * r:.1f}", 1)
    for x, y in (
        (52, 86),
        (86, 86),
        (116, 86),
        (140, 84),
        (76, 40),
        (22, 74),
        (170, 78),
        (120, 42),
    ):
        pen.fill("paper", ellipse(x, y, 2.6, 2), 0)
    return pen


def pandoro(colour: str = "blue-500", seed: int = 341) -> Art:
    pen = Art(210, 245, seed)
    body = "M58 26 L152 26 L200 236 C150 243 60 243 10 236 Z"
    pen.fill("saffron", body)
    pen.fill("saffron-light", "M74 28 L96 28 L92 238 L40 236 Z", 0.2)
    for x0, x1 in ((78, 48), (94, 84), (116, 126), (134, 162)):
        pen.line(f"M{x0} 26 C{x0 - 3} 90 {x1 + 2} 160 {x1} 238", 0.8)
    pen.fill(
        "paper",
        (
            "M56 28 C60 6 84 2 104 4 C128 2 150 8 154 28 C160 44 156 58 150 48 "
            "C144 40 138 44 134 58 C128 70 120 60 116 46 C108 40 102 52 96 64 "
            "C88 74 82 56 78 46 C70 38 64 60 56 52 C52 46 54 36 56 28 Z"
        ),
        0.2,
    )
    pen.line(
        (
            "M56 28 C60 6 84 2 104 4 C128 2 150 8 154 28 C160 44 156 58 150 48 "
            "C144 40 138 44 134 58 C128 70 120 60 116 46 C108 40 102 52 96 64 "
            "C88 74 82 56 78 46 C70 38 64 60 56 52 C52 46 54 36 56 28 Z"
        ),
        0.9,
    )
    pen.fill(colour, "M22 176 L188 176 L197 226 L13 226 Z", 0.4)
    pen.line("M22 176 L188 176", 0.8)
    pen.line("M13 226 L197 226", 0.8)
    pen.fill("paper", plate(64, 182, 82, 38, 7), 0.2)
    pen.line(plate(64, 182, 82, 38, 7), 0.8)
    pen.line("M80 198 L130 198", 1.2)
    pen.line("M88 208 L122 208", 0.7)
    pen.line(body)
    return pen


def veneziana(colour: str = "saffron", seed: int = 331) -> Art:
    pen = Art(240, 160, seed)
    cup = "M18 104 L222 104 L216 156 L24 156 Z"
    pen.fill(colour, cup)
    for i in range(9):
        pen.line(f"M{36 + i * 21} 112 L{37 + i * 20.6:.1f} 152", 0.7, colour="paper")
    pen.line(cup)
    loaf = (
        "M12 108 C-2 92 6 62 30 54 C48 22 84 8 120 8 C158 8 194 24 210 54 "
        "C234 62 242 92 228 108 C210 116 30 116 12 108 Z"
    )
    pen.fill("crust", loaf)
    pen.fill(
        "crust-light", "M34 62 C52 34 84 20 112 20 C92 32 66 42 54 68 C46 78 30 74 34 62 Z", 0.2
    )
    pen.line(loaf)
    for i in range(26):
        x = 30 + i * 67 % 182
        y = 30 + i * 41 % 62
        if ((x - 120) / 104) ** 2 + ((y - 96) / 80) ** 2 < 0.9:
            pen.fill("paper", ellipse(x, y, 3.6, 2.6), 0)
    for x, y in ((78, 44), (120, 30), (164, 48), (60, 80), (104, 72), (146, 78), (190, 84)):
        almond(pen, (x, y), 0.8, x * 0.1, colour="crust-light", vein=False)
    return pen


def cut_panettone(seed: int = 231) -> Art:
    pen = Art(240, 250, seed)
    dice = Dice(7)
    cup = "M18 106 L222 106 L218 246 L22 246 Z"
    pen.fill("cherry", cup)
    dome = (
        "M14 112 C-2 92 2 62 26 48 C44 18 82 4 120 4 C160 4 198 18 214 48 "
        "C238 62 242 92 226 112 L226 116 L14 116 Z"
    )
    pen.fill("crust", dome)
    crumb = (
        "M30 238 L30 112 C16 96 18 70 38 58 C54 32 86 18 120 18 "
        "C156 18 186 32 202 58 C222 70 224 96 210 112 L210 238 Z"
    )
    pen.fill("saffron-light", crumb, 0.3)

    def in_crumb(x: float, y: float) -> bool:
        return 36 < x < 204 and 40 < y < 232 and (y >= 70 or 66 <= x <= 174)

    for _ in range(70):
        x, y = (dice.between(34, 206), dice.between(34, 232))
        if in_crumb(x, y):
            w = dice.between(3, 9)
            pen.fill("crumb", ellipse(x, y, w, w * dice.between(0.45, 0.8)), 0)
    fruit = [
        (62, 92),
        (98, 64),
        (142, 82),
        (178, 98),
        (76, 134),
        (118, 116),
        (158, 140),
        (190, 168),
        (56, 182),
        (100, 170),
        (136, 186),
        (172, 214),
        (70, 220),
        (112, 222),
        (124, 48),
        (190, 128),
        (50, 140),
    ]
    for i, (x, y) in enumerate(fruit):
        if i % 2 == 0:
            pen.shape("cherry-dark", ellipse(x, y, 7.5, 5.6), 0.25, 0.7)
            pen.line(f"M{x - 3} {y - 1} L{x + 2} {y + 1.5}", 0.6, colour="cherry-light")
        else:
            pen.shape(
                "saffron",
                f"M{x - 6} {y - 5} L{x + 5} {y - 6} L{x + 7} {y + 5} L{x - 5} {y + 6} Z",
                0.25,
                0.7,
            )
    pen.line(crumb, 0.8)
    pen.line(
        "M14 112 C-2 92 2 62 26 48 C44 18 82 4 120 4 C160 4 198 18 214 48 C238 62 242 92 226 112"
    )
    pen.line("M18 112 L22 246 L218 246 L222 112")
    for y in (130, 160, 190, 220):
        pen.line(f"M19 {y} L28 {y}", 0.7, colour="cherry-light")
        pen.line(f"M212 {y} L221 {y}", 0.7, colour="cherry-light")
    for x, y in ((60, 34), (92, 13), (150, 13), (182, 34)):
        pen.line(f"M{x - 4} {y + 3} L{x + 4} {y - 3}", 1)
    return pen


def cake(colour: str = "blue-300", kind: str = "crumble", seed: int = 321) -> Art:
    pen = Art(210, 210, seed)
    body = "M4 4 L206 4 L206 206 L4 206 Z"
    pen.fill(colour, body)
    window = ellipse(105, 105, 86, 86)
    pen.fill("paper", window, 0.2)
    pen.shape("crust", ellipse(105, 105, 74, 74), 0.3, 0.9)
    if kind == "ring":
        pen.fill("paper", ellipse(105, 105, 28, 28), 0.1)
        pen.line(ellipse(105, 105, 28, 28), 0.9)
    for i in range(26):
        angle = i * 2.4
        inner, band = (34, 34) if kind == "ring" else (10, 58)
        q = inner + band * ((i + 0.5) / 26) ** 0.5
        x, y = 105 + q * math.cos(angle), 105 + q * math.sin(angle)
        if i % 4 == 0:
            almond(pen, (x, y), 0.72, angle, colour="crust-light", vein=False)
        else:
            pen.shape("crust-light" if i % 2 else "saffron-light", ellipse(x, y, 6.5, 5), 0.2, 0.6)
    pen.line(window, 0.8)
    pen.line(body)
    pen.shape("cherry", "M4 24 L24 4 L52 4 L4 52 Z", 0.1, 0.7)
    return pen


def taralli(colour: str = "crust", accent: str = "cherry", seed: int = 21) -> Art:
    pen = Art(150, 230, seed)
    body = (
        "M13 74 C5 112 8 200 15 225 C52 231 98 231 135 225 "
        "C142 200 145 112 137 74 C120 62 98 56 88 46 L62 46 "
        "C52 56 30 62 13 74 Z"
    )
    pen.fill("blue-100", body)
    rows = [
        (96, [50, 92]),
        (122, [32, 74, 116]),
        (148, [52, 98]),
        (174, [30, 75, 120]),
        (200, [52, 97]),
        (214, [26, 124]),
    ]
    for y, xs in rows:
        for x in xs:
            pen.shape(colour, ellipse(x, y, 18, 12.5), 0.4, 0.8)
            pen.fill("blue-100", ellipse(x, y, 6.5, 3.6), 0.4)
            pen.line(ellipse(x, y, 6.5, 3.6), 0.7)
    pen.line(body)
    top = (
        "M62 46 C54 30 42 18 33 5 C47 11 55 4 64 9 C72 2 80 9 88 5 "
        "C97 11 106 5 117 5 C109 19 97 31 88 46 Z"
    )
    pen.shape("blue-200", top)
    pen.line("M70 42 C68 30 62 20 58 12", 0.7)
    pen.line("M78 42 C79 30 82 22 86 12", 0.7)
    pen.line("M60 47 C68 52 82 52 90 47", 2.6, colour=accent)
    pen.line("M88 49 C98 56 104 62 106 70", 1.2, colour=accent)
    pen.shape("saffron", "M98 70 L106 64 L116 70 L116 100 L98 100 Z", 0.5, 0.9)
    pen.line("M103 82 L111 82", 0.7)
    pen.line("M103 89 L111 89", 0.7)
    return pen


def grissini(colour: str = "pistachio", seed: int = 351) -> Art:
    pen = Art(90, 270, seed)
    body = "M6 40 L84 40 L87 264 C60 268 30 268 3 264 Z"
    pen.fill("blue-100", body)
    for i, x in enumerate((14, 25, 36, 47, 58, 69)):
        h = 8 + i * 37 % 24
        pen.shape(
            "crust" if i % 2 else "crust-light",
            (f"M{x} {h + 8} C{x} {h} {x + 8} {h} {x + 8} {h + 8} L{x + 8} 258 L{x} 258 Z"),
            0.15,
            0.7,
        )
    pen.fill(colour, "M4 110 L86 110 L87 210 L4 210 Z", 0.3)
    pen.line("M4 110 L86 110", 0.8)
    pen.line("M4 210 L87 210", 0.8)
    pen.fill("paper", plate(14, 126, 62, 66, 8), 0.2)
    pen.line(plate(14, 126, 62, 66, 8), 0.8)
    pen.line("M45 176 L45 140", 0.9)
    for y in (148, 156, 164):
        pen.line(f"M45 {y + 6} C39 {y + 3} 36 {y} 35 {y - 6}", 0.8)
        pen.line(f"M45 {y + 6} C51 {y + 3} 54 {y} 55 {y - 6}", 0.8)
    pen.line(body)
    return pen


def biscuits(
    colour: str = "blue-500", kind: str = "round", trim: str | None = None, seed: int = 301
) -> Art:
    pen = Art(130, 210, seed)
    trim = trim or {
        "blue-500": "blue-700",
        "cherry": "cherry-dark",
        "pistachio": "pistachio-dark",
        "saffron": "crust",
        "blue-300": "blue-500",
        "crust-light": "crust",
        "blue-800": "ink",
        "bottle": "ink",
        "chocolate": "ink",
        "cherry-light": "cherry",
    }.get(colour, "blue-700")
    body = "M6 24 L124 24 L127 204 C90 209 40 209 3 204 Z"
    pen.fill(colour, body)
    pen.fill(trim, "M8 5 L122 5 L124 30 L6 30 Z", 0.5)
    pen.line("M6 30 L124 30", 0.8)
    pen.line("M10 17 L120 17", 0.6, colour="paper")
    pen.fill("paper", plate(24, 44, 82, 46, 8), 0.3)
    pen.line(plate(24, 44, 82, 46, 8), 0.8)
    pen.line("M40 62 L90 62", 1.3)
    pen.line("M47 73 L83 73", 0.7)
    window = (
        "M20 104 C20 98 24 96 28 96 L102 96 C106 96 110 98 110 104 L110 184 "
        "C110 190 106 192 102 192 L28 192 C24 192 20 190 20 184 Z"
    )
    pen.fill("paper", window, 0.3)
    for x, y in (
        (40, 118),
        (74, 114),
        (96, 130),
        (46, 146),
        (78, 150),
        (38, 174),
        (68, 177),
        (95, 170),
    ):
        biscuit(pen, x, y, kind, 0.92)
    pen.line(window, 0.8)
    pen.line(body)
    pen.line("M6 24 L8 5 L122 5 L124 24")
    return pen


def baci_box(seed: int = 221) -> Art:
    pen = Art(150, 150, seed)
    body = "M8 22 L142 22 L142 146 L8 146 Z"
    pen.fill("blue-500", body)
    top = "M8 22 L24 5 L126 5 L142 22 Z"
    pen.fill("blue-700", top, 0.5)
    window = ellipse(75, 84, 44, 44)
    pen.fill("paper", window, 0.3)
    for x, y in ((58, 64), (92, 66), (50, 92), (78, 92), (104, 96), (66, 114), (92, 116)):
        pen.shape(
            "crust", f"M{x - 12} {y} C{x - 12} {y - 14} {x + 12} {y - 14} {x + 12} {y} Z", 0.3, 0.8
        )
        pen.shape(
            "crust",
            (f"M{x - 12} {y + 3} C{x - 12} {y + 15} {x + 12} {y + 15} {x + 12} {y + 3} Z"),
            0.3,
            0.8,
        )
        pen.line(f"M{x - 11} {y + 1.5} L{x + 11} {y + 1.5}", 1.7, colour="chocolate")
    pen.line(window, 0.9)
    pen.line(body)
    pen.line("M8 22 L24 5 L126 5 L142 22", 1)
    pen.line("M75 6 L75 21", 0.7)
    return pen


def tin(colour: str = "cherry", seed: int = 31) -> Art:
    pen = Art(176, 104, seed)
    body = "M8 32 L168 32 L168 96 C122 103 54 103 8 96 Z"
    pen.fill(colour, body)
    for x in range(20, 164, 12):
        if 56 < x < 120:
            continue
        pen.line(f"M{x} 42 L{x} 97", 0.6, colour="cherry-light")
    pen.line(body)
    pen.fill("paper", plate(52, 46, 72, 42, 8), 0.4)
    pen.line(plate(52, 46, 72, 42, 8), 0.8)
    pen.line(plate(57, 51, 62, 32, 6), 0.5)
    pen.shape("crust", ellipse(74, 67, 9, 9), 0.4, 0.8)
    pen.shape("crust", ellipse(101, 67, 9, 9), 0.4, 0.8)
    pen.fill("chocolate", rect(83, 60, 9, 14), 0.2)
    pen.line("M66 66 L70 63", 0.6)
    lid = "M3 10 C52 3 124 3 173 10 L173 33 C124 39 52 39 3 33 Z"
    pen.shape("cherry-dark" if colour == "cherry" else "blue-700", lid)
    pen.line("M4 16 C52 9 124 9 172 16", 0.7, colour="cherry-light")
    return pen


def assortment(colour: str = "cherry", kind: str = "baci", seed: int = 311) -> Art:
    pen = Art(190, 130, seed)
    body = "M4 5 L186 5 L186 126 L4 126 Z"
    pen.fill(colour, body)
    window = plate(20, 20, 98, 90, 12)
    pen.fill("paper", window, 0.3)
    for i, (x, y) in enumerate(
        ((44, 44), (74, 42), (98, 58), (40, 70), (68, 74), (96, 88), (46, 94), (72, 98))
    ):
        if kind == "praline":
            pen.shape(
                ("chocolate", "brown", "crust-light")[i % 3], ellipse(x, y, 11, 9.5), 0.2, 0.8
            )
            pen.line(
                f"M{x - 5} {y - 3} C{x} {y - 6} {x + 4} {y - 5} {x + 6} {y - 2}",
                0.7,
                colour="saffron-light",
            )
        elif kind == "fruit":
            pen.shape(("cherry", "saffron", "pistachio")[i % 3], ellipse(x, y, 11, 11), 0.2, 0.8)
            pen.line(f"M{x} {y - 10} L{x + 3} {y - 15}", 0.9, colour="pistachio-dark")
        elif kind == "gold":
            pen.shape("saffron", f"M{x - 13} {y + 8} L{x} {y - 12} L{x + 13} {y + 8} Z", 0.2, 0.8)
            pen.line(f"M{x} {y - 10} L{x} {y + 7}", 0.6)
        else:
            biscuit(pen, x, y, kind, 0.78)
    pen.line(window, 0.8)
    pen.fill("saffron", "M136 5 L148 5 L148 126 L136 126 Z", 0.1)
    pen.line("M136 5 L136 126", 0.7)
    pen.line("M148 5 L148 126", 0.7)
    pen.line("M156 56 L178 56", 1.2, colour="paper")
    pen.line("M158 66 L176 66", 0.8, colour="paper")
    pen.line("M160 76 L174 76", 0.8, colour="paper")
    pen.line(body)
    return pen


def torrone(colour: str = "saffron", accent: str = "cherry", seed: int = 201) -> Art:
    pen = Art(206, 60, seed)
    body = "M40 8 L202 8 L202 56 L40 56 Z"
    pen.shape(colour, body)
    pen.shape("paper", "M4 12 L44 12 L44 53 L4 53 Z", 0.5)
    for x, y, r in ((14, 24, 0.4), (30, 22, -0.6), (20, 38, 1.2), (34, 40, 0.2)):
        almond(pen, (x, y), 0.5, r, colour="crust", vein=False)
    pen.fill(accent, "M118 8 L134 8 L134 56 L118 56 Z", 0.1)
    pen.line("M118 8 L118 56", 0.7)
    pen.line("M134 8 L134 56", 0.7)
    pen.shape("paper", plate(146, 18, 46, 28, 6), 0.3, 0.8)
    pen.line("M155 32 L183 32", 1)
    pen.line("M58 22 L104 22", 0.9)
    pen.line("M58 32 L96 32", 0.7)
    pen.line("M58 42 L104 42", 0.7)
    return pen
