"""Bottles and cans."""

from gifting.core.drawing.goods.motifs import leaf
from gifting.core.drawing.ink import Art, ellipse, plate


def beer(colour: str = "saffron", seed: int = 71) -> Art:
    pen = Art(64, 236, seed)
    body = (
        "M24 12 L40 12 L40 62 C42 86 60 92 61 120 L61 226 "
        "C61 232 57 234 52 234 L12 234 C7 234 3 232 3 226 L3 120 "
        "C4 92 22 86 24 62 Z"
    )
    pen.fill("brown", body)
    pen.line("M11 122 C12 108 18 102 23 94", 1.2, colour="crust-light")
    pen.fill(colour, "M3 132 L61 132 L61 198 L3 198 Z", 0.4)
    pen.fill("paper", ellipse(32, 165, 19, 22), 0.2)
    pen.line("M32 150 L32 182", 0.9)
    for y in (154, 161, 168):
        pen.line(f"M32 {y + 5} C27 {y + 3} 24 {y} 23 {y - 5}", 0.8)
        pen.line(f"M32 {y + 5} C37 {y + 3} 40 {y} 41 {y - 5}", 0.8)
    pen.fill(colour, "M24 44 L40 44 L40 60 L24 60 Z", 0.2)
    pen.line("M24 44 L40 44", 0.7)
    pen.line("M24 60 L40 60", 0.7)
    pen.line("M3 132 L61 132", 0.7)
    pen.line("M3 198 L61 198", 0.7)
    pen.line(body)
    pen.shape("cherry", "M20 3 L44 3 L45 15 L19 15 Z", 0.3, 0.9)
    return pen


def can(colour: str = "saffron", seed: int = 381) -> Art:
    pen = Art(68, 168, seed)
    body = "M10 10 L58 10 L65 24 L65 150 L58 164 L10 164 L3 150 L3 24 Z"
    pen.fill(colour, body)
    pen.fill("blue-100", "M10 8 L58 8 L62 18 L6 18 Z", 0.2)
    pen.fill("paper", ellipse(34, 88, 25, 34), 0.2)
    pen.line(ellipse(34, 88, 25, 34), 0.8)
    pen.line("M34 62 L34 114", 0.9)
    for y in (78, 88, 98):
        pen.line(f"M34 {y + 6} C27 {y + 3} 24 {y} 22 {y - 6}", 0.8)
        pen.line(f"M34 {y + 6} C41 {y + 3} 44 {y} 46 {y - 6}", 0.8)
    pen.line("M4 24 L64 24", 0.8)
    pen.line("M4 150 L64 150", 0.8)
    pen.line(body)
    pen.line("M24 5 L44 5", 1.6)
    return pen


def wine(colour: str = "bottle", cap: str = "cherry", seed: int = 81) -> Art:
    pen = Art(76, 300, seed)
    body = (
        "M29 6 L47 6 L47 80 C48 102 73 104 74 134 L74 290 "
        "C74 296 70 298 64 298 L12 298 C6 298 2 296 2 290 L2 134 "
        "C3 104 28 102 29 80 Z"
    )
    pen.fill(colour, body)
    pen.fill(cap, "M27 2 L49 2 L49 58 L27 58 Z", 0.3)
    pen.line("M10 138 C12 122 20 116 26 108", 1.2, colour="blue-300")
    pen.fill("paper", "M4 166 L72 166 L72 250 L4 250 Z", 0.2)
    pen.line("M3 166 L73 166", 0.7)
    pen.line("M3 250 L73 250", 0.7)
    pen.line("M16 182 L60 182", 1.2)
    pen.line("M22 190 L54 190", 0.7)
    pen.fill(cap, "M38 202 L50 216 L38 230 L26 216 Z", 0.3)
    pen.line("M24 240 L52 240", 0.7)
    pen.line(body)
    pen.line("M27 58 L49 58", 0.8)
    return pen


def juice(seed: int = 371) -> Art:
    pen = Art(82, 270, seed)
    body = (
        "M26 20 L56 20 L57 54 C60 84 79 92 79 118 L79 258 "
        "C79 264 75 267 69 267 L13 267 C7 267 3 264 3 258 L3 118 "
        "C3 92 22 84 25 54 Z"
    )
    pen.fill("saffron-light", body)
    pen.fill(
        "saffron",
        (
            "M3 118 C3 100 14 92 20 80 L62 80 C68 92 79 100 79 118 L79 258 "
            "C79 264 75 267 69 267 L13 267 C7 267 3 264 3 258 Z"
        ),
        0.2,
    )
    pen.fill("paper", plate(9, 128, 64, 104, 9), 0.2)
    pen.line(plate(9, 128, 64, 104, 9), 0.8)
    pen.shape(
        "cherry",
        (
            "M41 158 C52 148 68 156 66 174 C64 190 52 196 41 190 "
            "C30 196 18 190 16 174 C14 156 30 148 41 158 Z"
        ),
        0.3,
        0.9,
    )
    pen.line("M41 158 L43 146", 1)
    leaf(pen, (43, 150), (58, 142), 4, "pistachio")
    pen.line("M24 208 L58 208", 1.1)
    pen.line("M30 217 L52 217", 0.7)
    pen.line(body)
    pen.shape("bottle", "M22 4 L60 4 L60 24 L22 24 Z", 0.3, 0.9)
    return pen


def oil(colour: str = "pistachio-dark", cap: str = "saffron", seed: int = 91) -> Art:
    pen = Art(72, 266, seed)
    body = "M27 22 L45 22 L45 68 C47 82 69 82 69 100 L69 263 L3 263 L3 100 C3 82 25 82 27 68 Z"
    pen.fill(colour, body)
    pen.line("M11 104 C12 96 18 94 22 90", 1.2, colour="pistachio-light")
    pen.fill("paper", plate(9, 128, 54, 96, 8), 0.2)
    pen.line(plate(9, 128, 54, 96, 8), 0.8)
    pen.line("M36 144 L36 188", 0.9)
    for y in (152, 164, 176):
        leaf(pen, (36, y + 6), (20, y - 4), 3.4, "pistachio")
        leaf(pen, (36, y + 6), (52, y - 4), 3.4, "pistachio")
    pen.line("M20 202 L52 202", 0.9)
    pen.line("M25 210 L47 210", 0.7)
    pen.line(body)
    pen.shape(cap, "M23 3 L49 3 L49 25 L23 25 Z", 0.3, 0.9)
    return pen
