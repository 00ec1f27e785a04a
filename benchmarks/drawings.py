"""The picture of a hamper when a product more comes in, and when it is drawn for the first time."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.house import House
from benchmarks.table import Budget, Row, percentile
from gifting.core.drawing import BoxShape, Shape, box_svg
from gifting.core.drawing.arrange import forget

Hamper = tuple[BoxShape, tuple[Shape, ...]]

_ROUNDS = 5
_CATALOGUE = Path(__file__).parent.parent / "sample" / "catalogue"


def measure(_house: House) -> Iterator[Row]:
    """Fill every ready-made hamper product by product, in seconds of CPU; drawings are warm."""
    hampers = _hampers()
    _fill(hampers)
    forget()
    yield _row("a product more in the drawn box", _fill(hampers), 5)
    yield _row("a whole hamper drawn", _draw(hampers), 20)


def _row(name: str, seconds: list[float], most: float) -> Row:
    middle, slow = (percentile(seconds, percent) * 1000 for percent in (50, 95))
    budget = Budget(most=most, unit=" ms")
    return Row(name, f"{slow:.1f} ms in 95 of 100", "–", slow, budget, f"half {middle:.1f} ms")


def _fill(hampers: list[Hamper]) -> list[float]:
    """The seconds of each product that comes in."""
    found = []
    for box, items in hampers * _ROUNDS:
        forget()
        found += [_seconds(box, items[: n + 1]) for n in range(len(items))]
    return found


def _draw(hampers: list[Hamper]) -> list[float]:
    """The seconds of each hamper seen for the first time."""
    found = []
    for box, items in hampers * _ROUNDS:
        forget()
        found.append(_seconds(box, items))
    return found


def _seconds(box: BoxShape, items: tuple[Shape, ...]) -> float:
    began = time.process_time()
    box_svg(box, items, label=None)
    return time.process_time() - began


def _hampers() -> list[Hamper]:
    """The ready-made hampers of the sample, with their boxes."""
    products = {row["sku"]: row for row in _rows("products.csv")}
    boxes = {row["sku"]: _box(row) for row in _rows("boxes.csv")}
    lines = _rows("hamper_items.csv")
    return [
        (
            boxes[hamper["box_sku"]],
            tuple(
                _shape(products[line["product_sku"]], int(line["quantity"]))
                for line in lines
                if line["hamper_sku"] == hamper["sku"]
            ),
        )
        for hamper in _rows("hampers.csv")
    ]


def _box(row: dict[str, str]) -> BoxShape:
    sides = (int(row[f"inner_{side}_mm"]) for side in ("length", "width", "height"))
    return BoxShape(row["sku"], row["name_it"], *sides)


def _shape(row: dict[str, str], pieces: int) -> Shape:
    length, width, height = (int(row[f"{side}_mm"]) for side in ("length", "width", "height"))
    return Shape(row["sku"], row["name_it"], row["category"], length, width, height, pieces)


def _rows(name: str) -> list[dict[str, str]]:
    with (_CATALOGUE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
