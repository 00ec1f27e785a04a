"""Sheets: what comes in is bounded, what goes out is never a formula."""

import csv
import io
import random
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gifting.platform import sheets
from gifting.platform.sheets import Limits, SheetProblem, SheetRefused

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ROWS = [["GIO-1", 12, Decimal("1234.50"), date(2026, 12, 5), None], ["=1+1", 0, None, None, "x"]]
HEAD = ["sku", "pezzi", "netto", "giorno", "nota"]


def workbook(rows=ROWS, head=HEAD) -> bytes:
    sheets.write_xlsx(head, rows, title="Prova", now=NOW, to=(out := io.BytesIO()))
    return out.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced or added; `__` in a name stands for a slash."""
    new = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as archive:
        for name in old.namelist():
            archive.writestr(name, new.pop(name, old.read(name)))
        for name, part in new.items():
            archive.writestr(name, part)
    return out.getvalue()


def sheet_xml(cells: str, before: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{main}">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def with_sheet(cells: str, before: str = "") -> bytes:
    return changed(workbook(), xl__worksheets__sheet1_dot_xml=sheet_xml(cells, before))


def reason_of(content: bytes, **limits: int) -> SheetProblem:
    with pytest.raises(SheetRefused) as refused:
        sheets.read(content, Limits(**limits))
    return refused.value.reason


class TestReadingCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("delimiter", [";", ","])
    def test_understands_what_people_save(self, encoding, delimiter):
        text = f"sku{delimiter}nome\r\nA-1{delimiter} Caffè “buono” \r\n"

        assert sheets.read(text.encode(encoding)) == [["sku", "nome"], ["A-1", "Caffè “buono”"]]

    def test_refuses_more_than_the_limits(self):
        assert reason_of(b"a\n" * 11, rows=10) is SheetProblem.TOO_MANY_ROWS
        assert reason_of(b"a;" * 11, columns=10) is SheetProblem.TOO_MANY_COLUMNS
        assert reason_of(b"a" * 11, cell=10) is SheetProblem.CELL_TOO_LONG
        assert reason_of(b"a" * 11, bytes=10) is SheetProblem.TOO_LARGE
        assert reason_of(b'"' + b"a" * 200_000) is SheetProblem.BROKEN

    @pytest.mark.parametrize("content", [b"a\x00b", b"%PDF-1.7\n\x81\x8d", b"\x81"])
    def test_refuses_what_is_no_text(self, content):
        assert reason_of(content) is SheetProblem.UNKNOWN

    def test_says_in_which_row_it_broke(self):
        with pytest.raises(SheetRefused) as refused:
            sheets.read(b'a;b\n"x"y;2\n')

        assert refused.value.row == 2

    def test_refuses_an_empty_file(self):
        assert reason_of(b"") is SheetProblem.EMPTY
        assert reason_of(b" \r\n") is SheetProblem.EMPTY


class TestReadingWorkbooks:
    def test_gives_back_what_was_written(self):
        assert sheets.read(workbook()) == [
            HEAD,
            ["GIO-1", "12", "1234.5", "2026-12-05", ""],
            ["=1+1", "0", "", "", "x"],
        ]

    def test_never_evaluates_a_formula(self):
        cells = '<row r="1"><c r="A1"><f>1+1</f><v>7</v></c></row>'

        assert sheets.read(with_sheet(cells)) == [["7"]]

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ('<row r="1"><c r="XFD1"><v>1</v></c></row>', SheetProblem.TOO_MANY_COLUMNS),
            (
                '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
                SheetProblem.TOO_MANY_ROWS,
            ),
            ('<row><c r="&#65;99999"><v>1</v></c></row>', SheetProblem.TOO_MANY_ROWS),
            ('<row r="1"><c r="xfd1"><v>1</v></c></row>', SheetProblem.TOO_MANY_COLUMNS),
            ('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>', SheetProblem.BROKEN),
            ('<row r="x"><c><v>1</v></c></row>', SheetProblem.BROKEN),
        ],
    )
    def test_refuses_a_cell_that_would_unfold_the_plane(self, cells, reason):
        assert reason_of(with_sheet(cells)) is reason

    def test_refuses_a_document_type_in_any_part(self):
        laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        cells = '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'

        assert reason_of(with_sheet(cells, laughs)) is SheetProblem.UNSAFE
        styles = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><styleSheet/>'
        assert reason_of(changed(workbook(), xl__styles_dot_xml=styles)) is SheetProblem.UNSAFE

    @pytest.mark.parametrize(
        "name",
        ["/etc/x.xml", "../../x.xml", "xl/../../x.xml", "a\\..\\b.xml", "xl/embeddings/x.xlsx"],
    )
    def test_refuses_paths_that_lead_out_and_archives_within(self, name):
        out = io.BytesIO(workbook())
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("placeholder", b"<a/>")
        content = out.getvalue().replace(b"placeholder", name.encode().ljust(11, b"x")[:11])
        if len(name) != 11:
            content = changed(workbook(), **{name.replace("/", "__"): b"<a/>"})

        assert reason_of(content) is SheetProblem.UNSAFE

    def test_refuses_a_bomb_by_its_ratio_and_by_its_size(self):
        packed = changed(workbook(), xl__media__a_dot_png=b"\0" * 20_000_000)

        assert len(packed) < 60_000
        assert reason_of(packed) is SheetProblem.UNSAFE
        noise = random.Random(1).randbytes(16_000)  # noqa: S311 - the same every time
        large = changed(workbook(), **{f"xl__m__{n}": noise * 30 for n in range(70)})
        assert reason_of(large, bytes=10**9) is SheetProblem.UNSAFE

    def test_refuses_an_entry_that_holds_more_than_it_declares(self):
        content = bytearray(changed(workbook(), xl__extra_dot_xml=b"<a>" + b" " * 90_000 + b"</a>"))
        for found in re.finditer(re.escape((90_007).to_bytes(4, "little")), bytes(content)):
            content[found.start() : found.start() + 4] = (5).to_bytes(4, "little")

        assert reason_of(bytes(content)) in {SheetProblem.UNSAFE, SheetProblem.BROKEN}

    def test_refuses_too_many_entries_and_twins(self):
        many = changed(workbook(), **{f"xl__m__{n}": b"" for n in range(200)})
        assert reason_of(many) is SheetProblem.UNSAFE
        out = io.BytesIO(workbook())
        with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/workbook.xml", b"<a/>")
        assert reason_of(out.getvalue()) is SheetProblem.UNSAFE

    def test_refuses_what_is_locked(self):
        content = bytearray(workbook())
        for found in re.finditer(rb"PK\x01\x02", bytes(content)):
            content[found.start() + 8] |= 1
        assert reason_of(bytes(content)) is SheetProblem.ENCRYPTED
        locked = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
        assert reason_of(locked) is SheetProblem.ENCRYPTED

    def test_refuses_other_archives(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", b"<a/>")

        assert reason_of(out.getvalue()) is SheetProblem.UNKNOWN
        assert reason_of(b"PK\x03\x04 nothing") is SheetProblem.BROKEN

    def test_drops_macros_before_anything_reads_them(self):
        with_macro = changed(workbook(), xl__vbaProject_dot_bin=b"macro")

        assert sheets.read(with_macro)[0] == HEAD
        repacked = sheets._repack(with_macro, Limits())
        assert "xl/vbaProject.bin" not in zipfile.ZipFile(io.BytesIO(repacked)).namelist()

    def test_never_breaks_however_it_is_spoilt(self):
        whole, chance = workbook(), random.Random(3)  # noqa: S311 - the same every time
        for _ in range(150):
            spoilt = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            try:
                sheets.read(bytes(spoilt))
            except SheetRefused:
                continue


ATTACKS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    '"=1+1',
    "'=1+1",
    "＝1+1",
    "\n=1",
    '=HYPERLINK("http://x";"y")',
    "=cmd|'/c calc'!A0",
    "\u200b=1",
]


class TestWriting:
    @pytest.mark.parametrize("text", ATTACKS)
    def test_a_formula_leaves_as_text(self, text):
        out = b"".join(sheets.write_csv(["nome"], [[text]])).decode("utf-8-sig")

        [_head, [cell]] = csv.reader(io.StringIO(out, newline=""), delimiter=";")
        assert cell == f"'{text}"

    @pytest.mark.parametrize("text", ["Bianchi & Figli", "a=b", "5-6", "via Larga, 23", ""])
    def test_other_text_leaves_as_it_is(self, text):
        assert sheets.disarm(text) == text

    def test_numbers_stay_numbers(self):
        out = b"".join(sheets.write_csv(["a", "b"], [[Decimal("-1234.50"), -7]]))

        assert out == b"\xef\xbb\xbfa;b\r\n-1234,50;-7\r\n"

    @pytest.mark.parametrize("text", [*ATTACKS, "http://x.example", "123", "mailto:a@b.it"])
    def test_a_workbook_holds_texts_as_texts(self, text):
        content = workbook([[text]], ["nome"])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()

        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        assert sheet.count('t="inlineStr"') == 2

    def test_a_workbook_holds_numbers_as_numbers(self):
        with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()

        assert "<v>12</v>" in sheet
        assert "<v>1234.5</v>" in sheet
