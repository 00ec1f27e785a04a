"""The content of a revision as the core prices it and as pages show it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from gifting.catalogue import queries as catalogue
from gifting.catalogue.queries import BoxFacts, ProductFacts
from gifting.core.gift_meter import GiftMeter
from gifting.core.money import to_cents
from gifting.core.pricing import (
    Charge,
    Component,
    ComponentKind,
    PricedDocument,
    PricedHamper,
    margin_percent,
)
from gifting.core.vat import ZERO, VatBreakdown, VatClass
from gifting.core.work import estimated_hours
from gifting.quotes.models import QuoteComponent, QuoteHamper, QuoteRevision


def priced_document(revision: QuoteRevision, *, locale: str = "it") -> PricedDocument:
    """Price a revision from its own rows; the price list is never read again."""
    return PricedDocument(
        tuple(priced_hamper(hamper, locale=locale) for hamper in revision.hampers),
        tuple(Charge(charge.description, charge.net) for charge in revision.charges),
    )


def priced_hamper(hamper: QuoteHamper, *, locale: str = "it") -> PricedHamper:
    """Price a hamper of a revision from its own rows."""
    return PricedHamper(
        hamper.name,
        hamper.quantity,
        tuple(_component(component, locale) for component in hamper.components),
        hamper.own_unit_net,
    )


def _component(row: QuoteComponent, locale: str) -> Component:
    return Component(
        kind=row.kind,
        sku=row.sku,
        name=name_of(row, locale),
        quantity=row.quantity,
        list_net=row.list_net,
        discount=row.discount,
        vat=VatClass(row.vat_rate, row.vat_nature),
        setup_fee_net=row.setup_fee_net,
    )


def name_of(component: QuoteComponent, locale: str) -> str:
    """Name a component in the reader's language."""
    return component.name_en if locale == "en" else component.name_it


def cost_of(hamper: QuoteHamper) -> Decimal | None:
    """Return what the products of one hamper cost us; None if that is not known of one of them."""
    total = Decimal(0)
    for component in hamper.components:
        if component.kind is ComponentKind.PRODUCT:
            if component.cost_net is None:
                return None
            total += component.cost_net * component.quantity
    return total


def hours_of(revision: QuoteRevision) -> int:
    """Return the estimated hours of work in all hampers of a revision."""
    return sum(estimated_hours(h.work_minutes, h.quantity) for h in revision.hampers)


def makers_of(revision: QuoteRevision) -> tuple[str, ...]:
    """Name who makes the products of a revision, each once."""
    return tuple(
        dict.fromkeys(
            component.maker
            for hamper in revision.hampers
            for component in hamper.components
            if component.kind is ComponentKind.PRODUCT
        )
    )


def goods_net(priced: PricedHamper) -> Decimal:
    """Return what the products of one hamper are sold for: its price without box and extras."""
    return priced.unit_net - priced.accessories_net


def margin_of(revision: QuoteRevision) -> Decimal | None:
    """Return the margin on the products of all hampers in per cent; None if a cost is unknown."""
    net, cost = ZERO, Decimal(0)
    for hamper in revision.hampers:
        unit_cost = cost_of(hamper)
        if unit_cost is None:
            return None
        net += goods_net(priced_hamper(hamper)) * hamper.quantity
        cost += unit_cost * hamper.quantity
    return margin_percent(net, cost)


@dataclass(frozen=True, slots=True)
class Pictured:
    """What drawings of a revision are made from: products and boxes still in the catalogue."""

    products: dict[str, ProductFacts]
    boxes: dict[str, BoxFacts]
    extra_kinds: dict[str, str]


def pictured(revisions: list[QuoteRevision], *, on: date) -> Pictured:
    """Look up what revisions contain: three questions, however many hampers."""
    skus = {
        component.sku
        for revision in revisions
        for hamper in revision.hampers
        for component in hamper.components
        if component.kind is ComponentKind.PRODUCT
    }
    products = catalogue.get_products_by_sku(skus, on=on)
    return Pictured(
        products,
        {box.sku: box for box in catalogue.list_boxes()},
        {extra.sku: extra.kind for extra in catalogue.list_extras()},
    )


@dataclass(frozen=True)
class LineView:
    """A product, box or extra as a page lists it. `vat` None: it follows the goods.

    `product`, `box` and `extra_kind` are its entry in today's catalogue, for the drawing only.
    """

    id: int
    kind: ComponentKind
    sku: str
    name: str
    maker: str
    quantity: int
    vat: VatClass | None
    list_net: Decimal
    discount: Decimal
    unit_net: Decimal
    setup_fee_net: Decimal
    hampers: int
    product: ProductFacts | None
    box: BoxFacts | None
    extra_kind: str

    @property
    def pieces(self) -> int:
        return self.quantity * self.hampers

    @property
    def net(self) -> Decimal:
        """All pieces of all hampers, without the set-up fee."""
        return self.unit_net * self.pieces


@dataclass(frozen=True)
class HamperView:
    """A hamper of a revision as a page shows it."""

    id: int
    priced: PricedHamper
    lines: tuple[LineView, ...]
    box: BoxFacts | None
    work_minutes: int
    meter: GiftMeter

    @property
    def name(self) -> str:
        return self.priced.name

    @property
    def quantity(self) -> int:
        return self.priced.quantity

    @cached_property
    def hours(self) -> int:
        """Estimated hours of work in all copies."""
        return estimated_hours(self.work_minutes, self.quantity)

    @property
    def products(self) -> tuple[LineView, ...]:
        return tuple(line for line in self.lines if line.kind is ComponentKind.PRODUCT)

    @property
    def discounts(self) -> tuple[Decimal, ...]:
        """The different discounts of its lines, smallest first."""
        return tuple(sorted({line.discount for line in self.lines}))


def hamper_views(
    revision: QuoteRevision, document: PricedDocument, pictures: Pictured, *, locale: str
) -> tuple[HamperView, ...]:
    """Show every hamper of a revision with its lines."""
    freight_net, freight_gross = charges_per_hamper(document)
    return tuple(
        HamperView(
            id=hamper.id,
            priced=priced,
            lines=tuple(_line(row, priced, pictures, locale=locale) for row in hamper.components),
            box=pictures.boxes.get(hamper.box_sku),
            work_minutes=hamper.work_minutes,
            meter=GiftMeter.of(
                net=priced.unit_net,
                gross=priced.unit_gross,
                freight_net=freight_net,
                freight_gross=freight_gross,
            ),
        )
        for hamper, priced in zip(revision.hampers, document.hampers, strict=True)
    )


def charges_per_hamper(document: PricedDocument) -> tuple[Decimal, Decimal]:
    """Return each hamper's equal share of the charges, net and gross; rounded, so only shown."""
    if not document.charges:
        return ZERO, ZERO
    gross = VatBreakdown.of(document.charges_split).gross
    return document.charges_per_hamper, to_cents(gross / document.hampers_count)


def _line(
    row: QuoteComponent, hamper: PricedHamper, pictures: Pictured, *, locale: str
) -> LineView:
    component = _component(row, locale)
    return LineView(
        id=row.id,
        kind=row.kind,
        sku=row.sku,
        name=component.name,
        maker=row.maker,
        quantity=row.quantity,
        vat=component.vat if component in hamper.goods else None,
        list_net=row.list_net,
        discount=row.discount,
        unit_net=component.unit_net,
        setup_fee_net=row.setup_fee_net,
        hampers=hamper.quantity,
        product=pictures.products.get(row.sku),
        box=pictures.boxes.get(row.sku),
        extra_kind=pictures.extra_kinds.get(row.sku, ""),
    )
