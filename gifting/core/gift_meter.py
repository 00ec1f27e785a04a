"""Where a hamper stands against the 50 € limit for business gifts.

Source: art. 19-bis1 c. 1 lett. h) DPR 633/72 (VAT on gifts to clients is
deductible up to a unit cost of 50 €) and Circ. 34/E/2009 (the test is on the
whole gift to one recipient, never on the single product). The cost is net of
deductible VAT with accessory charges included; a buyer who cannot deduct counts
it gross. This shows the number and the rule; it is no advice.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

GIFT_LIMIT = Decimal("50.00")


class GiftState(StrEnum):
    SAFE = "safe"
    """Within the limit whether or not the buyer deducts VAT."""
    ASK = "ask"
    """Within the limit only for a buyer who deducts VAT."""
    OVER = "over"


def gift_state(net_with_accessories: Decimal, gross: Decimal) -> GiftState:
    """Compare the cost of one gift with the limit; exactly 50.00 is within it.

    Both amounts include the accessory charges known so far (box, extras, freight).
    """
    if net_with_accessories > GIFT_LIMIT:
        return GiftState.OVER
    return GiftState.SAFE if gross <= GIFT_LIMIT else GiftState.ASK


@dataclass(frozen=True, slots=True)
class GiftMeter:
    """One gift's cost: `net` of the hamper, `net_with_freight`, and `gross` with freight."""

    net: Decimal
    net_with_freight: Decimal
    gross: Decimal
    state: GiftState

    @classmethod
    def of(
        cls,
        *,
        net: Decimal,
        gross: Decimal,
        freight_net: Decimal = Decimal("0.00"),
        freight_gross: Decimal = Decimal("0.00"),
    ) -> Self:
        """Measure a hamper and its share of the freight, both already in whole cents."""
        net_with_freight = net + freight_net
        gross_with_freight = gross + freight_gross
        state = gift_state(net_with_freight, gross_with_freight)
        return cls(net, net_with_freight, gross_with_freight, state)
