import re
from dataclasses import replace

import pytest

from gifting.core.drawing import BoxKind, BoxShape, Shape, arrange, box_svg
from tests.core.drawing.shapes import BOXES, HAMPERS, PRODUCTS, parsed

COFFEE = PRODUCTS["LAZ-MOK-250"]
BOTTLE = Shape("VIN-1", "Vino rosso", "vino", 76, 76, 300)


class TestBoxShape:
    @pytest.mark.parametrize(
        ("sku", "kind"),
        [
            ("BOX-S", BoxKind.TRAY),
            ("BOX-PAN", BoxKind.CARTON),
            ("CRATE", BoxKind.CRATE),
            ("SACK", BoxKind.SACK),
        ],
    )
    def test_the_kind_follows_from_sku_and_height(self, sku: str, kind: BoxKind) -> None:
        assert BOXES[sku].kind is kind


class TestArrange:
    def test_an_empty_box_has_no_placements(self) -> None:
        assert arrange(BOXES["BOX-M"], []) == ()
        assert arrange(BOXES["BOX-M"], [replace(COFFEE, quantity=0)]) == ()

    @pytest.mark.parametrize("sku", HAMPERS)
    def test_every_product_of_a_ready_made_hamper_is_drawn(self, sku: str) -> None:
        box, items = HAMPERS[sku]
        assert {p.sku for p in arrange(box, items)} == {item.sku for item in items}

    def test_two_products_drawn_alike_get_different_colours(self) -> None:
        other = replace(COFFEE, sku="LAZ-ALTRO")
        recolours = {p.recolour for p in arrange(BOXES["BOX-M"], [COFFEE, other])}
        assert len(recolours) == 2

    def test_many_equal_pieces_are_a_group_with_a_tally(self) -> None:
        placements = arrange(BOXES["BOX-L"], [replace(COFFEE, quantity=9)])
        assert len(placements) == 6
        assert [p.tag for p in placements if p.tag] == ["×9"]

    def test_the_same_product_given_twice_is_one_group(self) -> None:
        box = BOXES["BOX-L"]
        twice = arrange(box, [COFFEE, COFFEE])
        assert twice == arrange(box, [replace(COFFEE, quantity=2)])

    def test_past_twelve_products_the_rest_is_counted(self) -> None:
        items = [replace(COFFEE, sku=f"C-{n:02}") for n in range(15)]
        placements = arrange(BOXES["BOX-L"], items)
        drawn = sum(1 for placement in placements if placement.art)
        assert placements[-1].tag == f"+{15 - drawn}"
        assert drawn <= 12

    def test_a_bottle_taller_than_the_box_lies_down(self) -> None:
        assert arrange(BOXES["BOX-PAN"], [BOTTLE])[0].turn

    def test_an_absurd_order_is_still_arranged(self) -> None:
        giant = Shape("G", "Cosa enorme", "altro", 3000, 2000, 2500, 10_000)
        (*_, last) = arrange(BOXES["BOX-XS"], [giant, BOTTLE, COFFEE])
        assert last.width <= BOXES["BOX-XS"].length_mm


class TestBoxSvg:
    @pytest.mark.parametrize("sku", BOXES)
    def test_every_box_can_be_drawn_empty(self, sku: str) -> None:
        picture = box_svg(BOXES[sku], [], label="Vuota")
        assert "VIALE DEI MILLE" in picture
        parsed(picture)

    @pytest.mark.parametrize("sku", HAMPERS)
    def test_a_full_box_is_light_enough_for_a_page(self, sku: str) -> None:
        box, items = HAMPERS[sku]
        assert len(box_svg(box, items, label=sku)) < 70_000

    def test_paper_gets_a_natural_size_and_no_scaling_tricks(self) -> None:
        box, items = HAMPERS["HAM-SUD"]
        picture = box_svg(box, items, label="Cesto", width_px=300, print_safe=True)
        assert "vector-effect" not in picture
        assert parsed(picture).get("width") == "300"

    def test_the_line_keeps_its_weight_whatever_the_width_shown(self) -> None:
        box = BOXES["BOX-PAN"]
        view = (box.length_mm + 60) / 640
        picture = box_svg(box, [], label=None, width_px=640)
        line = float(re.search(r'stroke-width="([\d.]+)"', picture)[1])
        assert line == pytest.approx(1.7 * view, abs=0.01)

    def test_a_thing_taller_than_the_box_stays_in_the_picture(self) -> None:
        plant = Shape("P", "Rosa antica", "piante", 120, 120, 420)
        picture = box_svg(BOXES["CRATE"], [plant], label=None)
        top = float(parsed(picture).get("viewBox").split()[1])
        assert top <= arrange(BOXES["CRATE"], [plant])[0].y

    def test_the_name_of_the_box_is_never_printed_raw(self) -> None:
        box = BoxShape('B"<x>', "<script>", 300, 200, 200)
        picture = box_svg(box, [], label="<b>&")
        assert "<script" not in picture
        assert "&lt;b&gt;&amp;" in picture
