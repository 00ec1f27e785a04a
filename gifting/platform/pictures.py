"""Our drawings as PNG, for letters: mail programs show no SVG."""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import cast

import pypdfium2
from PIL import Image, ImageColor

from gifting.core.drawing import box_svg, logo_svg
from gifting.core.papers import BoxDrawing
from gifting.platform.pdf import write_pdf

Colour = tuple[int, int, int]

_WHITE = "#FFFFFF"
_SUGAR_PAPER = "#CBDCE8"
_BOX_WIDTH, _LOGO_WIDTH = 380, 176
_PIXELS = 2
"""To each CSS px, so that they are crisp on a telephone."""
_POINTS = 0.75
"""A CSS px in points."""
_COLOURS, _APART = 64, 11
_NATURAL_SIZE = re.compile(r'<svg [^>]*width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, to be shown `width` by `height` CSS px."""

    content: bytes
    width: int
    height: int

    @property
    def cid(self) -> str:
        """The name under which a letter finds it among its parts (RFC 2392)."""
        return f"{hashlib.sha256(self.content).hexdigest()[:32]}@pictures"


@lru_cache(maxsize=1)
def logo() -> Picture:
    """Return the name plate, as every letter bears it."""
    return picture_of(logo_svg(width_px=_LOGO_WIDTH), paper=_WHITE)


def filled_box(drawing: BoxDrawing) -> Picture:
    """Return a box and what is in it, as letters show it under their heading."""
    svg = box_svg(drawing.box, drawing.items, label=None, width_px=_BOX_WIDTH, print_safe=True)
    return picture_of(svg, paper=_SUGAR_PAPER)


def picture_of(drawing: str, *, paper: str) -> Picture:
    """Return a drawing at its natural size upon a colour: no mail program may darken its ground.

    :raises ValueError: if the drawing has no natural size
    """
    size = _NATURAL_SIZE.match(drawing)
    if size is None:
        raise ValueError(f"no natural size: {drawing[:80]}")
    width, height = (round(float(side)) for side in size.groups())
    page = (
        f'<!doctype html><html lang="it"><title>-</title><style>@page{{size:{width}px {height}px;'
        f"margin:0}}svg{{display:block}}</style>{drawing}"
    )
    with pypdfium2.PdfDocument(write_pdf(page)) as document:
        ground = (*ImageColor.getrgb(paper), 255)
        bitmap = document[0].render(scale=_PIXELS / _POINTS, fill_color=ground)
        image = bitmap.to_pil().convert("RGB")
    return Picture(_encode(image), width, height)


def _encode(image: Image.Image) -> bytes:
    """Write the picture in few colours."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in _main_colours(image) for part in colour])
    out = BytesIO()
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _main_colours(image: Image.Image) -> list[Colour]:
    """Choose the most used colours, each apart from the others.

    Pillow looks colours up on a grid of 4; those that lie apart stay exactly as they are, so that
    flat fills stay flat and the ground meets the cell around it.
    """
    counted = cast("list[tuple[int, Colour]]", image.getcolors(image.width * image.height))
    chosen: list[Colour] = []
    for _, colour in sorted(counted, reverse=True):
        if all(math.dist(colour, other) >= _APART for other in chosen):
            chosen.append(colour)
        if len(chosen) == _COLOURS:
            break
    return chosen
