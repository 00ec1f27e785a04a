"""What holds for every picture of the house, whatever it shows."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from gifting.core.diet import ALLERGENS
from gifting.core.drawing import (
    MapPoint,
    allergen_svg,
    box_icon_svg,
    box_svg,
    cut_panettone_svg,
    extra_svg,
    hero_svg,
    italy_map_svg,
    logo_svg,
    pattern_svg,
    product_svg,
    rack_svg,
    shop_svg,
    targa_svg,
)
from gifting.core.drawing.italy import SIZE, on_map
from tests.core.drawing.shapes import BOXES, HAMPERS, PRODUCTS, parsed
from tests.support.shared import read_rows

SVG = "{http://www.w3.org/2000/svg}"
EXTRAS = sorted({row["kind"] for row in read_rows("catalogue/extras.csv")})
WORKSHOPS = [
    MapPoint(r["slug"], r["name"], float(r["latitude"]), float(r["longitude"]), f"/p/{r['slug']}")
    for r in read_rows("catalogue/producers.csv")
    if r["latitude"]
]


def every_picture() -> Iterator[str]:
    yield from (product_svg(product, label=product.name) for product in PRODUCTS.values())
    yield from (box_svg(box, items, label=sku) for sku, (box, items) in HAMPERS.items())
    yield from (box_icon_svg(box) for box in BOXES.values())
    yield from (extra_svg(kind) for kind in EXTRAS)
    yield from (extra_svg(kind, label=kind, print_px=40) for kind in EXTRAS)
    yield from (allergen_svg(slug) for slug in ALLERGENS)
    yield from (pattern_svg(tone) for tone in ("light", "dark", "blue"))
    yield from (hero_svg("Scatola"), rack_svg(), shop_svg(), cut_panettone_svg(), targa_svg())
    yield logo_svg(label="Viale dei Mille")
    yield italy_map_svg(WORKSHOPS, label="I laboratori")


def digest() -> str:
    return hashlib.sha256("".join(every_picture()).encode()).hexdigest()


class TestEveryPicture:
    def test_is_well_formed_and_complete(self) -> None:
        for picture in every_picture():
            root = parsed(picture)
            assert root.tag == f"{SVG}svg"
            assert root.get("viewBox")

    def test_carries_nothing_a_strict_content_policy_refuses(self) -> None:
        for picture in every_picture():
            assert not re.search(r"<(script|style|image|foreignObject)|\s(style|on\w+)=", picture)

    def test_carries_no_id_so_that_many_fit_on_one_page(self) -> None:
        for picture in every_picture():
            assert not re.search(r"\sid=|url\(#|href=\"#", picture)

    def test_is_the_same_in_every_process(self) -> None:
        again = (
            "from tests.core.drawing.test_pictures import digest; import sys; "
            "sys.stdout.write(digest())"
        )
        told = [
            subprocess.run(
                [sys.executable, "-c", again],
                env={"PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "4242")
        ]
        assert told == [digest(), digest()]


class TestAllergens:
    def test_each_of_the_fourteen_has_its_own_sign(self) -> None:
        assert len({allergen_svg(slug) for slug in ALLERGENS}) == 14

    def test_an_unknown_slug_has_no_sign(self) -> None:
        assert allergen_svg("polvere") == ""


class TestExtras:
    def test_on_paper_its_size_and_line_are_its_own(self) -> None:
        for picture in (
            *(extra_svg(kind, print_px=40) for kind in EXTRAS),
            *(box_icon_svg(box, print_px=40) for box in BOXES.values()),
        ):
            assert parsed(picture).get("width") == "40"
            assert "non-scaling-stroke" not in picture

    def test_each_kind_of_the_catalogue_has_its_own_picture(self) -> None:
        pictures = {extra_svg(kind) for kind in EXTRAS}
        assert len(pictures) == len(EXTRAS)
        assert extra_svg("altro") not in pictures


class TestItalyMap:
    def test_milan_and_palermo_fall_where_they_are(self) -> None:
        assert on_map(45.4666, 9.1906) == pytest.approx((116.1, 97.4), abs=2)
        assert on_map(38.1157, 13.3613) == pytest.approx((289.6, 508.5), abs=2)

    def test_every_workshop_is_a_named_link_numbered_in_the_order_given(self) -> None:
        links = list(parsed(italy_map_svg(WORKSHOPS)).iter(f"{SVG}a"))
        assert [link.get("href") for link in links] == [point.href for point in WORKSHOPS]
        assert [link.findtext(f"{SVG}title") for link in links] == [p.label for p in WORKSHOPS]
        assert [int(link.findtext(f"{SVG}text")) for link in links] == list(
            range(1, len(WORKSHOPS) + 1)
        )

    def test_no_two_discs_touch_and_all_stay_on_the_map(self) -> None:
        discs = [
            (float(c.get("cx")), float(c.get("cy")), float(c.get("r")))
            for link in parsed(italy_map_svg(WORKSHOPS)).iter(f"{SVG}a")
            for c in link.iter(f"{SVG}circle")
        ]
        for n, (x, y, r) in enumerate(discs):
            assert 0 <= x <= SIZE[0]
            assert 0 <= y <= SIZE[1]
            for u, v, _ in discs[n + 1 :]:
                assert ((x - u) ** 2 + (y - v) ** 2) ** 0.5 >= 2 * r

    def test_is_a_labelled_group_and_escapes_what_it_is_told(self) -> None:
        point = MapPoint("x", "Pane & <sale>", 45.0, 9.0, "/p?a=1&b=2")
        root = parsed(italy_map_svg([point], label='Mappa «d’Italia» "&"'))
        assert root.get("role") == "group"
        assert root.get("aria-label") == 'Mappa «d’Italia» "&"'
        assert root.find(f"{SVG}a").get("href") == "/p?a=1&b=2"
