"""What the rest of the house may know of a product, a box, an extra: frozen, priced for a day."""

from dataclasses import dataclass
from decimal import Decimal

from gifting.core.diet import DietFacts
from gifting.core.drawing import BoxShape, Shape
from gifting.core.fit import BoxSize, Packable, posture_of
from gifting.core.vat import VatClass


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name in both languages."""

    name_it: str
    name_en: str

    def name(self, locale: str) -> str:
        return self.name_en if locale == "en" else self.name_it


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts(Named):
    """A product as it stands on one day.

    Not on sale (`is_on_sale`) is also what has no price or VAT rate that day, and food whose
    label nobody has confirmed. Without a price `list_net` and `cost_net` are 0, without a rate
    `vat` is the ordinary one: only to be shown as «not on sale», never to be sold.
    `available` is what is on hand and not reserved; `work_minutes` is an estimate.
    """

    id: int
    sku: str
    category: str
    producer_slug: str
    producer_name: str
    city: str
    region: str
    length_mm: int
    width_mm: int
    height_mm: int
    gross_weight_g: int
    list_net: Decimal
    cost_net: Decimal
    vat: VatClass
    allergens: frozenset[str] | None
    dietary: frozenset[str] | None
    is_food: bool
    lead_time_days: int
    season: str
    work_minutes: int
    available: int
    is_on_sale: bool

    @property
    def label_facts(self) -> DietFacts:
        return DietFacts(self.is_food, self.allergens, self.dietary)

    def packable(self, quantity: int = 1) -> Packable:
        return Packable(
            sku=self.sku,
            name=self.name_it,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            weight_g=self.gross_weight_g,
            posture=posture_of(self.category, self.length_mm, self.width_mm, self.height_mm),
            quantity=quantity,
        )

    def shape(self, quantity: int = 1) -> Shape:
        return Shape(
            sku=self.sku,
            name=self.name_it,
            category=self.category,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            quantity=quantity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFacts(Named):
    """An empty box; `cost_net` None is «not known»."""

    id: int
    sku: str
    length_mm: int
    width_mm: int
    height_mm: int
    max_weight_g: int
    tare_g: int
    material: str
    list_net: Decimal
    cost_net: Decimal | None
    vat: VatClass
    is_on_sale: bool

    @property
    def size(self) -> BoxSize:
        return BoxSize(
            sku=self.sku,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            max_weight_g=self.max_weight_g,
            tare_g=self.tare_g,
        )

    @property
    def shape(self) -> BoxShape:
        return BoxShape(
            sku=self.sku,
            name=self.name_it,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraFacts(Named):
    """Something added to every hamper; `cost_net` None is «not known»."""

    id: int
    sku: str
    kind: str
    list_net: Decimal
    cost_net: Decimal | None
    setup_fee_net: Decimal
    min_quantity: int
    lead_time_days: int
    vat: VatClass
    note_it: str
    is_on_sale: bool
