from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.money import CENT, percent_off, split_in_proportion, to_cents

amounts = st.integers(-10_000_000, 10_000_000).map(lambda cents: cents * CENT)
weights = st.lists(
    st.integers(0, 1_000_000).map(lambda cents: cents * CENT), min_size=1, max_size=8
).filter(any)


class TestToCents:
    @pytest.mark.parametrize(
        ("amount", "rounded"),
        [("2.345", "2.35"), ("2.344", "2.34"), ("-2.345", "-2.35"), ("7", "7.00")],
    )
    def test_rounds_half_away_from_zero(self, amount: str, rounded: str) -> None:
        assert str(to_cents(Decimal(amount))) == rounded


class TestPercentOff:
    @pytest.mark.parametrize(
        ("price", "discount", "unit"),
        [
            ("16.90", "6", "15.89"),
            ("2.90", "6", "2.73"),
            ("0.60", "6", "0.56"),
            ("5.00", "0", "5.00"),
            ("5.00", "100", "0.00"),
            ("0.01", "50", "0.01"),
        ],
    )
    def test_is_the_unit_price_people_see(self, price: str, discount: str, unit: str) -> None:
        assert str(percent_off(Decimal(price), Decimal(discount))) == unit


class TestSplitInProportion:
    @given(amounts, weights)
    def test_parts_add_up_and_stay_within_a_cent_of_their_share(
        self, amount: Decimal, weights: list[Decimal]
    ) -> None:
        parts = split_in_proportion(amount, weights)

        assert sum(parts) == amount
        total = Fraction(sum(weights))
        for part, weight in zip(parts, weights, strict=True):
            assert part == to_cents(part)
            assert abs(Fraction(part) - Fraction(amount) * Fraction(weight) / total) < Fraction(
                CENT
            )

    @given(amounts, weights)
    def test_a_credit_mirrors_the_charge(self, amount: Decimal, weights: list[Decimal]) -> None:
        assert split_in_proportion(-amount, weights) == [
            -part for part in split_in_proportion(amount, weights)
        ]

    def test_gives_the_odd_cent_to_the_earlier_part_on_a_tie(self) -> None:
        parts = split_in_proportion(Decimal("0.01"), [Decimal(1), Decimal(1)])

        assert parts == [Decimal("0.01"), Decimal("0.00")]

    @pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
    def test_refuses_weights_that_mean_nothing(self, weights: list[Decimal]) -> None:
        with pytest.raises(ValueError, match="weights"):
            split_in_proportion(Decimal("1.00"), weights)

    def test_refuses_fractions_of_a_cent(self) -> None:
        with pytest.raises(ValueError, match="whole cents"):
            split_in_proportion(Decimal("1.001"), [Decimal(1)])
