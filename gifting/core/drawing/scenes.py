"""The large pictures: the open box of the home page, the rack of panettoni, the shop, the cut."""

from functools import lru_cache

from gifting.core.drawing.boxes import layers
from gifting.core.drawing.frame import svg
from gifting.core.drawing.goods import art
from gifting.core.drawing.ink import (
    INK,
    PALETTE,
    Point,
    Pose,
    baked,
    ellipse,
    fill_path,
    hand,
    ink_group,
    line_path,
    plate,
    rect,
)
from gifting.core.drawing.shapes import BoxShape
from gifting.core.drawing.wrapping import DISPLAY_FACE, HOUSE

_LINE = 1.7


def _paint(path: str, colour: str) -> str:
    return fill_path(path, PALETTE[colour])


def _ink(path: str, line: float = _LINE, colour: str = "ink") -> str:
    return line_path(path, line, PALETTE[colour], non_scaling=True)


def _stand(name: str, x: float, floor: float, scale: float = 1, **recolour: str) -> str:
    """A drawing standing on the floor, its left edge at x."""
    drawn = art(name, tuple(sorted(recolour.items())))
    pose = Pose(drawn.width * scale, drawn.height * scale)
    return baked(drawn, pose, _LINE, non_scaling=True, x=x, y=floor - pose.height)


_HERO_BOX = BoxShape("HERO", "", 470, 310, 300)


@lru_cache(maxsize=4)
def hero_svg(label: str | None = None) -> str:
    """The open box with its goods around it, 1150 x 550 mm, no captions: words belong to HTML."""
    box = layers(_HERO_BOX, 2.2)
    floor = _HERO_BOX.height_mm + 4
    parts = [
        _ink(hand(f"M-350 {floor} L800 {floor}", 0.5, 5), 1.8),
        _stand("bag", -282, floor, 0.82),
        _stand("plant", 572, floor - 1, 0.98),
        box.behind,
        _stand("pasta", 30, 280, 0.95),
        _stand("wine", 148, 280, 0.95),
        _stand("oil", 330, 280, 0.95),
        _stand("beer", 392, 280, 0.95),
        box.between,
        _stand("panettone", 196, 297),
        _stand("taralli", 66, 297),
        _stand("baci_box", 308, 297),
        _stand("coffee", 12, 297),
        box.front,
        _stand("soap", -92, floor + 6),
        _stand("pouch", 496, floor + 7),
        _stand("torrone", -312, floor + 9),
        _stand("honey", 688, floor + 6),
        _stand("jam", 608, floor + 9),
    ]
    return svg(ink_group("".join(parts), _LINE), (-350, -140, 1150, 470), label=label)


_BANDS = ("cherry", "blue-500", "saffron", "pistachio-dark")
_TILTS = (-1.2, 1.0, -0.6, 1.4)


@lru_cache(maxsize=4)
def rack_svg(label: str | None = None) -> str:
    """Panettoni just baked, resting upside down from two rows of rods so that they do not sink."""
    count, width = 4, 968
    posts = hand("M18 20 L18 620", 0.6, 3), hand(f"M{width - 18} 20 L{width - 18} 620", 0.6, 4)
    out = [_ink(post, 2) for post in posts]
    for row in range(2):
        y = 44 + row * 292
        for k in range(count):
            x = 38 + k * 232
            cake = art(
                "panettone",
                (("accent", _BANDS[(k + row * 2) % 4]), ("seed", 11 + k * 17 + row * 5)),
            )
            marks = baked(cake, Pose(cake.width, cake.height), 1.8, non_scaling=True)
            tilt = _TILTS[(k + row) % 4]
            out.append(
                f'<g transform="translate({x + 95} {y + 14}) rotate({tilt}) '
                f'translate(95 204) rotate(180)">{marks}</g>'
            )
            out += [
                _ink(hand(f"M{x + dx} {y - 12} L{x + dx} {y + 30}", 0.5, k + row), 2.2)
                for dx in (62, 128)
            ]
        rod = f"M6 {y - 16} L{width - 6} {y - 16} L{width - 6} {y - 5} L6 {y - 5} Z"
        out.append(_paint(hand(rod, 0.7, row + 8, (4, 3)), "blue-400"))
        out.append(_ink(hand(rod, 0.7, row + 8), 1.8))
    return svg(ink_group("".join(out), 1.8), (-4, 0, width + 8, 630), label=label)


@lru_cache(maxsize=4)
def cut_panettone_svg(label: str | None = None) -> str:
    """A panettone cut in half: crumb, raisins, candied orange."""
    cake = art("cut_panettone")
    marks = baked(cake, Pose(cake.width, cake.height), _LINE, non_scaling=True)
    view = (-4, -4, cake.width + 8, cake.height + 8)
    return svg(ink_group(marks, _LINE), view, label=label)


_SHOP_WIDTH, _SHOP_FLOOR = 1180, 560
_WINDOWS = ((50, 400), (730, 400))


def _sign(at: Point, size: float, text: str, *, colour: str = INK, spacing: float = 0) -> str:
    x, y = at
    gap = f' letter-spacing="{spacing:g}"' if spacing else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" font-family="{DISPLAY_FACE}" '
        f'font-weight="600" font-size="{size}"{gap} fill="{colour}" stroke="none">{text}</text>'
    )


def _printed(path: str, colour: str, seed: int, line: float, shift: Point = (4, 3)) -> str:
    """A large flat area and its outline."""
    return _paint(hand(path, 0.8, seed, shift), colour) + _ink(hand(path, 1.1, seed + 1), line)


def _awning(x: float, width: float, seed: int) -> str:
    stripes, out = 12, []
    middle, step = x + width / 2, width / 12

    def flared(at: float) -> str:
        return f"{middle + (at - middle) * 1.07:.1f}"

    for i in range(stripes):
        a, b = x + i * step, x + (i + 1) * step
        cloth = (
            f"M{a:.1f} 92 L{b:.1f} 92 L{flared(b)} 186 "
            f"C{flared(b)} 204 {flared(a)} 204 {flared(a)} 186 Z"
        )
        out.append(_paint(cloth, "paper" if i % 2 else "cherry"))
        out.append(_ink(hand(cloth, 0.5, seed + i), 1.2))
    return "".join(out)


def _door() -> str:
    frame = f"M490 120 L690 120 L690 {_SHOP_FLOOR} L490 {_SHOP_FLOOR} Z"
    glass = "M516 146 L664 146 L664 420 L516 420 Z"
    card = plate(536, 226, 108, 52, 9)
    return "".join(
        (
            _printed(frame, "blue-800", 50, 2, (5, 3)),
            _paint(glass, "saffron-light"),
            _ink(hand(glass, 1.1, 52), 1.6),
            _ink(hand("M516 440 L664 440 L664 540 L516 540 Z", 1.1, 53), 1.2, "blue-300"),
            _paint(ellipse(676, 400, 6, 6), "saffron"),
            _ink(ellipse(676, 400, 6, 6), 1.4),
            _paint(card, "paper"),
            _ink(card, 1.4),
            _sign((590, 259), 22, "Aperto"),
            _ink("M590 200 L552 226", 1.2),
            _ink("M590 200 L628 226", 1.2),
            _paint(ellipse(590, 199, 3, 3), "ink"),
        )
    )


@lru_cache(maxsize=4)
def shop_svg(label: str | None = None) -> str:
    """The shop front: two windows, striped awnings, the door in the middle."""
    w, floor = _SHOP_WIDTH, _SHOP_FLOOR
    out = [
        _ink(hand(f"M-190 {floor} L{w + 190} {floor}", 0.6, 5), 2),
        _printed(f"M0 -30 L{w} -30 L{w} {floor} L0 {floor} Z", "blue-300", 3, 2, (7, 4)),
        _printed(f"M30 -12 L{w - 30} -12 L{w - 30} 66 L30 66 Z", "blue-800", 6, 1.8),
        _sign((w / 2, 42), 42, HOUSE, colour=PALETTE["paper"], spacing=6.7),
    ]
    for x, width in _WINDOWS:
        pane = rect(x, 150, width, 320)
        out.append(_paint(hand(pane, 0.8, 9 + x, (5, 3)), "paper"))
        out.append(_paint(pane, "blue-100"))
    out += [
        _stand("panettone", 76, 468),
        _stand("taralli", 280, 468, 0.92),
        _stand("coffee", 364, 468, 0.86, colour="cherry"),
        _stand("plant", 1020, 468, 0.62),
        _stand("bag", 756, 468, 0.6),
        _stand("oil", 982, 468, 0.8),
    ]
    for k, (x, width) in enumerate(_WINDOWS):
        pane = rect(x, 150, width, 320)
        base = rect(x - 8, 478, width + 16, floor - 484)
        panel = rect(x + 16, 496, width - 32, floor - 518)
        out += [
            _ink(hand(pane, 1.1, 20 + k), 2),
            _ink(
                hand(f"M{x + width * 0.72} 206 L{x + width * 0.6} 280", 1.1, 30 + k),
                1.2,
                "blue-300",
            ),
            _ink(
                hand(f"M{x + width * 0.78} 206 L{x + width * 0.62} 306", 1.1, 33 + k),
                1.2,
                "blue-300",
            ),
            _printed(base, "blue-500", 40 + k, 1.6),
            _ink(hand(panel, 1.1, 44 + k), 1, "blue-200"),
        ]
    out.append(_door())
    out += [_awning(x, 432, 60 + 20 * k) for k, x in enumerate((34, 714))]
    out.append(_stand("gift", -150, floor))
    out.append(_stand("plant", w + 30, floor, 1.05))
    return svg(ink_group("".join(out), _LINE), (-190, -60, w + 380, floor + 62), label=label)
