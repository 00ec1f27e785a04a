from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.fit import (
    BoxSize,
    FitCode,
    FitProblem,
    Orientation,
    Packable,
    Posture,
    boxes_that_fit,
    can_add,
    check_fit,
    posture_of,
    stance,
)
from tests.support.shared import read_rows

BOX_S = BoxSize("BOX-S", 270, 200, 110, 2500, 220)
BOX_M = BoxSize("BOX-M", 350, 260, 140, 4500, 380)
BOX_L = BoxSize("BOX-L", 460, 350, 260, 10000, 850)
BOX_PAN = BoxSize("BOX-PAN", 410, 310, 240, 7000, 620)


def packable(
    size: tuple[int, int, int],
    posture: Posture = Posture.ANY,
    *,
    sku: str = "A",
    weight: int = 100,
    quantity: int = 1,
) -> Packable:
    return Packable(sku, sku, *size, weight, posture, quantity)


PANETTONE = packable((220, 220, 190), Posture.STANDS, sku="PANETTONE", weight=1180)
WINE = packable((78, 78, 310), Posture.BOTTLE, sku="VINO", weight=1350)


def catalogue_boxes() -> dict[str, BoxSize]:
    return {
        row["sku"]: BoxSize(
            row["sku"],
            int(row["inner_length_mm"]),
            int(row["inner_width_mm"]),
            int(row["inner_height_mm"]),
            int(row["max_weight_g"]),
            int(row["tare_g"]),
        )
        for row in read_rows("catalogue/boxes.csv")
    }


def catalogue_packables() -> dict[str, Packable]:
    packables = {}
    for row in read_rows("catalogue/products.csv"):
        size = int(row["length_mm"]), int(row["width_mm"]), int(row["height_mm"])
        posture = posture_of(row["category"], *size)
        packables[row["sku"]] = Packable(
            row["sku"], row["name_it"], *size, int(row["gross_weight_g"]), posture
        )
    return packables


def ready_hampers() -> list[tuple[dict[str, str], BoxSize, list[Packable]]]:
    products, boxes, contents = catalogue_packables(), catalogue_boxes(), defaultdict(list)
    for row in read_rows("catalogue/hamper_items.csv"):
        contents[row["hamper_sku"]] += [products[row["product_sku"]]] * int(row["quantity"])
    return [
        (row, boxes[row["box_sku"]], contents[row["sku"]])
        for row in read_rows("catalogue/hampers.csv")
    ]


class TestReadyMadeHampers:
    def test_all_fourteen_fit_their_box(self) -> None:
        reports = {row["sku"]: check_fit(box, items) for row, box, items in ready_hampers()}

        assert len(reports) == 14
        assert {sku: report.problems for sku, report in reports.items() if not report.fits} == {}

    def test_fill_and_weight_agree_with_the_catalogue(self) -> None:
        for row, box, items in ready_hampers():
            report = check_fit(box, items)

            ratio = Decimal(sum(item.volume_mm3 for item in items)) / box.volume_mm3
            assert round(ratio, 3) == Decimal(row["volume_ratio"])
            assert report.fill_percent - 1 < ratio * 100 <= report.fill_percent
            assert report.weight_g == int(row["total_weight_g"])

    def test_their_own_box_is_among_those_proposed(self) -> None:
        boxes = list(catalogue_boxes().values())

        for _, box, items in ready_hampers():
            proposed = boxes_that_fit(boxes, items)
            assert box in proposed
            assert proposed == sorted(proposed, key=lambda one: one.volume_mm3)


class TestPostureOf:
    @pytest.mark.parametrize(
        ("sku", "posture"),
        [
            ("CAS-ROS-ANT", Posture.STANDS),
            ("GIO-PAN-1000", Posture.STANDS),
            ("SAL-SBR-350", Posture.STANDS),
            ("SPS-TOR-MAN", Posture.ANY),
            ("GAB-ABB-750", Posture.BOTTLE),
            ("VLP-FIN-330", Posture.BOTTLE),
            ("REC-OLI-250", Posture.BOTTLE),
            ("GAB-SUC-750", Posture.BOTTLE),
            ("RIG-PAS-500", Posture.ANY),
            ("AML-FIN-200", Posture.ANY),
        ],
    )
    def test_follows_from_category_and_size(self, sku: str, posture: Posture) -> None:
        assert catalogue_packables()[sku].posture is posture


class TestStance:
    def test_a_bottle_lies_where_it_cannot_stand(self) -> None:
        assert stance(BOX_M.inner, WINE.size, WINE.posture) is Orientation.LYING
        assert stance((350, 250, 320), WINE.size, WINE.posture) is Orientation.STANDING

    def test_a_cake_stands_even_where_it_is_too_tall(self) -> None:
        stands = stance(BOX_M.inner, PANETTONE.size, PANETTONE.posture)

        assert stands is Orientation.STANDING


class TestCheckFit:
    def test_an_empty_box_says_so(self) -> None:
        report = check_fit(BOX_M, [])

        assert report.problems == (FitProblem(FitCode.NOTHING, None, {}),)
        assert (report.fill_percent, report.weight_g) == (0, 380)

    def test_a_bottle_may_lie_where_it_cannot_stand(self) -> None:
        assert check_fit(BOX_M, [WINE]).fits

    def test_a_bottle_that_neither_stands_nor_lies_is_too_tall(self) -> None:
        assert check_fit(BOX_S, [WINE]).problems == (
            FitProblem(
                FitCode.TOO_TALL,
                "VINO",
                {"height_mm": 310, "inner_height_mm": 110, "inner_length_mm": 270},
            ),
        )

    def test_a_cake_is_not_turned_on_its_side(self) -> None:
        pandoro = packable((210, 210, 245), Posture.STANDS)

        (problem,) = check_fit(BOX_PAN, [pandoro]).problems

        assert (problem.code, problem.sku) == (FitCode.TOO_TALL, "A")

    def test_what_fits_in_no_rotation_is_too_big(self) -> None:
        (problem,) = check_fit(BOX_M, [packable((400, 300, 10))]).problems

        assert problem.code is FitCode.TOO_BIG
        assert problem.values == {
            "length_mm": 400,
            "width_mm": 300,
            "height_mm": 10,
            "inner_length_mm": 350,
            "inner_width_mm": 260,
            "inner_height_mm": 140,
        }

    @pytest.mark.parametrize(("height", "fits"), [(92, True), (93, False)])
    def test_ninety_two_per_cent_is_full_and_more_is_too_much(
        self, height: int, *, fits: bool
    ) -> None:
        cube = BoxSize("CUBO", 100, 100, 100, 1000, 0)

        report = check_fit(cube, [packable((100, 100, height))])

        assert report.fits is fits
        assert (report.fill_percent, report.usable_ml) == (height, 920)

    def test_a_hair_over_the_share_is_never_shown_as_ninety_two(self) -> None:
        box = BoxSize("BOX", 1000, 100, 100, 9000, 0)

        report = check_fit(box, [packable((921, 100, 100))])

        assert report.fill_percent == 93
        assert [problem.code for problem in report.problems] == [FitCode.TOO_FULL]

    def test_two_cakes_wider_than_the_box_do_not_go_in_together(self) -> None:
        report = check_fit(BOX_PAN, [packable((220, 220, 190), Posture.STANDS, quantity=2)])

        assert report.fill_percent < 92
        assert [(p.code, p.sku) for p in report.problems] == [(FitCode.TOO_FULL, "A")]

    @pytest.mark.parametrize(
        ("piece", "box", "most"),
        [
            (packable((165, 165, 150), Posture.STANDS), BOX_PAN, 2),
            (packable((165, 165, 150), Posture.STANDS), BOX_L, 4),
            (packable((61, 61, 232), Posture.BOTTLE), BOX_S, 3),
            (packable((100, 120, 130), Posture.STANDS), BOX_M, 7),
        ],
        ids=["small panettoni", "in a large box", "beers lying", "turned about their base"],
    )
    def test_rigid_pieces_that_cannot_be_stacked_need_room_on_the_floor(
        self, piece: Packable, box: BoxSize, most: int
    ) -> None:
        counts = range(1, most + 2)

        fitting = [n for n in counts if check_fit(box, [replace(piece, quantity=n)]).fits]

        assert fitting == list(range(1, most + 1))

    def test_two_pieces_that_find_no_room_together_are_too_much_even_if_they_may_be_turned(
        self,
    ) -> None:
        tray = packable((300, 200, 80), sku="VASSOIO")

        report = check_fit(BOX_M, [tray, replace(tray, sku="ALTRO", height_mm=65)])

        assert report.fill_percent < 92
        assert [(p.code, p.sku) for p in report.problems] == [(FitCode.TOO_FULL, "VASSOIO")]

    def test_weight_counts_the_box_itself(self) -> None:
        bare = check_fit(BOX_M, [packable((50, 50, 50), weight=4120)])
        over = check_fit(BOX_M, [packable((50, 50, 50), weight=4121)])

        assert bare.fits
        assert over.problems == (
            FitProblem(
                FitCode.TOO_HEAVY,
                None,
                {"weight_g": 4501, "max_weight_g": 4500, "excess_g": 1},
            ),
        )

    @given(
        st.lists(
            st.builds(
                packable,
                st.tuples(*[st.integers(20, 300)] * 3),
                st.sampled_from(Posture),
                weight=st.integers(1, 2000),
                quantity=st.integers(1, 3),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_taking_something_out_never_makes_a_box_too_small(self, items: list[Packable]) -> None:
        if len(items) > 1 and check_fit(BOX_PAN, items).fits:
            assert check_fit(BOX_PAN, items[1:]).fits
        assert can_add(BOX_PAN, items[1:], items[0]).fits == check_fit(BOX_PAN, items).fits
