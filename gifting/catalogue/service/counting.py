"""A count of the stockroom as a sheet: read as a whole, every problem found before a write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum

from gifting.catalogue import queries
from gifting.catalogue.queries import Shelved
from gifting.catalogue.service.office import count_stock
from gifting.platform.fields import parse_decimal
from gifting.platform.sheets import Limits

LIMITS = Limits(bytes=1024 * 1024, rows=2_000, columns=30, cell=200)
SKU, PIECES = "sku", "pezzi"
MAX_PIECES = 100_000
_PROPOSALS = 20
"""For so many unknown codes one that is like them is looked for."""


class CountFault(StrEnum):
    """What may be wrong with a sheet (the first two) or with one of its cells."""

    NO_COLUMN = "no_column"
    NO_ROWS = "no_rows"
    NO_SKU = "no_sku"
    UNKNOWN_SKU = "unknown_sku"
    TWICE = "twice"
    NO_NUMBER = "no_number"
    TOO_MANY = "too_many"
    BELOW_RESERVED = "below_reserved"


@dataclass(frozen=True, slots=True)
class CountProblem:
    """What is wrong in a row, as a spreadsheet numbers it, and what may have been meant."""

    row: int
    column: str
    fault: CountFault
    cell: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A product that was counted."""

    product: Shelved
    pieces: int

    @property
    def difference(self) -> int:
        return self.pieces - self.product.on_hand


@dataclass(frozen=True, slots=True)
class CountSheet:
    """What a sheet says; it may be applied only without problems."""

    counts: tuple[Count, ...]
    problems: tuple[CountProblem, ...]


class CountRefused(Exception):
    """The sheet has problems; nothing was written."""

    def __init__(self, sheet: CountSheet) -> None:
        super().__init__(f"{len(sheet.problems)} problems in a count")
        self.sheet = sheet


def read_count(rows: Sequence[Sequence[str]]) -> CountSheet:
    """Check a sheet with the columns «sku» and «pezzi», in any order, among any others."""
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in (SKU, PIECES) if name not in head]
    if missing:
        return CountSheet((), tuple(CountProblem(1, n, CountFault.NO_COLUMN) for n in missing))
    sku_at, pieces_at = head.index(SKU), head.index(PIECES)
    written = [
        (number, _cell(row, sku_at).upper(), _cell(row, pieces_at))
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
    if not written:
        return CountSheet((), (CountProblem(2, SKU, CountFault.NO_ROWS),))
    known = queries.list_shelved()
    counts: dict[str, Count] = {}
    problems: list[CountProblem] = []
    for number, sku, cell in written:
        found = _read_row(number, sku, cell, known=known, counted=counts)
        if isinstance(found, CountProblem):
            problems.append(found)
        else:
            counts[sku] = found
    return CountSheet(tuple(counts.values()), tuple(_propose(problems, known)))


def apply_count(rows: Sequence[Sequence[str]], *, actor_id: int, now: datetime) -> int:
    """Write down a whole count; return how many products had another number before.

    Doing it again changes nothing and logs nothing.

    :raises CountRefused: if the sheet, read anew, has problems
    :raises StockBelowReserved: if an order has just reserved more than was counted
    """
    sheet = read_count(rows)
    if sheet.problems:
        raise CountRefused(sheet)
    changed = [count for count in sheet.counts if count.difference]
    for count in sorted(changed, key=lambda count: count.product.id):  # all lockers in one order
        count_stock(count.product.id, on_hand=count.pieces, actor_id=actor_id, now=now)
    return len(changed)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _read_row(
    number: int, sku: str, cell: str, *, known: dict[str, Shelved], counted: dict[str, Count]
) -> Count | CountProblem:
    product = known.get(sku)
    if product is None:
        fault = CountFault.UNKNOWN_SKU if sku else CountFault.NO_SKU
        return CountProblem(number, SKU, fault, sku)
    if sku in counted:
        return CountProblem(number, SKU, CountFault.TWICE, sku)
    return _read_pieces(number, cell, product)


def _read_pieces(number: int, cell: str, product: Shelved) -> Count | CountProblem:
    try:
        pieces = parse_decimal(cell)
    except ValueError:
        return CountProblem(number, PIECES, CountFault.NO_NUMBER, cell)
    if pieces != int(pieces) or pieces < 0:
        return CountProblem(number, PIECES, CountFault.NO_NUMBER, cell)
    if pieces > MAX_PIECES:
        return CountProblem(number, PIECES, CountFault.TOO_MANY, cell, str(MAX_PIECES))
    if pieces < product.reserved:
        reserved = str(product.reserved)
        return CountProblem(number, PIECES, CountFault.BELOW_RESERVED, cell, reserved)
    return Count(product, int(pieces))


def _propose(problems: list[CountProblem], known: dict[str, Shelved]) -> list[CountProblem]:
    unknown = [p for p in problems if p.fault is CountFault.UNKNOWN_SKU][:_PROPOSALS]
    meant = {
        problem: CountProblem(problem.row, problem.column, problem.fault, problem.cell, like[0])
        for problem in unknown
        if (like := get_close_matches(problem.cell[:40], known, n=1))
    }
    return [meant.get(problem, problem) for problem in problems]
