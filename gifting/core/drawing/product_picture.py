"""The picture of one product on its tile, standing on the ground line of its neighbours."""

from dataclasses import replace
from functools import lru_cache
from typing import Literal

from gifting.core.drawing.frame import svg
from gifting.core.drawing.goods import art
from gifting.core.drawing.ink import Pose, baked, hand, ink_group, line_path
from gifting.core.drawing.products import drawing_of
from gifting.core.drawing.shapes import Shape

Size = Literal["card", "thumb", "tiny"]

LINE_PX: dict[str, float] = {"card": 1.7, "thumb": 1.15, "tiny": 0.85}
MARGIN_MM = 4.0

_SWEET, _SAVOURY, _CARE, _CLOTH = "sweet", "savoury", "care", "cloth"
_TINTS = {
    "panettoni-e-dolci": _SWEET,
    "biscotti": _SWEET,
    "cioccolato": _SWEET,
    "miele-e-confetture": _SWEET,
    "carta-e-cartoleria": _SWEET,
    "taralli-e-salati": _SAVOURY,
    "birra": _SAVOURY,
    "vino": _SAVOURY,
    "pasta-e-conserve": _SAVOURY,
    "formaggi-e-salumi": _SAVOURY,
    "olio-e-aceto": _CARE,
    "frutta-secca": _CARE,
    "cosmetica": _CARE,
    "casa-e-detergenza": _CARE,
    "piante": _CARE,
    "caffe-e-te": _CLOTH,
    "tessile-e-accessori": _CLOTH,
}


def tile_tint(category: str) -> str:
    """The background of a product's tile: sweet, savoury, care or cloth."""
    return _TINTS.get(category, _SAVOURY)


def product_svg(
    shape: Shape, *, size: Size = "card", label: str | None = None, print_px: int | None = None
) -> str:
    """A square picture: the product in its own proportions, its foot on the ground line.

    Small things are drawn a little smaller than big ones. `size` sets the ink line (card from
    150 px, thumb about 60 px, tiny up to 46 px); below card size there is no ground line.
    `print_px` is for paper: a natural size, and the line already scaled to it.
    """
    return _picture(replace(shape, quantity=1), size, label, print_px)


@lru_cache(maxsize=1024)
def _picture(shape: Shape, size: Size, label: str | None, print_px: int | None) -> str:
    drawing = drawing_of(shape)
    w, h = drawing.width, drawing.height
    side = max(w, h, 75 + max(w, h) / 2) + 2 * MARGIN_MM
    left, foot = (side - w) / 2, side - MARGIN_MM
    on_screen = print_px is None
    line = LINE_PX[size] * (1 if print_px is None else side / print_px)
    drawn = art(drawing.art, drawing.recolour)
    marks = baked(drawn, Pose(w, h), line, non_scaling=on_screen, x=left, y=foot - h)
    if size == "card":
        ground = hand(
            f"M{max(0.0, left - side * 0.1)} {foot} L{min(side, left + w + side * 0.1)} {foot}",
            0.4,
            5,
        )
        marks = line_path(ground, line * 0.8, non_scaling=on_screen) + marks
    natural = None if print_px is None else (print_px, print_px)
    return svg(ink_group(marks, line), (0, 0, side, side), label=label, size=natural)
