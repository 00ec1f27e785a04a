"""One calculation of price and VAT for builder, quote, order and invoice.

A unit price after its discount is rounded to the cent and shown; a line is that
unit times the quantity, so what people see multiplies. Boxes and extras follow
the VAT of the goods (art. 12 DPR 633/72); a hamper with its own price is split
over its contents' classes by list price, largest remainder (Circ. Min. Fin.
19/1992); VAT is rounded once per class on the whole document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import chain

from gifting.core.money import HUNDRED, is_whole_cents, percent_off, to_cents
from gifting.core.vat import ZERO, VatBreakdown, VatClass, add_by_class, apportion


class ComponentKind(StrEnum):
    PRODUCT = "product"
    BOX = "box"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `min_quantity` hampers on, unit prices are lowered by `discount` per cent."""

    min_quantity: int
    discount: Decimal


def break_for(breaks: Sequence[PriceBreak], quantity: int) -> PriceBreak | None:
    reached = [step for step in breaks if step.min_quantity <= quantity]
    return max(reached, key=lambda step: step.min_quantity, default=None)


def next_break(breaks: Sequence[PriceBreak], quantity: int) -> PriceBreak | None:
    ahead = [step for step in breaks if step.min_quantity > quantity]
    return min(ahead, key=lambda step: step.min_quantity, default=None)


@dataclass(frozen=True, slots=True)
class Component:
    """Something in a hamper. `quantity` is per hamper; `discount` in per cent.

    The discount lowers the unit price of products, box and extras alike, never
    the set-up fee, which is owed once per hamper line. `vat` is the class the
    component has on its own; a box or an extra uses it only in a hamper without
    goods.
    """

    kind: ComponentKind
    sku: str
    name: str
    quantity: int
    list_net: Decimal
    discount: Decimal
    vat: VatClass
    setup_fee_net: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"{self.sku}: quantity must be at least 1")
        if not 0 <= self.discount <= HUNDRED:
            raise ValueError(f"{self.sku}: discount must be between 0 and 100")
        for amount in (self.list_net, self.setup_fee_net):
            _check_price(amount)

    @property
    def is_goods(self) -> bool:
        return self.kind is ComponentKind.PRODUCT

    @property
    def unit_net(self) -> Decimal:
        return percent_off(self.list_net, self.discount)

    @property
    def net_per_hamper(self) -> Decimal:
        return self.unit_net * self.quantity

    @property
    def list_net_per_hamper(self) -> Decimal:
        return self.list_net * self.quantity


@dataclass(frozen=True)
class PricedHamper:
    """A number of equal hampers. `own_unit_net`, if given, is the price of one, box included."""

    name: str
    quantity: int
    components: tuple[Component, ...]
    own_unit_net: Decimal | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"{self.name}: quantity must be at least 1")
        if not self.components:
            raise ValueError(f"{self.name}: a hamper has contents")
        if self.own_unit_net is not None:
            _check_price(self.own_unit_net)

    @cached_property
    def goods(self) -> tuple[Component, ...]:
        """What decides the VAT: the products, or everything in a hamper without products."""
        return tuple(c for c in self.components if c.is_goods) or self.components

    @cached_property
    def accessories(self) -> tuple[Component, ...]:
        """The box and the extras of a hamper with products."""
        return tuple(c for c in self.components if c not in self.goods)

    @cached_property
    def goods_net(self) -> Decimal:
        """Net of the goods in one hamper at their discounted prices."""
        return sum((c.net_per_hamper for c in self.goods), ZERO)

    @cached_property
    def accessories_net(self) -> Decimal:
        """Net of box and extras in one hamper at their discounted prices."""
        return sum((c.net_per_hamper for c in self.accessories), ZERO)

    @cached_property
    def unit_net(self) -> Decimal:
        if self.own_unit_net is not None:
            return to_cents(self.own_unit_net)
        return self.goods_net + self.accessories_net

    @cached_property
    def list_unit_net(self) -> Decimal:
        """What one hamper would cost without discounts and without a price of its own."""
        return sum((c.list_net_per_hamper for c in self.components), ZERO)

    @cached_property
    def unit_split(self) -> dict[VatClass, Decimal]:
        """The price of one hamper by VAT class; adds up to `unit_net`."""
        by_list = _by_class((c.vat, c.list_net_per_hamper) for c in self.goods)
        if self.own_unit_net is not None:
            return _spread(self.unit_net, by_list)
        by_price = _by_class((c.vat, c.net_per_hamper) for c in self.goods)
        return add_by_class(by_price, _spread(self.accessories_net, by_price, by_list))

    @cached_property
    def setup_fees_net(self) -> Decimal:
        """All set-up fees, owed once however many hampers are made."""
        return sum((c.setup_fee_net for c in self.components), ZERO)

    @cached_property
    def setup_split(self) -> dict[VatClass, Decimal]:
        by_list = _by_class((c.vat, c.list_net_per_hamper) for c in self.goods)
        return _spread(self.setup_fees_net, self.unit_split, by_list)

    @property
    def net(self) -> Decimal:
        return self.unit_net * self.quantity + self.setup_fees_net

    @cached_property
    def net_split(self) -> dict[VatClass, Decimal]:
        return add_by_class(self.hampers_split, self.setup_split)

    @cached_property
    def hampers_split(self) -> dict[VatClass, Decimal]:
        """All hampers of the line by VAT class, without set-up fees."""
        return {vat: net * self.quantity for vat, net in self.unit_split.items()}

    @cached_property
    def unit_breakdown(self) -> VatBreakdown:
        """VAT of one hamper, to show; a document rounds on its own totals."""
        return VatBreakdown.of(self.unit_split)

    @property
    def unit_gross(self) -> Decimal:
        return self.unit_breakdown.gross


@dataclass(frozen=True, slots=True)
class Charge:
    """Freight or a service for the whole document. Negative: a reduction."""

    description: str
    net: Decimal

    def __post_init__(self) -> None:
        if not is_whole_cents(self.net):
            raise ValueError(f"{self.description}: {self.net} is not whole cents")


@dataclass(frozen=True)
class PricedDocument:
    """Hampers and accessory charges with their totals, the same for every document."""

    hampers: tuple[PricedHamper, ...]
    charges: tuple[Charge, ...] = ()

    def __post_init__(self) -> None:
        if self.charges and not self.hampers:
            raise ValueError("charges are accessory: they need hampers to follow")

    @cached_property
    def hampers_split(self) -> dict[VatClass, Decimal]:
        """Hampers and their set-up fees by VAT class."""
        return add_by_class(*(hamper.net_split for hamper in self.hampers))

    @cached_property
    def hampers_net(self) -> Decimal:
        return sum((hamper.net for hamper in self.hampers), ZERO)

    @cached_property
    def charges_net(self) -> Decimal:
        return sum((charge.net for charge in self.charges), ZERO)

    @cached_property
    def charges_split(self) -> dict[VatClass, Decimal]:
        return add_by_class(*(self.split_charge(charge) for charge in self.charges))

    def split_charge(self, charge: Charge) -> dict[VatClass, Decimal]:
        """Spread one charge over the document's classes, in proportion to the hampers' nets."""
        return _spread(to_cents(charge.net), self.hampers_split)

    @cached_property
    def breakdown(self) -> VatBreakdown:
        return VatBreakdown.of(add_by_class(self.hampers_split, self.charges_split))

    @property
    def net(self) -> Decimal:
        return self.breakdown.net

    @property
    def vat(self) -> Decimal:
        return self.breakdown.tax

    @property
    def gross(self) -> Decimal:
        return self.breakdown.gross

    @property
    def hampers_count(self) -> int:
        return sum(hamper.quantity for hamper in self.hampers)

    @property
    def charges_per_hamper(self) -> Decimal:
        """Each hamper's equal share of the charges, for the 50 € meter; rounded, so only shown."""
        return to_cents(self.charges_net / self.hampers_count) if self.hampers else ZERO


class LineKind(StrEnum):
    HAMPER = "hamper"
    SETUP = "setup"
    CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of an invoice, of one VAT class.

    `description` is the hamper's name, or the charge's own words. `components`
    names the goods of this class (or what the set-up fees are for), with their
    quantity when it is more than one; `accessories` the box and extras whose
    price is spread over all lines of the hamper. `net` is `unit_net` × `quantity`.
    """

    description: str
    hamper_index: int | None
    kind: LineKind
    quantity: int
    unit_net: Decimal
    net: Decimal
    vat: VatClass
    is_accessory: bool
    components: tuple[str, ...] = ()
    accessories: tuple[str, ...] = ()


def document_lines(document: PricedDocument) -> tuple[DocumentLine, ...]:
    """List the lines of an invoice: per class they add up to the breakdown's rows exactly.

    One line per (hamper, VAT class), then set-up fees and charges per class.
    Lines that come to nothing are left out; goods given free inside a hamper are
    named on its first line.
    """
    return tuple(
        chain(
            *(_hamper_lines(i, hamper) for i, hamper in enumerate(document.hampers)),
            *(_setup_lines(i, hamper) for i, hamper in enumerate(document.hampers)),
            *(_charge_lines(document, charge) for charge in document.charges),
        )
    )


def margin_percent(net: Decimal, cost: Decimal) -> Decimal | None:
    """Margin on the selling price in per cent, two decimals; None when nothing is charged."""
    return to_cents((net - cost) / net * HUNDRED) if net > 0 else None


def _hamper_lines(index: int, hamper: PricedHamper) -> Iterable[DocumentLine]:
    priced = [vat for vat, net in hamper.unit_split.items() if net] or list(hamper.unit_split)[:1]
    for vat in priced:
        is_first = vat == priced[0]
        yield DocumentLine(
            description=hamper.name,
            hamper_index=index,
            kind=LineKind.HAMPER,
            quantity=hamper.quantity,
            unit_net=hamper.unit_split[vat],
            net=hamper.hampers_split[vat],
            vat=vat,
            is_accessory=False,
            components=tuple(
                _name(c) for c in hamper.goods if c.vat == vat or (is_first and c.vat not in priced)
            ),
            accessories=tuple(_name(c) for c in hamper.accessories),
        )


def _setup_lines(index: int, hamper: PricedHamper) -> Iterable[DocumentLine]:
    paid_for = tuple(c.name for c in hamper.components if c.setup_fee_net)
    for vat, net in hamper.setup_split.items():
        if net:
            yield DocumentLine(
                description=hamper.name,
                hamper_index=index,
                kind=LineKind.SETUP,
                quantity=1,
                unit_net=net,
                net=net,
                vat=vat,
                is_accessory=True,
                components=paid_for,
            )


def _charge_lines(document: PricedDocument, charge: Charge) -> Iterable[DocumentLine]:
    for vat, net in document.split_charge(charge).items():
        if net:
            yield DocumentLine(
                description=charge.description,
                hamper_index=None,
                kind=LineKind.CHARGE,
                quantity=1,
                unit_net=net,
                net=net,
                vat=vat,
                is_accessory=True,
            )


def _name(component: Component) -> str:
    if component.quantity == 1:
        return component.name
    return f"{component.quantity} × {component.name}"


def _by_class(amounts: Iterable[tuple[VatClass, Decimal]]) -> dict[VatClass, Decimal]:
    return add_by_class(*({vat: amount} for vat, amount in amounts))


def _spread(amount: Decimal, *candidates: Mapping[VatClass, Decimal]) -> dict[VatClass, Decimal]:
    """Apportion over the first weights that are not all zero; evenly when goods are all free."""
    for weights in candidates:
        if any(weights.values()):
            return apportion(amount, weights)
    return apportion(amount, dict.fromkeys(candidates[0], Decimal(1)))


def _check_price(amount: Decimal) -> None:
    if amount < 0 or not is_whole_cents(amount):
        raise ValueError(f"a price is whole cents and not negative: {amount}")
