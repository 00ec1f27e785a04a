"""Sheets from outside read within limits, sheets to outside written free of formulas.

A workbook is a ZIP of XML. It is opened here first: counted, unpacked within bounds, every part
parsed by `platform.xml`; the reader then gets a new archive of just those parts. So it never
meets a bomb, a DTD, a macro, a cell in column XFD, or what an archive hides between its entries.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from io import BytesIO, StringIO
from itertools import chain
from typing import IO, Any

import python_calamine
import xlsxwriter

from gifting.platform.xml import Guard, XmlRefused, scan

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a sheet is read; more is refused, not cut."""

    bytes: int = 2 * 1024 * 1024
    rows: int = 5_000
    columns: int = 40
    cell: int = 500


class SheetProblem(StrEnum):
    """Why a file is no sheet that can be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    UNKNOWN = "unknown"
    """Neither CSV nor XLSX."""
    ENCRYPTED = "encrypted"
    UNSAFE = "unsafe"
    """An archive that unpacks to too much, or holds what no workbook needs."""
    BROKEN = "broken"


class SheetRefused(ValueError):
    """The file is not read; `reason` says why and `row`, where there is one, where."""

    def __init__(self, reason: SheetProblem, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.row = reason, row


LIMITS = Limits()


def receive(stream: IO[bytes], limits: Limits = LIMITS) -> list[list[str]]:
    """Read a sheet that a browser sent, no further than may be.

    :raises SheetRefused: naming the reason
    """
    return read(stream.read(limits.bytes + 1), limits)


def read(content: bytes, limits: Limits = LIMITS) -> list[list[str]]:
    """Return the rows of a CSV file or of a workbook's first sheet, every cell as trimmed text.

    Formulas are never evaluated: a cell is what its file says it showed last.

    :raises SheetRefused: naming the reason
    """
    if len(content) > limits.bytes:
        raise SheetRefused(SheetProblem.TOO_LARGE)
    if not content.strip():
        raise SheetRefused(SheetProblem.EMPTY)
    if content.startswith(b"PK"):
        rows: Iterable[list[str]] = _read_workbook(content, limits)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: an old .xls, or an encrypted .xlsx
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise SheetRefused(SheetProblem.ENCRYPTED if encrypted else SheetProblem.UNKNOWN)
    else:
        rows = _read_csv(content)
    return _within(rows, limits)


def _within(rows: Iterable[Sequence[str]], limits: Limits) -> list[list[str]]:
    kept: list[list[str]] = []
    for number, row in enumerate(rows, 1):
        if number > limits.rows:
            raise SheetRefused(SheetProblem.TOO_MANY_ROWS)
        if len(row) > limits.columns:
            raise SheetRefused(SheetProblem.TOO_MANY_COLUMNS, number)
        if any(len(cell) > limits.cell for cell in row):
            raise SheetRefused(SheetProblem.CELL_TOO_LONG, number)
        kept.append([cell.strip() for cell in row])
    return kept


# CSV


def _read_csv(content: bytes) -> Iterator[list[str]]:
    text = _decode(content)
    if any(character < " " and character not in "\t\r\n" for character in text):
        raise SheetRefused(SheetProblem.UNKNOWN)
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise SheetRefused(SheetProblem.BROKEN, reader.line_num) from None


def _decode(content: bytes) -> str:
    """Read UTF-8, with or without its mark, else what Excel on Windows saves."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(SheetProblem.UNKNOWN)


# XLSX

_MAX_PARTS = 100
_MAX_UNPACKED = 30 * 1024 * 1024
_MAX_RATIO = 200
"""Sheets of numbers pack to a tenth, very regular ones to a fiftieth; bombs to a thousandth."""
_SMALL = 100_000
"""A part below this may pack as well as it likes."""
_XML_PARTS = (".xml", ".rels")
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class _Sheet(Guard):
    """Finds cells that stand too far out: the reader keeps a place for each one before them."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(max_elements=limits.rows * limits.columns * 4)
        self._limits = limits

    def start(self, tag: str, attributes: Any) -> None:
        super().start(tag, attributes)
        place = attributes.get("r")
        if place is None:
            return
        name = tag.rpartition("}")[2]
        if name == "row":
            self._check_row(place)
        elif name == "c":
            found = _CELL.fullmatch(place)
            if found is None:
                raise SheetRefused(SheetProblem.BROKEN)
            self._check_row(found[2])
            if _column_number(found[1]) > self._limits.columns:
                raise SheetRefused(SheetProblem.TOO_MANY_COLUMNS, int(found[2]))

    def _check_row(self, place: str) -> None:
        if not (place.isascii() and place.isdigit()):
            raise SheetRefused(SheetProblem.BROKEN)
        if len(place) > 7 or int(place) > self._limits.rows:  # noqa: PLR2004
            raise SheetRefused(SheetProblem.TOO_MANY_ROWS)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _read_workbook(content: bytes, limits: Limits) -> list[list[str]]:
    try:
        workbook = python_calamine.load_workbook(BytesIO(_repack(content, limits)))
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except SheetRefused:
        raise
    except Exception as error:
        raise SheetRefused(SheetProblem.BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a Rust library says that it broke
            raise
        raise SheetRefused(SheetProblem.BROKEN) from error
    rows = [[_as_text(cell) for cell in row] for row in cells]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # spreadsheets keep every number as a float
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell)


def _repack(content: bytes, limits: Limits) -> bytes:
    """Return a new archive of the workbook's XML parts, each of them checked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            parts = {
                entry.filename: _unpack(archive, entry)
                for entry in entries
                if entry.filename.lower().endswith(_XML_PARTS)
            }
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, SheetRefused):
            raise
        raise SheetRefused(SheetProblem.BROKEN) from error
    if "xl/workbook.xml" not in parts:
        raise SheetRefused(SheetProblem.UNKNOWN)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as clean:
        for name, part in parts.items():
            try:
                scan(part, _Sheet(limits), max_bytes=_MAX_UNPACKED)
            except XmlRefused as error:
                raise SheetRefused(SheetProblem.UNSAFE) from error
            clean.writestr(name, part)
    return out.getvalue()


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > _MAX_PARTS or len(set(names)) < len(names):
        raise SheetRefused(SheetProblem.UNSAFE)
    if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise SheetRefused(SheetProblem.UNSAFE)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise SheetRefused(SheetProblem.ENCRYPTED)
        is_outside = entry.filename.startswith("/") or ".." in entry.filename.split("/")
        is_nested = entry.filename.lower().endswith((".zip", ".xlsx", ".xlsm", ".jar"))
        is_bomb = entry.file_size > max(_SMALL, _MAX_RATIO * entry.compress_size)
        if is_outside or is_nested or is_bomb or "\\" in entry.filename:
            raise SheetRefused(SheetProblem.UNSAFE)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack one entry, no further than it declared: what declares less than it holds is a bomb."""
    with archive.open(entry) as file:
        part = file.read(entry.file_size + 1)
    if len(part) != entry.file_size:
        raise SheetRefused(SheetProblem.UNSAFE)
    return part


# Writing

_FORMULA = re.compile(r"[\s\"'\u200b\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def disarm(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    Such text begins with = + - @ or their wide forms, spaces and quotes aside, or with tab or
    return (OWASP, «CSV Injection»).
    """
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} or _FORMULA.match(text) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file as Italian spreadsheets open it: semicolons, decimal commas, UTF-8 mark."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in chain((head,), rows):
        writer.writerow([_csv_cell(cell) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, str):
        return disarm(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def write_xlsx(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str, now: datetime, to: IO[bytes]
) -> None:
    """Write a workbook of one sheet, row by row.

    Texts are written as texts: never as formulas, numbers or links, whatever they look like.
    """
    book = xlsxwriter.Workbook(
        to,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    cents = book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 18)
    for column, text in enumerate(head):
        sheet.write_string(0, column, text, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell), cents)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    book.close()
