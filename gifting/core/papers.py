"""What the printed documents show: frozen facts, never markup, and totals that add up.

Rows become these view-models in a slice's `documents`; `pdf_templates/` writes them out. Names
are already in the reader's language, amounts are Decimals in euro, dates are dates: the words
around them and their format belong to the template.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from gifting.core.drawing.shapes import BoxShape, Shape
from gifting.core.pricing import Charge, ComponentKind, PricedHamper
from gifting.core.vat import ZERO, TotalsDoNotAddUp, VatBreakdown, VatClass


class Delivery(StrEnum):
    """Where the hampers go, as quotes name it."""

    ONE_ADDRESS = "one_address"
    SITES = "sites"
    HOMES = "homes"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer as documents name it. An invoice keeps it as `asdict` and reads `Party(**kept)`."""

    name: str
    street: str
    cap: str
    city: str
    province: str
    country: str = "IT"
    vat_number: str = ""
    tax_code: str = ""
    sdi_code: str = ""
    pec: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """The consortium as documents name it; `is_sample` makes every page say so."""

    name: str
    street: str
    cap: str
    city: str
    province: str
    vat_number: str
    tax_code: str
    register: str
    iban: str
    bank_name: str
    bic: str = ""
    pec: str = ""
    email: str = ""
    phone: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class BoxDrawing:
    """What the picture of a hamper is drawn from."""

    box: BoxShape
    items: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperComponent:
    """A product, box or extra in a hamper; `quantity` is per hamper.

    `vat` None: an accessory, which follows the VAT of the goods. A product is drawn from its
    `shape`, an extra by its `extra_kind`.
    """

    name: str
    maker: str
    quantity: int
    list_net: Decimal
    unit_net: Decimal
    vat: VatClass | None
    kind: ComponentKind = ComponentKind.PRODUCT
    discount: Decimal = ZERO
    setup_fee_net: Decimal = ZERO
    shape: Shape | None = None
    extra_kind: str = ""

    @property
    def list_net_per_hamper(self) -> Decimal:
        return self.list_net * self.quantity

    @property
    def net_per_hamper(self) -> Decimal:
        return self.unit_net * self.quantity


@dataclass(frozen=True, slots=True)
class PaperHamper:
    """A hamper in a number of equal copies, as an offer or a confirmation lists it.

    `has_own_price`: `unit_net` was agreed for the whole, so the contents need not add up to it.

    :raises TotalsDoNotAddUp: if contents, price and net contradict each other
    """

    name: str
    quantity: int
    box_name: str
    components: tuple[PaperComponent, ...]
    unit_net: Decimal
    unit_gross: Decimal
    net: Decimal
    vat_classes: tuple[VatClass, ...]
    work_minutes: int = 0
    has_own_price: bool = False
    drawing: BoxDrawing | None = None

    def __post_init__(self) -> None:
        if not self.has_own_price:
            _check(self.name, self.unit_net, (c.net_per_hamper for c in self.components))
        _check(self.name, self.net, (self.hampers_net, self.setup_fees_net))

    @classmethod
    def of(
        cls,
        hamper: PricedHamper,
        *,
        box_name: str,
        makers: Mapping[str, str],
        extra_kinds: Mapping[str, str] = MappingProxyType({}),
        work_minutes: int = 0,
        drawing: BoxDrawing | None = None,
    ) -> Self:
        """Take over a priced hamper; `makers` names who makes each SKU, `extra_kinds` its kind.

        What the drawing shows in the box is also drawn beside each product.
        """
        shapes = {shape.sku: shape for shape in drawing.items} if drawing else {}
        return cls(
            name=hamper.name,
            quantity=hamper.quantity,
            box_name=box_name,
            components=tuple(
                PaperComponent(
                    name=c.name,
                    maker=makers.get(c.sku, ""),
                    quantity=c.quantity,
                    list_net=c.list_net,
                    unit_net=c.unit_net,
                    vat=c.vat if c in hamper.goods else None,
                    kind=c.kind,
                    discount=c.discount,
                    setup_fee_net=c.setup_fee_net,
                    shape=shapes.get(c.sku),
                    extra_kind=extra_kinds.get(c.sku, ""),
                )
                for c in hamper.components
            ),
            unit_net=hamper.unit_net,
            unit_gross=hamper.unit_gross,
            net=hamper.net,
            vat_classes=tuple(vat for vat, net in sorted(hamper.net_split.items()) if net),
            work_minutes=work_minutes,
            has_own_price=hamper.own_unit_net is not None,
            drawing=drawing,
        )

    @property
    def hampers_net(self) -> Decimal:
        """All copies, without set-up fees."""
        return self.unit_net * self.quantity

    @property
    def setup_fees_net(self) -> Decimal:
        return sum((c.setup_fee_net for c in self.components), ZERO)

    @property
    def list_unit_net(self) -> Decimal:
        return sum((c.list_net_per_hamper for c in self.components), ZERO)

    @property
    def contents_unit_net(self) -> Decimal:
        """The contents at their own prices: what `unit_net` is when it was not agreed."""
        return sum((c.net_per_hamper for c in self.components), ZERO)


@dataclass(frozen=True, slots=True)
class Contents:
    """What all hampers and charges of a document come to.

    :raises TotalsDoNotAddUp: if they do not add up to the net of the VAT summary
    """

    hampers: tuple[PaperHamper, ...]
    charges: tuple[Charge, ...]
    totals: VatBreakdown

    def __post_init__(self) -> None:
        parts = [hamper.net for hamper in self.hampers] + [charge.net for charge in self.charges]
        _check("document", self.totals.net, parts)

    @property
    def hampers_count(self) -> int:
        return sum(hamper.quantity for hamper in self.hampers)


@dataclass(frozen=True, slots=True, kw_only=True)
class HampersPaper:
    """What an offer and the confirmation of its order have in common."""

    reference: str
    revision: int
    title: str
    seller: Seller
    buyer: Party
    contact_name: str
    contents: Contents
    delivery: Delivery
    payment_terms_days: int
    hours_estimate: int
    delivery_on: date | None = None
    delivery_note: str = ""
    purchase_order_number: str = ""
    salesperson: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPaper(HampersPaper):
    """One sent revision of a quote. A proposal: it is no tax document."""

    issued_on: date
    valid_until: date
    message: str = ""


@dataclass(frozen=True, slots=True)
class PaperAcceptance:
    """Who accepted, when, and the SHA-256 of exactly the offer they accepted."""

    name: str
    role: str
    accepted_at: datetime
    pdf_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmationPaper(HampersPaper):
    """What was accepted, with the acceptance that made it an order."""

    quote_reference: str
    placed_on: date
    acceptance: PaperAcceptance


@dataclass(frozen=True, slots=True)
class PaperInvoiceLine:
    """A line of one VAT class.

    :raises TotalsDoNotAddUp: if quantity times price is not the net
    """

    description: str
    quantity: int
    unit_net: Decimal
    net: Decimal
    vat: VatClass
    is_accessory: bool = False

    def __post_init__(self) -> None:
        _check(self.description, self.net, (self.unit_net * self.quantity,))


@dataclass(frozen=True, slots=True)
class MadeProduct:
    """A product and who made it; `quantity` is per hamper."""

    name: str
    maker: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class HamperContents:
    """What is in one hamper of an invoice, without prices."""

    name: str
    quantity: int
    products: tuple[MadeProduct, ...]


@dataclass(frozen=True, slots=True)
class PaperPayment:
    """A bank transfer to make: also what the payment QR code says."""

    beneficiary: str
    iban: str
    amount: Decimal
    reference: str
    bank_name: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An issued invoice. `is_courtesy_copy`: its electronic original went to the SdI.

    :raises TotalsDoNotAddUp: if the lines of a VAT class do not add up to its row
    """

    number: str
    issued_on: date
    due_on: date
    payment_terms_days: int
    seller: Seller
    buyer: Party
    order_reference: str
    lines: tuple[PaperInvoiceLine, ...]
    totals: VatBreakdown
    payment: PaperPayment
    quote_reference: str = ""
    purchase_order_number: str = ""
    hampers: tuple[HamperContents, ...] = ()
    is_courtesy_copy: bool = False
    notice: str = ""

    def __post_init__(self) -> None:
        nets: dict[VatClass, Decimal] = {}
        for line in self.lines:
            nets[line.vat] = nets.get(line.vat, ZERO) + line.net
        if {vat: net for vat, net in nets.items() if net} != self.totals.nets:
            raise TotalsDoNotAddUp(f"{self.number}: lines and VAT summary differ")
        if self.payment.amount > self.totals.gross:
            raise TotalsDoNotAddUp(f"{self.number}: more to pay than the total")


@dataclass(frozen=True, slots=True)
class WorkshopHours:
    """Estimated hours of work in one workshop; `shape` is of what it made most of."""

    name: str
    city: str
    hours: int
    shape: Shape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactPaper:
    """The hours of work in an order: an estimate, which says so and where its method is told.

    :raises TotalsDoNotAddUp: if the workshops' hours are not those of the order
    """

    order_reference: str
    title: str
    seller: Seller
    buyer_name: str
    issued_on: date
    hampers_count: int
    hours: int
    workshops: tuple[WorkshopHours, ...]
    method_link: str

    def __post_init__(self) -> None:
        _check(
            self.order_reference,
            Decimal(self.hours),
            (Decimal(workshop.hours) for workshop in self.workshops),
        )


Paper = OfferPaper | OrderConfirmationPaper | InvoicePaper | ImpactPaper


def _check(name: str, total: Decimal, parts: Iterable[Decimal]) -> None:
    added = sum(parts, ZERO)
    if added != total:
        raise TotalsDoNotAddUp(f"{name}: {added} is not {total}")
