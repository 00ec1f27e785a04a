"""Every picture of the house as SVG text, drawn from true millimetres.

Pure and deterministic: the same product, box or place gives the same text, byte for byte. No ids,
no style attributes, no scripts: any number of pictures may be inlined on one page under a strict
content policy, embedded in a PDF, or served as a file.
"""

from gifting.core.drawing.allergens import allergen_svg
from gifting.core.drawing.arrange import Placement, arrange
from gifting.core.drawing.box_picture import box_svg
from gifting.core.drawing.extras import box_icon_svg, extra_svg
from gifting.core.drawing.italy_map import MapPoint, italy_map_svg
from gifting.core.drawing.product_picture import product_svg, tile_tint
from gifting.core.drawing.scenes import cut_panettone_svg, hero_svg, rack_svg, shop_svg
from gifting.core.drawing.shapes import BoxKind, BoxShape, Shape
from gifting.core.drawing.wrapping import logo_svg, pattern_svg, targa_svg

__all__ = [
    "BoxKind",
    "BoxShape",
    "MapPoint",
    "Placement",
    "Shape",
    "allergen_svg",
    "arrange",
    "box_icon_svg",
    "box_svg",
    "cut_panettone_svg",
    "extra_svg",
    "hero_svg",
    "italy_map_svg",
    "logo_svg",
    "pattern_svg",
    "product_svg",
    "rack_svg",
    "shop_svg",
    "targa_svg",
    "tile_tint",
]
