"""The shelf beside the box: every product with what one more of it would mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gifting.catalogue.queries import BoxFacts, ProductFacts
from gifting.core.fit import FitProblem, Packable, boxes_that_fit, can_add
from gifting.hampers.documents.composition import Composition, product_component


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A product on the shelf; `net` carries the quantity discount the hamper has now.

    `inside` pieces are in the box already. `problem` says why one more does not go in, and
    `way_out` the smallest box in which it would. `short_by` pieces are not in stock and
    have to be made first.
    """

    facts: ProductFacts
    net: Decimal
    inside: int
    short_by: int
    problem: FitProblem | None
    way_out: BoxFacts | None

    @property
    def is_addable(self) -> bool:
        return self.problem is None


def shelf_rows(
    products: Iterable[ProductFacts],
    composition: Composition,
    boxes: Mapping[int, BoxFacts],
    *,
    fitting_first: bool,
    limit: int,
) -> tuple[list[ShelfRow], int]:
    """List the first `limit` rows, and count the products that still fit.

    The order is the caller's; with `fitting_first` what still goes in comes before the rest.
    """
    judged = [(facts, _problem_of(composition, facts)) for facts in products]
    fitting = sum(problem is None for _, problem in judged)
    if fitting_first:
        judged.sort(key=lambda pair: pair[1] is not None)
    by_sku = {box.sku: box for box in boxes.values()}
    return [_row(composition, by_sku, *pair) for pair in judged[:limit]], fitting


def _problem_of(composition: Composition, facts: ProductFacts) -> FitProblem | None:
    """What speaks against one more piece, what is its own fault first."""
    report = can_add(composition.box.size, composition.packables, facts.packable(1))
    own = [problem for problem in report.problems if problem.sku == facts.sku]
    return next(iter([*own, *report.problems]), None)


def _row(
    composition: Composition,
    boxes: Mapping[str, BoxFacts],
    facts: ProductFacts,
    problem: FitProblem | None,
) -> ShelfRow:
    inside = next((n for held, n, _ in composition.lines if held.id == facts.id), 0)
    discount = composition.priced.components[-1].discount
    wanted = (inside or 1) * composition.quantity
    return ShelfRow(
        facts=facts,
        net=product_component(facts, 1, discount).unit_net,
        inside=inside,
        short_by=max(0, wanted - facts.available),
        problem=problem,
        way_out=_smallest(boxes, [*composition.packables, facts.packable(1)]) if problem else None,
    )


def _smallest(boxes: Mapping[str, BoxFacts], packables: list[Packable]) -> BoxFacts | None:
    fitting = boxes_that_fit([box.size for box in boxes.values()], packables)
    return boxes[fitting[0].sku] if fitting else None
