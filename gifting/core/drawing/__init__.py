"""Every picture of the house as SVG text, drawn from true millimetres.

Pure and deterministic: the same product, box or place gives the same text, byte for byte. No ids,
no style attributes, no scripts: any number of pictures may be inlined on one page under a strict
content policy, embedded in a PDF, or served as a file.
"""

from gifting.core.drawing.product_picture import product_svg, tile_tint
from gifting.core.drawing.shapes import BoxKind, BoxShape, Shape

__all__ = ["BoxKind", "BoxShape", "Shape", "product_svg", "tile_tint"]
