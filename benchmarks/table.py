"""The rows of the table: a figure, its floor, the ratio of the two, and what was promised."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """What a value may be: no less than `least`, no more than `most`; `unit` is shown after it."""

    least: float | None = None
    most: float | None = None
    unit: str = ""

    def allows(self, value: float) -> bool:
        """Tell whether the promise is kept."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def __str__(self) -> str:
        sign, bound = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return "" if bound is None else f"{sign} {bound:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `judged` is the value that the budget is about, usually figure to floor."""

    name: str
    figure: str
    floor: str
    judged: float
    budget: Budget
    more: str = ""

    @property
    def is_met(self) -> bool:
        return self.budget.allows(self.judged)

    def cells(self) -> tuple[str, ...]:
        """Return what the table shows."""
        judged = f"{self.judged:.2f}{self.budget.unit}"
        verdict = "ok" if self.is_met else "MISSED"
        return (self.name, self.figure, self.floor, judged, str(self.budget), verdict, self.more)


HEAD = ("benchmark", "figure", "floor", "ratio", "budget", "verdict", "more")


def draw(rows: Sequence[Row]) -> str:
    """Draw the rows as a table that is Markdown too."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    drawn = [_line(line, widths) for line in lines]
    return "\n".join([drawn[0], _line(["-" * width for width in widths], widths), *drawn[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(c.ljust(w) for c, w in zip(cells, widths, strict=True))} |"


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of 100 of all do not exceed (nearest rank).

    :raises ValueError: if there are none
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1]
