"""The catalogue's CSV files, read and checked as a whole: every problem is found before a write.

A problem names the file, the row and the column as a spreadsheet shows them. Straight
apostrophes inside words become typographic ones; nothing else is changed.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from gifting.catalogue.models import EXTRA_KINDS, NON_FOOD_CATEGORIES, SEASONS, STORE_KINDS
from gifting.core.diet import ALLERGENS, DIETS, FOOD_CATEGORIES
from gifting.core.money import HUNDRED, is_whole_cents

VAT_RATES_IN_FORCE = (Decimal(4), Decimal(5), Decimal(10), Decimal(22))
"""Art. 16 DPR 633/72 with its tables; exempt and excluded goods are not in the catalogue."""

Reader = Callable[[str], Any]
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SKU = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be imported; without a row it is about the whole file."""

    file: str
    reason: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"riga {self.row}")
        if self.column:
            where.append(f"colonna {self.column}")
        return f"{', '.join(where)}: {self.reason}"


class CatalogueRefused(Exception):
    """The files have problems; nothing was written."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the catalogue's files")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read. `number` is the file's line on which it ends."""

    number: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


def text(longest: int, *, required: bool = False) -> Reader:
    def read(cell: str) -> str:
        if required and not cell:
            raise ValueError("manca il testo")
        if len(cell) > longest:
            raise ValueError(f"il testo ha {len(cell)} caratteri, il massimo è {longest}")
        return _APOSTROPHE.sub("’", cell)

    return read


def code(pattern: re.Pattern[str], longest: int) -> Reader:
    def read(cell: str) -> str:
        if not cell:
            raise ValueError("manca il codice")
        if len(cell) > longest or not pattern.fullmatch(cell):
            raise ValueError(f"«{cell}» non è un codice valido")
        return cell

    return read


def whole(*, least: int = 0, optional: bool = False) -> Reader:
    def read(cell: str) -> int | None:
        if not cell:
            if optional:
                return None
            raise ValueError("manca il numero")
        try:
            number = int(cell)
        except ValueError:
            raise ValueError(f"«{cell}» non è un numero intero") from None
        if number < least:
            raise ValueError(f"«{cell}» è minore di {least}")
        return number

    return read


def money(cell: str) -> Decimal:
    amount = _decimal(cell)
    if amount < 0:
        raise ValueError(f"«{cell}» è un importo negativo")
    if not is_whole_cents(amount):
        raise ValueError(f"«{cell}» ha frazioni di centesimo")
    return amount


def discount(cell: str) -> Decimal:
    share = _decimal(cell)
    if not 0 < share < HUNDRED or not is_whole_cents(share):
        raise ValueError(f"«{cell}» non è uno sconto fra 0 e 100")
    return share


def vat_rate(cell: str) -> Decimal:
    rate = _decimal(cell)
    if rate not in VAT_RATES_IN_FORCE:
        raise ValueError(f"«{cell}» non è un’aliquota in vigore")
    return rate


def degrees(limit: int) -> Reader:
    def read(cell: str) -> float | None:
        if not cell:
            return None
        number = _decimal(cell)
        if abs(number) > limit:
            raise ValueError(f"«{cell}» non è una coordinata")
        return float(number)

    return read


def one_of(choices: Collection[str]) -> Reader:
    def read(cell: str) -> str:
        if cell not in choices:
            raise ValueError(f"«{cell}» non è fra {', '.join(sorted(choices))}")
        return cell

    return read


def some_of(choices: Collection[str]) -> Reader:
    """Read words separated by semicolons; an empty cell is an empty list."""

    def read(cell: str) -> list[str]:
        words = [word.strip() for word in cell.split(";")] if cell else []
        for word in words:
            if word not in choices:
                raise ValueError(f"«{word}» non è fra {', '.join(sorted(choices))}")
        return [choice for choice in choices if choice in words]

    return read


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"«{cell}» non è una data (anno-mese-giorno)") from None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file: its columns, what makes a row unique, and the files its cells point to."""

    file: str
    columns: Mapping[str, Reader]
    key: tuple[str, ...]
    points_to: Mapping[str, str] = field(default_factory=dict)


_CATEGORIES = sorted(FOOD_CATEGORIES | NON_FOOD_CATEGORIES)
_NAMES = {"name_it": text(120, required=True), "name_en": text(120, required=True)}
_LONG = text(4000)
_SKU_CELL = code(_SKU, 20)
_SIZE = whole(least=1)

SHEETS = (
    Sheet(
        "producers.csv",
        {
            "slug": code(_SLUG, 60),
            "name": text(120, required=True),
            "legal_form": text(120),
            "prison": text(160),
            "prison_city": text(60, required=True),
            "province": text(2),
            "region": text(40, required=True),
            "latitude": degrees(90),
            "longitude": degrees(180),
            "activity": _LONG,
            "founded_year": whole(least=1800, optional=True),
            "website": text(200),
            "story_it": _LONG,
            "story_en": _LONG,
            "people_employed": whole(optional=True),
            "source_urls": _LONG,
            "consortium_link": text(120),
            "status_note": _LONG,
        },
        key=("slug",),
    ),
    Sheet(
        "products.csv",
        {
            "sku": _SKU_CELL,
            "producer_slug": str,
            **_NAMES,
            "category": one_of(_CATEGORIES),
            "description_it": _LONG,
            "description_en": _LONG,
            "net_weight_g": whole(least=1, optional=True),
            "volume_ml": whole(least=1, optional=True),
            "gross_weight_g": _SIZE,
            "length_mm": _SIZE,
            "width_mm": _SIZE,
            "height_mm": _SIZE,
            "vat_rate": vat_rate,
            "list_price_net": money,
            "cost_net": money,
            "price_source": text(200),
            "allergens": some_of(ALLERGENS),
            "dietary": some_of(DIETS),
            "shelf_life_days": whole(least=1, optional=True),
            "lead_time_days": whole(),
            "stock": whole(),
            "season": one_of(SEASONS),
            "work_minutes": whole(),
            "work_minutes_source": text(40),
            "award": text(200),
            "source_urls": _LONG,
            "vat_basis": text(300, required=True),
            "public_fields": text(120),
        },
        key=("sku",),
        points_to={"producer_slug": "producers.csv"},
    ),
    Sheet(
        "boxes.csv",
        {
            "sku": _SKU_CELL,
            **_NAMES,
            "inner_length_mm": _SIZE,
            "inner_width_mm": _SIZE,
            "inner_height_mm": _SIZE,
            "max_weight_g": _SIZE,
            "tare_g": whole(),
            "price_net": money,
            "vat_rate": vat_rate,
            "material": text(120),
        },
        key=("sku",),
    ),
    Sheet(
        "extras.csv",
        {
            "sku": _SKU_CELL,
            **_NAMES,
            "kind": one_of(EXTRA_KINDS),
            "unit_price_net": money,
            "setup_fee_net": money,
            "min_quantity": whole(least=1),
            "lead_time_days": whole(),
            "vat_rate": vat_rate,
            "note": text(200),
        },
        key=("sku",),
    ),
    Sheet(
        "hampers.csv",
        {
            "sku": _SKU_CELL,
            **_NAMES,
            "box_sku": str,
            "occasion": text(40),
            "description_it": _LONG,
            "description_en": _LONG,
        },
        key=("sku",),
        points_to={"box_sku": "boxes.csv"},
    ),
    Sheet(
        "hamper_items.csv",
        {"hamper_sku": str, "product_sku": str, "quantity": whole(least=1)},
        key=("hamper_sku", "product_sku"),
        points_to={"hamper_sku": "hampers.csv", "product_sku": "products.csv"},
    ),
    Sheet(
        "stores.csv",
        {
            "sku": _SKU_CELL,
            "name": text(120, required=True),
            "kind": one_of(STORE_KINDS),
            "address": text(160),
            "cap": text(5),
            "city": text(60),
            "province": text(2),
            "latitude": degrees(90),
            "longitude": degrees(180),
            "opening_hours": _LONG,
            "phone": text(30),
            "website": text(200),
            "note": _LONG,
            "source_urls": _LONG,
        },
        key=("sku",),
    ),
    Sheet(
        "quantity_breaks.csv",
        {"valid_from": day, "min_quantity": whole(least=2), "discount": discount},
        key=("valid_from", "min_quantity"),
    ),
)

Sheets = dict[str, list[Row]]


def read_sheets(folder: Path) -> Sheets:
    """Read every file of the catalogue.

    :raises CatalogueRefused: with all problems of all files, if there is one
    """
    problems: list[Problem] = []
    rows = {sheet.file: list(_read(folder, sheet, problems)) for sheet in SHEETS}
    for sheet in SHEETS:
        problems.extend(_repeated(sheet, rows[sheet.file]))
        problems.extend(_dangling(sheet, rows))
    problems.extend(_empty_hampers(rows))
    if problems:
        order = [sheet.file for sheet in SHEETS]
        raise CatalogueRefused(
            sorted(problems, key=lambda problem: (order.index(problem.file), problem.row or 0))
        )
    return rows


def _read(folder: Path, sheet: Sheet, problems: list[Problem]) -> Iterator[Row]:
    try:
        with (folder / sheet.file).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in sheet.columns if name not in (reader.fieldnames or ())]
            problems.extend(Problem(sheet.file, "manca la colonna", 1, name) for name in missing)
            if missing:
                return
            for cells in reader:
                yield _read_row(sheet, reader.line_num, cells, problems)
    except FileNotFoundError:
        problems.append(Problem(sheet.file, "il file manca"))
    except UnicodeDecodeError:
        problems.append(Problem(sheet.file, "il file non è in UTF-8"))
    except csv.Error as error:
        problems.append(Problem(sheet.file, f"il file non è un CSV valido ({error})"))


def _read_row(
    sheet: Sheet, number: int, cells: Mapping[str | None, Any], problems: list[Problem]
) -> Row:
    """Read a row; what could not be read is left out of it and added to the problems."""
    values: dict[str, Any] = {}
    if None in cells or None in cells.values():
        problems.append(Problem(sheet.file, "le celle non sono quante le colonne", number))
        return Row(number, values)
    for name, read in sheet.columns.items():
        try:
            values[name] = read(cells[name].strip())
        except ValueError as error:
            problems.append(Problem(sheet.file, str(error), number, name))
    return Row(number, values)


def _repeated(sheet: Sheet, rows: list[Row]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if not all(name in row.values for name in sheet.key):
            continue
        key = tuple(row[name] for name in sheet.key)
        if key in first:
            shown = ", ".join(str(part) for part in key)
            reason = f"«{shown}» c’è già alla riga {first[key]}"
            yield Problem(sheet.file, reason, row.number, sheet.key[-1])
        first.setdefault(key, row.number)


def _dangling(sheet: Sheet, rows: Sheets) -> Iterator[Problem]:
    keys = {other.file: other.key[0] for other in SHEETS}
    for column, target in sheet.points_to.items():
        known = {row.values.get(keys[target]) for row in rows[target]}
        for row in rows[sheet.file]:
            if column in row.values and row[column] not in known:
                reason = f"«{row[column]}» non c’è in {target}"
                yield Problem(sheet.file, reason, row.number, column)


def _empty_hampers(rows: Sheets) -> Iterator[Problem]:
    filled = {row.values.get("hamper_sku") for row in rows["hamper_items.csv"]}
    for row in rows["hampers.csv"]:
        if "sku" in row.values and row["sku"] not in filled:
            reason = "il cesto non ha prodotti in hamper_items.csv"
            yield Problem("hampers.csv", reason, row.number, "sku")


def _decimal(cell: str) -> Decimal:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        raise ValueError(f"«{cell}» non è un numero") from None
    if not number.is_finite():
        raise ValueError(f"«{cell}» non è un numero")
    return number
