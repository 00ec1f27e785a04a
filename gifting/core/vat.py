"""VAT by (rate, nature), rounded once per class on the whole document.

Source: art. 21 c. 3 DPR 633/72 (amounts shown separately per rate) and art. 12
(accessory charges follow the goods they come with). The parts of a breakdown
add up to its totals to the cent, or it cannot be built.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from gifting.core.money import HUNDRED, is_whole_cents, split_in_proportion, to_cents

ZERO = Decimal("0.00")


class TotalsDoNotAddUp(ValueError):
    """A breakdown whose rows and totals contradict each other."""


@dataclass(frozen=True, order=True, slots=True)
class VatClass:
    """A VAT rate in per cent; rate 0 always carries its nature (`N3.1`, `N2.2`, …)."""

    rate: Decimal
    nature: str = ""

    def __post_init__(self) -> None:
        rate = to_cents(self.rate)
        if rate != self.rate or not 0 <= rate <= HUNDRED:
            raise ValueError(f"not a VAT rate in per cent: {self.rate}")
        if (rate == 0) != bool(self.nature):
            raise ValueError("a nature goes with rate 0, and rate 0 with a nature")
        object.__setattr__(self, "rate", rate)

    def tax_on(self, net: Decimal) -> Decimal:
        return to_cents(self.rate * net / HUNDRED)


@dataclass(frozen=True, slots=True)
class VatRow:
    vat: VatClass
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class VatBreakdown:
    """The VAT summary of a document: one row per class, in the order of the classes.

    :raises TotalsDoNotAddUp: if rows are repeated or out of order, an amount is
        not whole cents, a tax is not its rate times its net rounded half-up, or
        the totals are not the sums of the rows
    """

    rows: tuple[VatRow, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal

    def __post_init__(self) -> None:
        classes = [row.vat for row in self.rows]
        if classes != sorted(set(classes)):
            raise TotalsDoNotAddUp("rows must be one per class, in order")
        for row in self.rows:
            if not is_whole_cents(row.net) or row.tax != row.vat.tax_on(row.net):
                raise TotalsDoNotAddUp(f"tax {row.tax} is not {row.vat.rate}% of {row.net}")
        if (
            self.net != sum((row.net for row in self.rows), ZERO)
            or self.tax != sum((row.tax for row in self.rows), ZERO)
            or self.gross != self.net + self.tax
        ):
            raise TotalsDoNotAddUp(f"{self.net} + {self.tax} = {self.gross} is not the sum of rows")

    @classmethod
    def of(cls, nets: Mapping[VatClass, Decimal]) -> Self:
        """Compute the VAT of a whole document from its net by class; empty classes are dropped."""
        rows = tuple(
            VatRow(vat, to_cents(net), vat.tax_on(net)) for vat, net in sorted(nets.items()) if net
        )
        if any(row.net != nets[row.vat] for row in rows):
            raise TotalsDoNotAddUp("nets must be whole cents")
        net = sum((row.net for row in rows), ZERO)
        tax = sum((row.tax for row in rows), ZERO)
        return cls(rows, net, tax, net + tax)

    @classmethod
    def empty(cls) -> Self:
        return cls((), ZERO, ZERO, ZERO)

    @property
    def nets(self) -> dict[VatClass, Decimal]:
        return {row.vat: row.net for row in self.rows}


def apportion(amount: Decimal, over: Mapping[VatClass, Decimal]) -> dict[VatClass, Decimal]:
    """Spread an accessory charge over VAT classes in proportion to their nets (art. 12).

    Largest remainder to the cent; on a tie the lower class gets the cent.

    :raises ValueError: if the nets add up to zero or one is negative
    """
    classes = sorted(over)
    return dict(
        zip(classes, split_in_proportion(amount, [over[vat] for vat in classes]), strict=True)
    )


def add_by_class(*splits: Mapping[VatClass, Decimal]) -> dict[VatClass, Decimal]:
    """Add amounts class by class, in the order of the classes."""
    classes: Iterable[VatClass] = sorted({vat for split in splits for vat in split})
    return {vat: sum((split.get(vat, ZERO) for split in splits), ZERO) for vat in classes}
