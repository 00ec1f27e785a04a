"""A product drawn with its measures beside it, as an architect would."""

import re

from markupsafe import Markup, escape

from gifting.core.drawing import Shape, product_svg
from gifting.core.drawing.ink import INK
from gifting.core.drawing.product_picture import MARGIN_MM
from gifting.core.drawing.products import drawing_of
from gifting.core.drawing.wrapping import TEXT_FACE

_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) [\d.]+"')
_LINE = f'stroke="{INK}" stroke-width="1.4" fill="none" vector-effect="non-scaling-stroke"'


def measured_svg(shape: Shape, *, label: str, height: str, length: str) -> Markup:
    """Draw the product on its ground line; `height` and `length` are words, such as «19 cm»."""
    drawn = product_svg(shape, size="card")
    side = _side_of(drawn)
    unit, tick = side / 100, side / 50
    width = drawing_of(shape).width
    left, right = (side - width) / 2, (side + width) / 2
    foot = side - MARGIN_MM
    top = foot - drawing_of(shape).height
    rail, shelf = left - 9 * unit, foot + 11 * unit
    ground = f"M{-14 * unit:.1f} {foot:.1f}H{114 * unit:.1f}"
    measures = "".join(
        (
            f"M{rail:.1f} {top:.1f}V{foot:.1f}",
            *(f"M{rail - tick:.1f} {end:.1f}h{2 * tick:.1f}" for end in (top, foot)),
            f"M{left:.1f} {shelf:.1f}H{right:.1f}",
            *(f"M{end:.1f} {shelf - tick:.1f}v{2 * tick:.1f}" for end in (left, right)),
        )
    )
    words = _word((rail - 3 * unit, (top + foot) / 2 + unit), "end", unit, height)
    words += _word(((left + right) / 2, shelf + 6 * unit), "middle", unit, length)
    inner = drawn.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
    frame = f"{-24 * unit:.1f} {-14 * unit:.1f} {148 * unit:.1f} {134 * unit:.1f}"
    return Markup(  # noqa: S704 - numbers, our own drawing and escaped words
        f'<svg xmlns="http://www.w3.org/2000/svg" class="big" viewBox="{frame}" role="img" '
        f'aria-label="{escape(label)}"><path d="{ground}" {_LINE}/>{inner}'
        f'<path d="{measures}" {_LINE}/>{words}</svg>'
    )


def _side_of(drawn: str) -> float:
    found = _VIEW_BOX.search(drawn)
    if found is None:
        raise ValueError("a product's picture is square and starts at 0 0")
    return float(found[1])


def _word(at: tuple[float, float], anchor: str, unit: float, text: str) -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" font-family="{TEXT_FACE}" '
        f'font-weight="600" font-size="{3.6 * unit:.1f}" fill="{INK}">{escape(text)}</text>'
    )
