"""What the drawings need to know of a product and of a box: identity and millimetres."""

from dataclasses import dataclass
from enum import StrEnum

from gifting.core.fit import Posture, Size, posture_of

FRONT_VIEW_FROM_MM = 180


@dataclass(frozen=True, slots=True)
class Shape:
    """One product as it is drawn. `height_mm` is measured with the product standing."""

    sku: str
    name: str
    category: str
    length_mm: int
    width_mm: int
    height_mm: int
    quantity: int = 1

    @property
    def size(self) -> Size:
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def posture(self) -> Posture:
        return posture_of(self.category, *self.size)


class BoxKind(StrEnum):
    CARTON = "carton"
    TRAY = "tray"
    CRATE = "crate"
    SACK = "sack"


@dataclass(frozen=True, slots=True)
class BoxShape:
    """A box by its inner size.

    Cartons lower than 180 mm are seen from above: a bottle lies flat in them anyway, and a front
    view would show a thin slice of everything.
    """

    sku: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def inner(self) -> Size:
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def kind(self) -> BoxKind:
        if self.sku.upper().startswith("CRATE"):
            return BoxKind.CRATE
        if self.sku.upper().startswith("SACK"):
            return BoxKind.SACK
        return BoxKind.CARTON if self.height_mm >= FRONT_VIEW_FROM_MM else BoxKind.TRAY

    @property
    def from_above(self) -> bool:
        return self.kind is BoxKind.TRAY

    @property
    def depth_mm(self) -> int:
        """Millimetres from the lid line to the floor of the picture."""
        return self.width_mm if self.from_above else self.height_mm

    @property
    def lip_mm(self) -> int:
        """Millimetres of the picture's bottom hidden by the front lip."""
        return _LIP_MM[self.kind]


_LIP_MM = {BoxKind.CARTON: 36, BoxKind.CRATE: 40, BoxKind.SACK: 52, BoxKind.TRAY: 0}
