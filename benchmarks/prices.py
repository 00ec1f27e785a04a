"""The price of a hamper of twelve products, against its bare multiplications in Decimal."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median

from benchmarks.house import House
from benchmarks.table import Budget, Row
from gifting.core.pricing import Component, ComponentKind, PricedDocument, PricedHamper
from gifting.core.vat import VatClass

COPIES = 200
ROUNDS = 9
TIMES = 300


def measure(_house: House) -> Iterator[Row]:
    """Price it from its components to the VAT of the document."""
    components = tuple(_component(number) for number in range(12))
    ours, floor = _both(lambda: _price(components), lambda: _multiply(components))
    yield Row(
        "price of a 12-product hamper",
        f"{ours * 1e6:.0f} µs",
        f"{floor * 1e6:.0f} µs of Decimal",
        ours / floor,
        Budget(most=40),
    )


def _component(number: int) -> Component:
    return Component(
        ComponentKind.PRODUCT,
        f"SKU-{number}",
        f"Prodotto {number}",
        1 + number % 2,
        Decimal("3.35") + number,
        Decimal(6),
        VatClass(Decimal(10 if number % 3 else 22)),
    )


def _price(components: tuple[Component, ...]) -> Decimal:
    document = PricedDocument((PricedHamper("Cesto", COPIES, components),))
    return document.breakdown.gross


def _multiply(components: tuple[Component, ...]) -> Decimal:
    """Every discount and every line, nothing rounded or kept: two multiplications each."""
    total, whole = Decimal(0), Decimal(100)
    for one in components:
        unit = one.list_net * (whole - one.discount) / whole
        total += unit * one.quantity * COPIES * (whole + one.vat.rate) / whole
    return total


def _both(ours: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of one call of each, medians of rounds that alternate."""
    rounds = [(_time(ours), _time(floor)) for _ in range(ROUNDS)]
    return median(one for one, _ in rounds), median(other for _, other in rounds)


def _time(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(TIMES):
        call()
    return (time.perf_counter() - began) / TIMES
