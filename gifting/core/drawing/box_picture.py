"""The picture of a box with its goods: back row, wool, front rows, wool and the lip over all."""

from collections.abc import Sequence
from functools import lru_cache

from gifting.core.drawing.arrange import Placement, arrange
from gifting.core.drawing.boxes import layers
from gifting.core.drawing.frame import svg
from gifting.core.drawing.goods import Recolour, art
from gifting.core.drawing.ink import INK, PALETTE, Pose, baked, ink_group, weight
from gifting.core.drawing.shapes import BoxKind, BoxShape, Shape
from gifting.core.drawing.wrapping import TEXT_FACE, mound

_LINE_PX = 1.7
_ABOVE = {BoxKind.CARTON: 128, BoxKind.TRAY: 86, BoxKind.CRATE: 30, BoxKind.SACK: 26}
_BELOW = {BoxKind.CARTON: 12, BoxKind.TRAY: 56, BoxKind.CRATE: 12, BoxKind.SACK: 12}
_SIDE = 30


def box_svg(
    box: BoxShape,
    items: Sequence[Shape] = (),
    *,
    label: str | None,
    width_px: int = 640,
    print_safe: bool = False,
) -> str:
    """The open box and what is in it; no items, an empty box.

    The ink line comes out at 1.7 px when shown `width_px` wide; it is already in millimetres of
    the box, so paper and screen agree.

    `print_safe` gives the file its natural size, which paper layouts need.
    """
    return _picture(box, arrange(box, items), label, width_px, print_safe)


@lru_cache(maxsize=256)
def _picture(
    box: BoxShape,
    placements: tuple[Placement, ...],
    label: str | None,
    width_px: int,
    print_safe: bool,  # noqa: FBT001
) -> str:
    x, y, w, h = _frame(box, placements)
    line = round(_LINE_PX * w / width_px, 2)
    size = (width_px, round(width_px * h / w)) if print_safe else None
    return svg(_drawn(box, placements, line), (x, y, w, h), label=label, size=size)


def _frame(box: BoxShape, placements: Sequence[Placement]) -> tuple[float, float, float, float]:
    highest = min((placement.y for placement in placements), default=0.0)
    up = max(float(_ABOVE[box.kind]), 10 - highest)
    below = _BELOW[box.kind]
    return -_SIDE, -up, box.length_mm + 2 * _SIDE, box.depth_mm + up + below


@lru_cache(maxsize=2048)
def _marks(name: str, recolour: Recolour, pose: Pose, line: float) -> str:
    return baked(art(name, recolour), pose, line)


def _drawn(box: BoxShape, placements: Sequence[Placement], line: float) -> str:
    layer = layers(box, line)
    goods = [placement for placement in placements if placement.art]
    hill, hill_front = _hill(box, goods, line)
    out = [layer.behind, hill]
    front_row = max((placement.row for placement in goods), default=0)
    wool_due = True
    for placement in goods:
        if wool_due and placement.row == front_row:
            out.append(layer.between)
            wool_due = False
        out.append(_good(placement, line))
    out += [hill_front, layer.front]
    out += [_tag(placement) for placement in placements if placement.tag]
    return ink_group("".join(out), line)


def _hill(box: BoxShape, goods: Sequence[Placement], line: float) -> tuple[str, str]:
    if box.from_above or not goods:
        return "", ""
    gap = box.depth_mm - max(placement.y + placement.height for placement in goods)
    top = min(placement.y for placement in goods)
    if gap <= 26 or top <= box.depth_mm * 0.08:
        return "", ""
    left = min(placement.x for placement in goods)
    right = max(placement.x + placement.width for placement in goods)
    return mound((left, right), box.length_mm, box.depth_mm - 4, gap + 4, line)


def _good(placement: Placement, line: float) -> str:
    turn = ""
    if placement.angle:
        centre = f"{placement.width / 2:.1f} {placement.height / 2:.1f}"
        turn = f" rotate({placement.angle:.1f} {centre})"
    pose = Pose(placement.width, placement.height, placement.turn)
    return (
        f'<g transform="translate({placement.x} {placement.y}){turn}">'
        f"{_marks(placement.art, placement.recolour, pose, line)}</g>"
    )


def _tag(placement: Placement) -> str:
    if placement.art:
        cx = placement.x + placement.width - 8
        cy = placement.y + min(placement.height * 0.3, 30)
    else:
        cx, cy = placement.x + 19, placement.y + 19
    radius = 13 + 3 * max(0, len(placement.tag) - 2)
    return (
        f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{weight(radius)}" fill="{PALETTE["saffron"]}"/>'
        f'<text x="{cx:.1f}" y="{cy + 4.8:.1f}" text-anchor="middle" font-family="{TEXT_FACE}" '
        f'font-weight="700" font-size="14" fill="{INK}" stroke="none">{placement.tag}</text>'
    )
