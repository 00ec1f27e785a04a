"""Lists to take away, as CSV or as a workbook: read page by page, and bounded.

The file is whole before the answer begins: what breaks on the way is an error page, never half a
list that looks like all of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any, Generic, TypeVar

from flask import Response, send_file
from flask_babel import gettext as _

from gifting.platform import clock, sheets
from gifting.platform.sheets import Cell

MOST = 20_000
"""Rows of one list; whoever needs more narrows the filters."""
PAGE = 500
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of a list: its head, and what it shows of a row."""

    head: Any
    value: Callable[[Row], Cell]


def read_pages(fetch: Callable[[Row | None], Sequence[Row]], size: int) -> Iterator[Row]:
    """Yield every row of a list by keyset.

    `fetch` is given the last row seen, None at first, and returns at most `size` rows and one
    more if there are more.
    """
    last: Row | None = None
    while True:
        rows = fetch(last)
        yield from rows[:size]
        if len(rows) <= size:
            return
        last = rows[size - 1]


def send(
    name: str, columns: Sequence[Column[Row]], rows: Iterable[Row], *, form: str, most: int = MOST
) -> Response:
    """Answer with a list as a download, «csv» or «xlsx»; its last line says if it was cut."""
    heads = [str(column.head) for column in columns]
    lines = _lines(columns, rows, most)
    file = BytesIO()  # 20,000 rows are some 3 MB
    if form == "csv":
        file.writelines(sheets.write_csv(heads, lines))
    else:
        sheets.write_xlsx(heads, lines, title=name, now=clock.now(), to=file)
    file.seek(0)
    response = send_file(
        file,
        mimetype=sheets.CSV_TYPE if form == "csv" else sheets.XLSX_TYPE,
        as_attachment=True,
        download_name=f"{name} {clock.today().isoformat()}.{form}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(
    columns: Sequence[Column[Row]], rows: Iterable[Row], most: int
) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(islice(rows, most + 1)):
        if number == most:
            yield [_("Qui ci stanno %(most)s righe: per le altre usa i filtri.", most=most)]
            return
        yield [column.value(row) for column in columns]
