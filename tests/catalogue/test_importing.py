"""The import tells every problem, writes all or nothing, and writes nothing the second time."""

import csv
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import selectinload

from gifting.catalogue.models import (
    Box,
    Extra,
    Producer,
    Product,
    ProductPrice,
    ProductVat,
    ReadyHamper,
)
from gifting.catalogue.service import CatalogueRefused, import_catalogue, read_sheets
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.shared import SHARED

SAMPLE = Path(__file__).parents[2] / "sample" / "catalogue"
LATER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "catalogue"
    shutil.copytree(SAMPLE, target)
    return target


def edit(folder: Path, file: str, row: int, **cells: str) -> None:
    """Change cells of the row a spreadsheet shows at this number."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[row - 2].update(cells)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def problems(folder: Path) -> list[str]:
    with pytest.raises(CatalogueRefused) as refused:
        read_sheets(folder)
    return [str(problem) for problem in refused.value.problems]


def load(folder: Path = SAMPLE, *, now: datetime = NOW, confirmed: bool = True) -> dict:
    with transaction():
        return import_catalogue(
            read_sheets(folder), label_confirmed=confirmed, actor_id=None, now=now
        )


def product(sku: str) -> Product:
    return db.session.scalars(sa.select(Product).where(Product.sku == sku)).one()


def prices(sku: str) -> list[tuple[date, Decimal]]:
    rows = db.session.scalars(
        sa.select(ProductPrice)
        .join(Product, Product.id == ProductPrice.product_id)
        .where(Product.sku == sku)
        .order_by(ProductPrice.valid_from)
    )
    return [(row.valid_from, row.list_net) for row in rows]


class TestTheSampleFiles:
    @pytest.mark.parametrize(
        "file",
        [f"{name}.csv" for name in ("producers", "products", "boxes", "hampers", "extras")],
    )
    def test_are_those_of_the_intent(self, file: str) -> None:
        assert (SAMPLE / file).read_bytes() == (SHARED / "catalogue" / file).read_bytes()

    def test_have_no_problems(self) -> None:
        assert len(read_sheets(SAMPLE)["products.csv"]) == 220


class TestAProblemNamesItsPlace:
    @pytest.mark.parametrize(
        ("file", "column", "value", "reason"),
        [
            ("products.csv", "vat_rate", "23", "«23» non è un’aliquota in vigore"),
            ("products.csv", "length_mm", "0", "«0» è minore di 1"),
            ("products.csv", "height_mm", "alto", "«alto» non è un numero intero"),
            ("products.csv", "gross_weight_g", "", "manca il numero"),
            ("products.csv", "list_price_net", "1,50", "«1,50» non è un numero"),
            ("products.csv", "list_price_net", "-1", "«-1» è un importo negativo"),
            ("products.csv", "cost_net", "1.005", "«1.005» ha frazioni di centesimo"),
            ("products.csv", "list_price_net", "NaN", "«NaN» non è un numero"),
            ("products.csv", "name_it", "", "manca il testo"),
            ("products.csv", "producer_slug", "nessuno", "«nessuno» non c’è in producers.csv"),
            ("products.csv", "sku", "con spazi", "«con spazi» non è un codice valido"),
            ("hampers.csv", "box_sku", "BOX-XXL", "«BOX-XXL» non c’è in boxes.csv"),
            ("hamper_items.csv", "product_sku", "NO-1", "«NO-1» non c’è in products.csv"),
            ("hamper_items.csv", "quantity", "0", "«0» è minore di 1"),
            ("producers.csv", "latitude", "120", "«120» non è una coordinata"),
            ("quantity_breaks.csv", "discount", "100", "«100» non è uno sconto fra 0 e 100"),
            (
                "quantity_breaks.csv",
                "valid_from",
                "1/1/2026",
                "«1/1/2026» non è una data (anno-mese-giorno)",
            ),
        ],
    )
    def test_in_file_row_and_column(
        self, folder: Path, file: str, column: str, value: str, reason: str
    ) -> None:
        edit(folder, file, 3, **{column: value})

        assert f"{file}, riga 3, colonna {column}: {reason}" in problems(folder)

    @pytest.mark.parametrize(
        ("file", "column", "value"),
        [
            ("products.csv", "allergens", "gluten;glutine"),
            ("products.csv", "dietary", "vegano"),
            ("products.csv", "category", "dolciumi"),
            ("products.csv", "season", "pasqua"),
            ("extras.csv", "kind", "fiocco"),
            ("stores.csv", "kind", "bancarella"),
        ],
    )
    def test_of_a_word_nobody_knows(self, folder: Path, file: str, column: str, value: str) -> None:
        edit(folder, file, 2, **{column: value})

        (problem,) = problems(folder)
        assert problem.startswith(f"{file}, riga 2, colonna {column}: «{value.rsplit(';', 1)[-1]}»")

    def test_of_a_key_that_is_there_twice(self, folder: Path) -> None:
        first = read_sheets(folder)["boxes.csv"][0]["sku"]
        edit(folder, "boxes.csv", 5, sku=first)

        assert f"boxes.csv, riga 5, colonna sku: «{first}» c’è già alla riga 2" in problems(folder)

    def test_of_a_missing_file(self, folder: Path) -> None:
        (folder / "extras.csv").unlink()

        assert problems(folder) == ["extras.csv: il file manca"]

    def test_of_a_missing_column(self, folder: Path) -> None:
        path = folder / "stores.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("kind", "type", 1), "utf-8")

        assert problems(folder) == ["stores.csv, riga 1, colonna kind: manca la colonna"]

    def test_of_a_file_in_another_encoding(self, folder: Path) -> None:
        path = folder / "stores.csv"
        path.write_bytes(
            path.read_text(encoding="utf-8").replace("Milano", "Città").encode("cp1252")
        )

        assert "stores.csv: il file non è in UTF-8" in problems(folder)

    def test_of_a_row_with_too_few_cells(self, folder: Path) -> None:
        path = folder / "quantity_breaks.csv"
        path.write_text(path.read_text("utf-8") + "2026-05-01,70\n", "utf-8")

        assert problems(folder) == [
            "quantity_breaks.csv, riga 5: le celle non sono quante le colonne"
        ]

    def test_and_all_of_them_are_told_at_once(self, folder: Path) -> None:
        edit(folder, "products.csv", 12, vat_rate="23", length_mm="-1")
        edit(folder, "boxes.csv", 2, tare_g="x")

        assert len(problems(folder)) == 3


class TestTheCommand:
    def test_writes_nothing_when_anything_is_wrong(self, app: Flask, folder: Path) -> None:
        edit(folder, "stores.csv", 2, kind="bancarella")

        result = app.test_cli_runner().invoke(args=["catalogue", "import", str(folder)])

        assert result.exit_code == 1
        assert "stores.csv, riga 2, colonna kind" in result.stderr
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Producer)) == 0

    def test_says_what_it_did(self, app: Flask) -> None:
        result = app.test_cli_runner().invoke(args=["catalogue", "import", str(SAMPLE)])

        assert result.exit_code == 0
        assert "220 prodotti: 220 nuovi, 0 cambiati" in result.stdout


class TestImportingTwice:
    def test_changes_nothing(self, app: Flask) -> None:
        load()
        query = sa.text(
            "SELECT 'p', id, xmin::text FROM product UNION ALL "
            "SELECT 'm', id, xmin::text FROM producer UNION ALL "
            "SELECT 'h', id, xmin::text FROM ready_hamper_line UNION ALL "
            "SELECT '€', id, xmin::text FROM product_price ORDER BY 1, 2"
        )
        before = db.session.execute(query).all()

        tallies = load(now=LATER)

        assert db.session.execute(query).all() == before
        assert all(tally.new == tally.changed == 0 for tally in tallies.values())

    def test_leaves_one_line_in_the_event_log(self, app: Flask) -> None:
        load()
        load()

        logged = db.session.scalars(
            sa.select(EventLogEntry).where(EventLogEntry.subject == "catalogue")
        ).all()
        assert [entry.action for entry in logged] == ["import"]

    def test_leaves_the_stock_that_moved_since(self, app: Flask, folder: Path) -> None:
        load()
        product("GIO-PAN-1000").on_hand = 3
        db.session.commit()

        load()

        assert product("GIO-PAN-1000").on_hand == 3


class TestAChangedFile:
    def test_adds_a_price_from_today_and_keeps_the_old_one(self, app: Flask, folder: Path) -> None:
        load()
        edit(folder, "products.csv", 2, list_price_net="24.00")

        tallies = load(folder, now=LATER)

        assert prices("GIO-PAN-1000") == [
            (date(2026, 1, 1), Decimal("22.73")),
            (date(2026, 11, 20), Decimal("24.00")),
        ]
        assert tallies["products.csv"].changed == 1

    def test_mends_a_price_of_the_same_day(self, app: Flask, folder: Path) -> None:
        load()
        edit(folder, "products.csv", 2, list_price_net="24.00")
        load(folder, now=LATER)
        edit(folder, "products.csv", 2, list_price_net="25.00")

        load(folder, now=LATER)

        assert prices("GIO-PAN-1000")[1:] == [(date(2026, 11, 20), Decimal("25.00"))]

    def test_adds_a_rate_with_its_legal_basis(self, app: Flask, folder: Path) -> None:
        load()
        edit(folder, "products.csv", 2, vat_rate="22", vat_basis="aliquota ordinaria")

        load(folder, now=LATER)

        rows = db.session.execute(
            sa.select(ProductVat.rate, ProductVat.legal_basis)
            .where(ProductVat.product_id == product("GIO-PAN-1000").id)
            .order_by(ProductVat.valid_from)
        ).all()
        assert [tuple(row) for row in rows][1] == (Decimal(22), "aliquota ordinaria")

    def test_refills_a_ready_hamper(self, app: Flask, folder: Path) -> None:
        load()
        edit(folder, "hamper_items.csv", 2, quantity="2")

        tallies = load(folder, now=LATER)

        query = sa.select(ReadyHamper).options(selectinload(ReadyHamper.lines))
        hamper = db.session.scalars(query.where(ReadyHamper.sku == "HAM-PENSIERO")).one()
        assert [line.quantity for line in hamper.lines] == [2, 1, 1]
        assert tallies["hampers.csv"].changed == 1

    def test_finds_a_renamed_maker_by_its_new_name(self, app: Flask, folder: Path) -> None:
        load()
        edit(folder, "producers.csv", 2, name="Pasticceria Zibibbo")

        load(folder, now=LATER)

        matches = sa.func.to_tsquery("italian", "zibibbo")
        found = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Product)
            .where(sa.type_coerce(Product.search_it, sa.Text).op("@@")(matches))
        )
        assert found == 19


class TestLabels:
    def test_of_food_with_diets_and_no_allergens_declare_none(self, app: Flask) -> None:
        load()

        assert product("LAZ-MOK-250").allergens == []

    def test_of_food_with_neither_are_unknown(self, app: Flask, folder: Path) -> None:
        edit(folder, "products.csv", 2, allergens="", dietary="")

        load(folder)

        assert product("GIO-PAN-1000").allergens is None
        assert product("GIO-PAN-1000").dietary is None

    def test_of_food_with_allergens_alone_leave_the_diets_unknown(
        self, app: Flask, folder: Path
    ) -> None:
        edit(folder, "products.csv", 2, dietary="")

        load(folder)

        assert product("GIO-PAN-1000").allergens == ["gluten", "eggs", "milk"]
        assert product("GIO-PAN-1000").dietary is None

    def test_of_what_is_not_food_are_empty(self, app: Flask) -> None:
        load()

        assert product("MAN-BIG-005").allergens == []

    def test_are_unconfirmed_unless_said_so(self, app: Flask) -> None:
        load(confirmed=False)

        assert not product("GIO-PAN-1000").label_confirmed

    def test_that_staff_confirmed_are_not_overwritten(self, app: Flask, folder: Path) -> None:
        load(confirmed=False)
        mended = product("GIO-PAN-1000")
        mended.allergens, mended.label_confirmed = ["gluten", "eggs", "milk", "nuts"], True
        db.session.commit()

        load(confirmed=False)

        assert product("GIO-PAN-1000").allergens == ["gluten", "eggs", "milk", "nuts"]


class TestCostsNobodyStated:
    def test_are_unknown_and_not_nought(self, app: Flask) -> None:
        load()

        assert set(db.session.scalars(sa.select(Box.cost_net))) == {None}
        assert set(db.session.scalars(sa.select(Extra.cost_net))) == {None}
