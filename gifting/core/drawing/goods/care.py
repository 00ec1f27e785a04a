"""Soap, cosmetics, cleaning, candles and plants."""

import math

from gifting.core.drawing.goods.motifs import leaf
from gifting.core.drawing.ink import Art, ellipse, plate


def soap(colour: str = "pistachio-light", seed: int = 131) -> Art:
    pen = Art(100, 64, seed)
    body = (
        "M12 5 L88 5 C95 5 98 9 98 16 L98 48 C98 57 94 61 86 61 L14 61 "
        "C6 61 2 57 2 48 L2 16 C2 8 5 5 12 5 Z"
    )
    pen.shape(colour, body)
    pen.line("M10 18 C10 13 12 12 17 12", 0.8)
    pen.shape("paper", "M32 3 L70 3 L70 63 L32 63 Z", 0.4, 0.9)
    leaf(pen, (51, 50), (51, 16), 7, "pistachio")
    pen.line("M37 9 L37 58", 0.5)
    pen.line("M65 9 L65 58", 0.5)
    return pen


def lotion(colour: str = "blue-300", seed: int = 141) -> Art:
    pen = Art(64, 180, seed)
    pen.shape("ink", "M28 30 L36 30 L36 44 L28 44 Z", 0.2, 0.8)
    pen.shape(
        "blue-700", "M18 14 L46 14 C56 14 61 20 61 30 L53 30 C52 25 49 24 45 24 L18 24 Z", 0.3, 0.9
    )
    pen.shape("blue-700", "M21 42 L43 42 L43 56 L21 56 Z", 0.3, 0.9)
    body = (
        "M5 76 C5 62 14 58 21 56 L43 56 C50 58 59 62 59 76 L59 170 "
        "C59 176 56 178 50 178 L14 178 C8 178 5 176 5 170 Z"
    )
    pen.fill(colour, body)
    pen.fill("paper", plate(12, 88, 40, 64, 7), 0.3)
    pen.line(plate(12, 88, 40, 64, 7), 0.8)
    leaf(pen, (32, 124), (32, 96), 6, "pistachio")
    pen.line("M22 132 L42 132", 0.9)
    pen.line("M25 140 L39 140", 0.7)
    pen.line(body)
    return pen


def cream_pot(colour: str = "blue-300", seed: int = 461) -> Art:
    pen = Art(66, 56, seed)
    body = "M4 22 L62 22 L62 46 C62 51 59 54 53 54 L13 54 C7 54 4 51 4 46 Z"
    pen.fill(colour, body)
    pen.fill("paper", plate(14, 27, 38, 21, 5), 0.2)
    pen.line(plate(14, 27, 38, 21, 5), 0.8)
    pen.line("M22 37 L44 37", 1)
    pen.line(body)
    pen.shape("paper", "M2 4 L64 4 L64 24 L2 24 Z", 0.3, 0.9)
    return pen


def detergent(colour: str = "blue-300", seed: int = 431) -> Art:
    pen = Art(96, 250, seed)
    body = (
        "M34 36 L62 36 C66 62 92 70 92 98 L92 236 C92 243 88 247 80 247 "
        "L16 247 C8 247 4 243 4 236 L4 98 C4 70 30 62 34 36 Z"
    )
    pen.fill(colour, body)
    pen.fill("paper", "M4 126 L92 126 L92 212 L4 212 Z", 0.2)
    pen.line("M4 126 L92 126", 0.8)
    pen.line("M4 212 L92 212", 0.8)
    pen.shape(
        "blue-400",
        (
            "M48 140 C60 156 64 164 64 172 C64 182 57 188 48 188 "
            "C39 188 32 182 32 172 C32 164 36 156 48 140 Z"
        ),
        0.3,
        0.9,
    )
    leaf(pen, (48, 184), (48, 158), 5, "pistachio")
    pen.line("M28 198 L68 198", 1)
    pen.line("M14 100 C16 88 24 80 32 72", 1.1, colour="paper")
    pen.line(body)
    pen.shape("cherry", "M30 5 L66 5 L68 38 L28 38 Z", 0.3, 0.9)
    for x in (38, 48, 58):
        pen.line(f"M{x} 11 L{x} 34", 0.6, colour="cherry-light")
    return pen


def candle(colour: str = "cherry-light", seed: int = 441) -> Art:
    pen = Art(80, 104, seed)
    body = "M5 34 L75 34 L72 101 L8 101 Z"
    pen.fill(colour, body)
    pen.fill("paper", plate(18, 50, 44, 38, 7), 0.2)
    pen.line(plate(18, 50, 44, 38, 7), 0.8)
    leaf(pen, (40, 82), (40, 56), 5, "pistachio")
    pen.fill("paper", ellipse(40, 34, 35, 6), 0.1)
    pen.line(body)
    pen.line(ellipse(40, 34, 35, 6), 0.8)
    pen.line("M40 34 L40 24", 1.4)
    pen.shape("saffron", "M40 6 C48 14 48 24 40 26 C32 24 33 15 40 6 Z", 0.3, 0.8)
    return pen


def diffuser(colour: str = "crust-light", seed: int = 451) -> Art:
    pen = Art(70, 160, seed)
    for x0, x1 in ((32, 14), (34, 28), (36, 44), (38, 60)):
        pen.line(f"M{x0} 98 L{x1} 5", 1.6, colour="brown")
    body = (
        "M22 84 L48 84 L49 96 C58 100 67 104 67 114 L67 150 "
        "C67 155 64 157 59 157 L11 157 C6 157 3 155 3 150 L3 114 "
        "C3 104 12 100 21 96 Z"
    )
    pen.fill(colour, body)
    pen.fill("paper", plate(12, 112, 46, 36, 6), 0.2)
    pen.line(plate(12, 112, 46, 36, 6), 0.8)
    leaf(pen, (35, 144), (35, 116), 5, "pistachio")
    pen.line(body)
    pen.shape("blue-700", "M20 76 L50 76 L50 88 L20 88 Z", 0.2, 0.8)
    return pen


def plant(seed: int = 181) -> Art:
    pen = Art(160, 236, seed)
    for x1, y1, w, c in (
        (20, 70, 15, "pistachio"),
        (50, 22, 16, "pistachio-dark"),
        (84, 8, 15, "pistachio"),
        (118, 30, 16, "pistachio-dark"),
        (146, 78, 15, "pistachio"),
        (34, 112, 12, "pistachio-dark"),
        (128, 118, 12, "pistachio"),
    ):
        leaf(pen, (80, 142), (x1, y1), w, c)
    pen.shape("crust", "M38 152 L122 152 L112 233 L48 233 Z")
    pen.shape("crust", "M30 136 L130 136 L128 157 L32 157 Z", 0.5)
    pen.line("M46 176 L114 176", 0.6, colour="crust-light")
    pen.line("M47 184 L113 184", 0.6, colour="crust-light")
    pen.fill("crust-light", "M52 200 L60 200 L63 226 L56 226 Z", 0.1)
    return pen


def flower(colour: str = "cherry", seed: int = 511) -> Art:
    pen = Art(140, 320, seed)
    for x0, x1, y1 in ((62, 24, 96), (70, 70, 30), (78, 116, 84)):
        pen.line(f"M{x0} 236 C{x0} 180 {x1} 160 {x1} {y1}", 2.2, colour="pistachio-dark")
    for x0, y0, x1, y1, c2 in (
        (62, 210, 14, 176, "pistachio"),
        (78, 206, 128, 168, "pistachio-dark"),
        (68, 170, 34, 136, "pistachio-dark"),
        (72, 150, 108, 124, "pistachio"),
        (70, 120, 44, 96, "pistachio"),
        (66, 226, 20, 216, "pistachio-dark"),
        (76, 226, 122, 214, "pistachio"),
    ):
        leaf(pen, (x0, y0), (x1, y1), 9, c2)
    for x, y, s in ((24, 92, 1), (70, 32, 1.25), (116, 80, 1)):
        for k in range(7):
            angle = k * 0.9
            pen.shape(
                colour,
                ellipse(x + 13 * s * math.cos(angle), y + 13 * s * math.sin(angle), 9 * s, 8 * s),
                0.1,
                0.7,
            )
        pen.shape("saffron", ellipse(x, y, 8 * s, 8 * s), 0.1, 0.8)
    pen.shape("crust", "M30 246 L110 246 L102 316 L38 316 Z")
    pen.shape("crust", "M22 230 L118 230 L116 250 L24 250 Z", 0.5)
    pen.line("M36 266 L104 266", 0.6, colour="crust-light")
    pen.line("M38 274 L102 274", 0.6, colour="crust-light")
    return pen
