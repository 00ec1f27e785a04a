"""The catalogue's products, boxes and ready-made hampers as shapes, and pictures read back."""

from xml.etree import ElementTree as ET

from gifting.core.drawing import BoxShape, Shape
from tests.support.shared import read_rows


def _shape(row: dict[str, str], quantity: int = 1) -> Shape:
    return Shape(
        row["sku"],
        row["name_it"],
        row["category"],
        int(row["length_mm"]),
        int(row["width_mm"]),
        int(row["height_mm"]),
        quantity,
    )


def _box(row: dict[str, str]) -> BoxShape:
    return BoxShape(
        row["sku"],
        row["name_it"],
        int(row["inner_length_mm"]),
        int(row["inner_width_mm"]),
        int(row["inner_height_mm"]),
    )


_ROWS = {row["sku"]: row for row in read_rows("catalogue/products.csv")}
PRODUCTS = {sku: _shape(row) for sku, row in _ROWS.items()}
BOXES = {row["sku"]: _box(row) for row in read_rows("catalogue/boxes.csv")}
HAMPERS = {
    hamper["sku"]: (
        BOXES[hamper["box_sku"]],
        tuple(
            _shape(_ROWS[item["product_sku"]], int(item["quantity"]))
            for item in read_rows("catalogue/hamper_items.csv")
            if item["hamper_sku"] == hamper["sku"]
        ),
    )
    for hamper in read_rows("catalogue/hampers.csv")
}


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own text
