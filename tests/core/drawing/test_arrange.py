"""What holds of the layout of any hamper, judged over many random ones."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

import pytest

from gifting.core.drawing import Placement, arrange
from gifting.core.drawing.products import drawing_of
from gifting.core.fit import Orientation, stance
from tests.core.drawing.baskets import Basket, basket
from tests.core.drawing.shapes import BOXES, HAMPERS, PRODUCTS

BASKETS = [basket(seed) for seed in range(120)]
READY = [Basket(*hamper) for hamper in HAMPERS.values()]
CAKES = {"panettone", "pandoro", "veneziana"}


def fronts(placements: Sequence[Placement]) -> list[Placement]:
    """The nearest drawing of each product, the one by which it is recognised."""
    return list({p.sku: p for p in placements if p.art}.values())


class TestWhatIsSeen:
    def test_few_labels_are_mostly_covered(self) -> None:
        covered = [p.covered for b in BASKETS for p in fronts(arrange(b.box, b.items))]

        assert mean(share > 0.6 for share in covered) <= 0.03

    def test_nearly_every_product_is_drawn(self) -> None:
        uncounted = [
            not any(p.tag.startswith("+") for p in arrange(b.box, b.items)) for b in BASKETS
        ]

        assert mean(uncounted) >= 0.97

    def test_a_great_cake_or_a_wine_is_never_half_hidden_in_a_ready_made_hamper(self) -> None:
        heroes = [
            p
            for b in READY
            for p in fronts(arrange(b.box, b.items))
            if p.art in CAKES or p.art == "wine"
        ]

        assert max(hero.covered for hero in heroes) <= 0.45
        assert mean(hero.covered for hero in heroes) <= 0.25

    def test_a_cake_stands_near_the_middle(self) -> None:
        off_centre = [
            abs((p.x + p.width / 2) / b.box.length_mm - 0.5)
            for b in [*BASKETS, *READY]
            for p in fronts(arrange(b.box, b.items))
            if p.art in CAKES and not b.box.from_above
        ]

        assert mean(off_centre) <= 0.14


class TestTheBox:
    @pytest.mark.parametrize("given", [*BASKETS, *READY])
    def test_nothing_passes_its_sides_its_floor_or_its_lid(self, given: Basket) -> None:
        box = given.box
        for placement in arrange(box, given.items):
            assert placement.x >= -1
            assert placement.x + placement.width <= box.length_mm + 1
            assert placement.y + placement.height <= box.depth_mm + 1
            assert placement.y >= -20  # the back wall, farther off, ends above the lid line

    def test_what_the_packing_test_lays_down_lies_and_all_else_stands(self) -> None:
        seen = set()
        for box, items in [*BASKETS, *READY]:
            shapes = {item.sku: item for item in items}
            for placement in arrange(box, items):
                shape = shapes.get(placement.sku)
                if shape is None or box.from_above or drawing_of(shape).plan:
                    continue
                told = stance(box.inner, shape.size, shape.posture)
                assert bool(placement.turn) is (told is Orientation.LYING)
                seen.add(told)

        assert seen == set(Orientation)

    def test_a_bag_hardly_too_tall_lies_too(self) -> None:
        box = BOXES["BOX-PAN"]
        bag = replace(PRODUCTS["BBI-BAC-DAM"], height_mm=box.height_mm + 5)

        assert arrange(box, [bag])[0].turn


class TestSmallEdits:
    """What the eye has found in the picture is found there again."""

    def test_a_product_more_leaves_the_others_where_they_are(self) -> None:
        kept, moved = _compared([(b.items[:-1], b) for b in BASKETS])

        assert kept >= 0.8
        assert moved <= 40

    def test_a_piece_more_leaves_the_others_where_they_are(self) -> None:
        kept, moved = _compared([(_one_more(b), b) for b in BASKETS])

        assert kept >= 0.85
        assert moved <= 30

    def test_taking_back_the_last_product_gives_the_picture_back(self) -> None:
        box, items = BASKETS[0]
        before = arrange(box, items)

        arrange(box, [*items, PRODUCTS["LAZ-MOK-250"]])

        assert arrange(box, items) == before


def _one_more(given: Basket) -> tuple[object, ...]:
    middle = len(given.items) // 2
    return tuple(
        replace(item, quantity=item.quantity + 1) if n == middle else item
        for n, item in enumerate(given.items)
    )


def _compared(edits: Sequence[tuple[tuple, Basket]]) -> tuple[float, float]:
    """The share of pairs that keep their left-right order, and the millimetres a product moves."""
    kept: list[bool] = []
    moved: list[float] = []
    for before, (box, items) in edits:
        old, new = (
            {p.sku: p.x + p.width / 2 for p in arrange(box, some)} for some in (before, items)
        )
        stayed = sorted(old.keys() & new.keys() - {""})
        moved += [abs(old[sku] - new[sku]) for sku in stayed]
        kept += [
            (old[one] < old[other]) == (new[one] < new[other])
            for n, one in enumerate(stayed)
            for other in stayed[n + 1 :]
        ]
    return mean(kept), mean(moved)
