import re
from dataclasses import replace

import pytest

from gifting.core.drawing import Shape, product_svg, tile_tint
from gifting.core.drawing.goods import ARTS, art
from gifting.core.drawing.product_picture import Size
from gifting.core.drawing.products import RULES, drawing_of, rule_for
from tests.core.drawing.shapes import PRODUCTS, parsed

SVG = "{http://www.w3.org/2000/svg}"
PANETTONE = PRODUCTS["GIO-PAN-1000"]


def coordinates(picture: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(y))
        for path in parsed(picture).iter(f"{SVG}path")
        for x, y in re.findall(r"(-?\d+\.?\d*) (-?\d+\.?\d*)", path.get("d"))
    ]


class TestRules:
    def test_every_product_of_the_catalogue_matches_an_explicit_rule(self) -> None:
        assert len(PRODUCTS) == 220
        assert [p.sku for p in PRODUCTS.values() if rule_for(p.category, p.name) is None] == []

    def test_every_rule_names_a_drawing_and_recolourings_it_understands(self) -> None:
        for rule in RULES:
            for recolour in rule.recolours:
                assert art(rule.art, recolour).marks

    @pytest.mark.parametrize(
        ("sku", "drawn_as"),
        [("GIO-PAN-1000", "panettone"), ("LAZ-MOK-250", "coffee"), ("AML-FIN-200", "taralli")],
    )
    def test_a_product_looks_like_what_it_is(self, sku: str, drawn_as: str) -> None:
        assert drawing_of(PRODUCTS[sku]).art == drawn_as

    def test_an_unknown_flat_product_is_an_assortment_and_an_unknown_tall_one_a_gift(self) -> None:
        flat = Shape("X-1", "Oggetto nuovo", "altro", 200, 150, 30)
        assert drawing_of(flat).art == "assortment"
        assert drawing_of(replace(flat, height_mm=200)).art == "gift"

    def test_a_product_without_measures_takes_those_of_its_drawing(self) -> None:
        unmeasured = replace(PANETTONE, length_mm=0, width_mm=0, height_mm=0)
        drawing = drawing_of(unmeasured)
        assert (drawing.width, drawing.height) == (190, 204)

    def test_the_face_of_a_slab_is_its_plan(self) -> None:
        soap = next(p for p in PRODUCTS.values() if p.category == "cosmetica" and "apon" in p.name)
        drawing = drawing_of(soap)
        assert (drawing.width, drawing.height) == (soap.length_mm, soap.width_mm)


class TestProductSvg:
    @pytest.mark.parametrize("size", ["card", "thumb", "tiny"])
    def test_every_product_is_well_formed_and_stays_in_its_frame(self, size: Size) -> None:
        for product in PRODUCTS.values():
            picture = product_svg(product, size=size)
            _, _, side, height = map(float, parsed(picture).get("viewBox").split())
            assert side == height
            for x, y in coordinates(picture):
                assert -1 <= x <= side + 1, product.sku
                assert -1 <= y <= side + 3, product.sku

    def test_all_pictures_stand_the_same_distance_above_the_bottom_edge(self) -> None:
        for product in PRODUCTS.values():
            picture = product_svg(product, size="thumb")
            side = float(parsed(picture).get("viewBox").split()[2])
            lowest = max(y for _, y in coordinates(picture))
            assert side - 12 <= lowest <= side + 3, product.sku

    def test_with_a_label_the_picture_is_an_image_with_that_name(self) -> None:
        picture = parsed(product_svg(PANETTONE, label="Panettone d’arancia & <miele>"))
        assert picture.get("role") == "img"
        assert picture.get("aria-hidden") is None
        assert picture.findtext(f"{SVG}title") == "Panettone d’arancia & <miele>"

    def test_without_a_label_the_picture_is_silent(self) -> None:
        picture = parsed(product_svg(PANETTONE))
        assert picture.get("aria-hidden") == "true"
        assert picture.find(f"{SVG}title") is None

    def test_the_quantity_does_not_change_the_picture(self) -> None:
        assert product_svg(replace(PANETTONE, quantity=40)) == product_svg(PANETTONE)

    def test_small_pictures_have_a_finer_line(self) -> None:
        assert 'stroke-width="1.7"' in product_svg(PANETTONE, size="card")
        assert 'stroke-width="0.85"' in product_svg(PANETTONE, size="tiny")

    def test_paper_gets_a_natural_size_and_a_line_already_scaled_to_it(self) -> None:
        picture = product_svg(PANETTONE, size="tiny", print_px=40)
        root = parsed(picture)
        side = float(root.get("viewBox", "").split()[2])
        group = root.find(f"{SVG}g")
        assert group is not None
        assert root.get("width") == root.get("height") == "40"
        assert float(group.get("stroke-width", "")) == pytest.approx(0.85 * side / 40, abs=0.01)
        assert "vector-effect" not in picture


class TestTileTint:
    def test_every_category_of_the_catalogue_has_a_tint(self) -> None:
        tints = {tile_tint(product.category) for product in PRODUCTS.values()}
        assert tints == {"sweet", "savoury", "care", "cloth"}

    def test_an_unknown_category_is_savoury(self) -> None:
        assert tile_tint("altro") == "savoury"


class TestStock:
    def test_every_drawing_is_made_of_fills_and_lines_inside_its_millimetres(self) -> None:
        for name in ARTS:
            drawn = art(name)
            assert {bool(mark.weight) for mark in drawn.marks} == {True, False}, name
