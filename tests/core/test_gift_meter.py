from decimal import Decimal

import pytest

from gifting.core.gift_meter import GiftMeter, GiftState, gift_state


class TestGiftState:
    @pytest.mark.parametrize(
        ("net", "gross", "state"),
        [
            ("40.50", "46.03", GiftState.SAFE),
            ("45.45", "50.00", GiftState.SAFE),
            ("45.46", "50.01", GiftState.ASK),
            ("50.00", "55.00", GiftState.ASK),
            ("50.01", "55.01", GiftState.OVER),
        ],
    )
    def test_tells_three_cases_apart_at_the_cent(
        self, net: str, gross: str, state: GiftState
    ) -> None:
        assert gift_state(Decimal(net), Decimal(gross)) is state


class TestGiftMeter:
    def test_freight_counts_in_the_cost(self) -> None:
        alone = GiftMeter.of(net=Decimal("48.00"), gross=Decimal("49.92"))
        sent = GiftMeter.of(
            net=Decimal("48.00"),
            gross=Decimal("49.92"),
            freight_net=Decimal("7.40"),
            freight_gross=Decimal("7.70"),
        )

        assert alone.state is GiftState.SAFE
        assert sent == GiftMeter(
            Decimal("48.00"), Decimal("55.40"), Decimal("57.62"), GiftState.OVER
        )
