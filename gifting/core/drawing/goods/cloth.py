"""Textiles, folded, rolled or hung, and the mug."""

from gifting.core.drawing.ink import Art, ellipse, plate


def bag(seed: int = 151) -> Art:
    pen = Art(360, 430, seed)
    pen.line("M100 132 C98 30 140 10 180 10 C220 10 262 30 260 132", 5, colour="cherry")
    pen.line("M92 132 C90 22 136 2 180 2 C224 2 270 22 268 132", 0.9)
    pen.line("M110 132 C110 38 146 20 180 20 C214 20 250 38 250 132", 0.9)
    body = "M22 130 L338 130 L350 424 L10 424 Z"
    pen.fill("saffron", body, 0.8)
    pen.fill("cherry", "M16 270 L344 270 L350 424 L10 424 Z", 0.8)
    pen.fill("paper", "M19 232 L341 232 L343 270 L17 270 Z", 0.8)
    for i in range(12):
        x = 34 + i * 27
        pen.fill("blue-500", f"M{x} 240 L{x + 11} 251 L{x} 262 L{x - 11} 251 Z", 0.3)
    pen.line("M19 232 L341 232", 0.8)
    pen.line("M17 270 L343 270", 0.8)
    pen.line("M28 144 L332 144", 0.7)
    pen.fill("paper", plate(232, 318, 84, 58, 10), 0.5)
    pen.line(plate(232, 318, 84, 58, 10), 0.8)
    pen.line("M250 342 L298 342", 1.3)
    pen.line("M258 354 L290 354", 0.8)
    pen.line(body)
    return pen


def tshirt(seed: int = 161) -> Art:
    pen = Art(440, 430, seed)
    body = (
        "M150 14 C176 46 264 46 290 14 L340 34 C370 50 408 104 436 160 "
        "L372 192 L346 156 L348 420 L92 420 L94 156 L68 192 L4 160 "
        "C32 104 70 50 100 34 Z"
    )
    pen.fill("blue-300", body, 0.7)
    pen.line(body)
    pen.line("M150 14 C168 64 272 64 290 14", 0.8)
    pen.line("M94 156 L92 120", 0.8)
    pen.line("M346 156 L348 120", 0.8)
    pen.line("M22 150 L74 176", 0.7)
    pen.line("M418 150 L366 176", 0.7)
    pen.fill("cherry", "M220 130 L262 190 L220 250 L178 190 Z", 0.5)
    pen.fill("paper", "M220 152 L246 190 L220 228 L194 190 Z", 0.3)
    pen.line("M220 130 L262 190 L220 250 L178 190 Z", 0.8)
    pen.fill("saffron", ellipse(220, 190, 12, 12), 0.3)
    return pen


def folded(colour: str = "blue-300", kind: str = "lozenge", seed: int = 471) -> Art:
    pen = Art(300, 220, seed)
    body = (
        "M8 14 C100 8 200 8 292 14 C296 80 296 150 292 212 "
        "C200 217 100 217 8 212 C4 150 4 80 8 14 Z"
    )
    pen.fill(colour, body, 0.8)
    pen.line("M9 196 C100 201 200 201 291 196", 0.7)
    pen.line("M9 204 C100 209 200 209 291 204", 0.6)
    if kind == "tshirt":
        pen.fill(
            {"blue-300": "blue-100"}.get(colour, "blue-100"), "M104 12 C120 56 180 56 196 12 Z", 0.2
        )
        pen.line("M104 12 C120 56 180 56 196 12", 0.9)
        pen.line("M92 12 C110 70 190 70 208 12", 0.7)
        pen.shape("cherry", "M150 92 L186 134 L150 176 L114 134 Z", 0.4, 0.9)
        pen.fill("paper", "M150 108 L172 134 L150 160 L128 134 Z", 0.2)
        pen.fill("saffron", ellipse(150, 134, 8, 8), 0.1)
    elif kind == "stripes":
        for y in range(40, 190, 24):
            pen.fill("paper", f"M8 {y} L292 {y} L292 {y + 10} L8 {y + 10} Z", 0.2)
    elif kind == "apron":
        pen.line("M110 12 C112 60 100 80 60 92", 0.9)
        pen.line("M190 12 C188 60 200 80 240 92", 0.9)
        pen.fill("paper", plate(96, 104, 108, 74, 10), 0.2)
        pen.line(plate(96, 104, 108, 74, 10), 0.8)
        pen.line("M116 130 L184 130", 1.4)
        pen.line("M126 146 L174 146", 0.8)
        pen.line("M110 14 C120 34 180 34 190 14", 2.4, colour="cherry")
    elif kind == "shopper":
        pen.line("M96 14 C92 76 110 96 150 96 C190 96 208 76 204 14", 4.4, colour="cherry")
        pen.line("M90 14 C86 82 106 102 150 102 C194 102 214 82 210 14", 0.8)
        pen.line("M102 14 C99 70 114 90 150 90 C186 90 201 70 198 14", 0.8)
        for x in range(30, 290, 30):
            pen.fill("blue-500", f"M{x} 136 L{x + 11} 148 L{x} 160 L{x - 11} 148 Z", 0.3)
        pen.line("M8 126 L292 126", 0.8)
        pen.line("M8 170 L292 170", 0.8)
    else:
        for j, y in enumerate((44, 84, 124, 164)):
            for x in range(34 + 20 * (j % 2), 280, 40):
                pen.fill("paper", f"M{x} {y - 9} L{x + 8} {y} L{x} {y + 9} L{x - 8} {y} Z", 0.2)
    if kind in ("stripes", "lozenge"):
        pen.shape("paper", "M118 12 L182 12 L182 214 L118 214 Z", 0.3, 0.9)
        pen.fill("cherry", plate(126, 86, 48, 54, 7), 0.2)
        pen.line(plate(126, 86, 48, 54, 7), 0.7)
        pen.line("M136 108 L164 108", 1, colour="paper")
        pen.line("M140 118 L160 118", 0.8, colour="paper")
    pen.line(body)
    return pen


def pile(colour: str = "blue-300", kind: str = "lozenge", seed: int = 531) -> Art:
    pen = Art(220, 50, seed)
    for i, y in enumerate((33, 18, 4)):
        p = (
            f"M10 {y + 15} C2 {y + 14} 2 {y + 2} 10 {y} L206 {y} "
            f"C218 {y + 2} 218 {y + 13} 208 {y + 15} Z"
        )
        pen.fill(colour, p, 0.5)
        if kind == "stripes" or i == 1:
            pen.fill("paper", f"M12 {y + 5} L208 {y + 5} L208 {y + 9} L12 {y + 9} Z", 0.2)
        pen.line(p)
    pen.shape("paper", "M88 2 L132 2 L132 49 L88 49 Z", 0.2, 0.8)
    pen.fill("cherry", plate(94, 13, 32, 24, 5), 0.2)
    pen.line("M101 22 L119 22", 0.9, colour="paper")
    pen.line("M104 29 L116 29", 0.7, colour="paper")
    return pen


def rolled(colour: str = "cherry", seed: int = 481) -> Art:
    pen = Art(320, 120, seed)
    body = "M30 10 L290 10 C312 22 312 98 290 112 L30 112 C8 98 8 22 30 10 Z"
    pen.fill(colour, body)
    for j, y in enumerate((34, 62, 90)):
        for x in range(44 + 18 * (j % 2), 260, 36):
            pen.fill("paper", f"M{x} {y - 8} L{x + 7} {y} L{x} {y + 8} L{x - 7} {y} Z", 0.2)
    pen.fill("saffron", ellipse(290, 61, 18, 50), 0.2)
    pen.line(ellipse(290, 61, 18, 50), 0.9)
    pen.line(("M290 24 C302 40 302 82 290 96 C282 84 282 44 290 40 C295 50 295 72 290 80"), 0.8)
    for x in (92, 206):
        pen.shape("blue-700", f"M{x} 9 L{x + 16} 9 L{x + 16} 113 L{x} 113 Z", 0.2, 0.8)
        pen.shape("saffron", f"M{x - 3} 52 L{x + 19} 52 L{x + 19} 72 L{x - 3} 72 Z", 0.2, 0.8)
    pen.line(body)
    return pen


def mug(colour: str = "paper", seed: int = 491) -> Art:
    pen = Art(120, 105, seed)
    pen.line("M84 34 C122 26 124 84 82 78", 5, colour="blue-500")
    pen.line("M84 28 C130 18 132 92 82 84", 0.9)
    pen.line("M84 42 C110 38 112 74 83 71", 0.9)
    body = "M6 8 L88 8 L84 96 C84 100 80 102 76 102 L18 102 C14 102 10 100 10 96 Z"
    pen.fill(colour, body)
    pen.fill("cherry", "M9 62 L86 62 L84 84 L10 84 Z", 0.3)
    for x in (22, 40, 58, 74):
        pen.fill("paper", f"M{x} 66 L{x + 5} 73 L{x} 80 L{x - 5} 73 Z", 0.1)
    pen.shape("crust", ellipse(47, 34, 11, 9), 0.2, 0.8)
    pen.fill("paper", ellipse(47, 34, 3.6, 2.6), 0)
    pen.line(body)
    pen.line("M8 16 L87 16", 0.6)
    return pen
