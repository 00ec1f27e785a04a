from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.core.money import CENT
from gifting.core.vat import (
    TotalsDoNotAddUp,
    VatBreakdown,
    VatClass,
    VatRow,
    add_by_class,
    apportion,
)

VAT_4, VAT_10, VAT_22 = (VatClass(Decimal(rate)) for rate in (4, 10, 22))
EXPORT = VatClass(Decimal(0), "N3.1")
classes = st.sampled_from([VAT_4, VAT_10, VAT_22, EXPORT, VatClass(Decimal(5))])
nets = st.dictionaries(classes, st.integers(0, 9_999_999).map(lambda cents: cents * CENT))


class TestVatClass:
    def test_one_rate_is_one_class_however_it_is_written(self) -> None:
        assert VatClass(Decimal(10)) == VatClass(Decimal("10.00"))
        assert str(VatClass(Decimal(10)).rate) == "10.00"
        assert hash(VatClass(Decimal(10))) == hash(VatClass(Decimal("10.00")))

    @pytest.mark.parametrize(
        ("rate", "nature"), [("0", ""), ("10", "N3.1"), ("-4", ""), ("101", ""), ("0.125", "")]
    )
    def test_refuses_what_is_no_class(self, rate: str, nature: str) -> None:
        with pytest.raises(ValueError, match="rate"):
            VatClass(Decimal(rate), nature)

    def test_classes_are_ordered_by_rate_then_nature(self) -> None:
        exempt = VatClass(Decimal(0), "N4")

        assert sorted([VAT_22, exempt, VAT_4, EXPORT]) == [EXPORT, exempt, VAT_4, VAT_22]


class TestVatBreakdown:
    @given(nets)
    def test_of_drops_empty_classes_and_adds_up(self, nets: dict[VatClass, Decimal]) -> None:
        breakdown = VatBreakdown.of(nets)

        assert breakdown.nets == {vat: net for vat, net in nets.items() if net}
        assert breakdown.net == sum(nets.values())
        assert breakdown.gross == breakdown.net + breakdown.tax

    def test_rounds_once_on_the_whole_class(self) -> None:
        breakdown = VatBreakdown.of({VAT_22: Decimal("3.40") * 3})

        assert breakdown.tax == Decimal("2.24")  # three times 0.75 would be 2.25

    def test_rate_zero_has_a_row_without_tax(self) -> None:
        assert VatBreakdown.of({EXPORT: Decimal("12.00")}).gross == Decimal("12.00")

    def test_empty_is_nothing(self) -> None:
        assert VatBreakdown.empty() == VatBreakdown.of({})

    @pytest.mark.parametrize(
        ("rows", "totals"),
        [
            ((VatRow(VAT_10, Decimal(10), Decimal("1.01")),), ("10", "1.01", "11.01")),
            ((VatRow(VAT_10, Decimal(10), Decimal(1)),), ("10.01", "1", "11.01")),
            ((VatRow(VAT_10, Decimal(10), Decimal(1)),), ("10", "1.01", "11.01")),
            ((VatRow(VAT_10, Decimal(10), Decimal(1)),), ("10", "1", "11.01")),
            ((VatRow(VAT_10, Decimal(10), Decimal(1)),) * 2, ("20", "2", "22")),
            (
                (
                    VatRow(VAT_22, Decimal(100), Decimal(22)),
                    VatRow(VAT_10, Decimal(10), Decimal(1)),
                ),
                ("110", "23", "133"),
            ),
            ((VatRow(VAT_10, Decimal("0.001"), Decimal(0)),), ("0.001", "0", "0.001")),
        ],
        ids=["tax", "net", "total tax", "gross", "repeated", "out of order", "mills"],
    )
    def test_refuses_totals_that_do_not_add_up(
        self, rows: tuple[VatRow, ...], totals: tuple[str, str, str]
    ) -> None:
        with pytest.raises(TotalsDoNotAddUp):
            VatBreakdown(rows, *map(Decimal, totals))

    def test_of_refuses_fractions_of_a_cent(self) -> None:
        with pytest.raises(TotalsDoNotAddUp):
            VatBreakdown.of({VAT_10: Decimal("1.005")})


class TestApportion:
    def test_follows_the_nets_of_the_goods(self) -> None:
        shipping = apportion(
            Decimal("1260.00"),
            {VAT_22: Decimal("5428.50"), VAT_4: Decimal("2880.50"), VAT_10: Decimal("7441.00")},
        )

        assert list(shipping.items()) == [
            (VAT_4, Decimal("230.44")),
            (VAT_10, Decimal("595.28")),
            (VAT_22, Decimal("434.28")),
        ]

    def test_does_not_depend_on_the_order_given(self) -> None:
        over = {VAT_22: Decimal(1), VAT_4: Decimal(1)}

        assert apportion(CENT, over) == {VAT_4: CENT, VAT_22: Decimal(0)}
        assert apportion(CENT, dict(reversed(over.items()))) == apportion(CENT, over)


class TestAddByClass:
    @given(st.lists(nets, max_size=4))
    def test_keeps_the_sum_and_the_order(self, splits: list[dict[VatClass, Decimal]]) -> None:
        added = add_by_class(*splits)

        assert list(added) == sorted(added)
        assert sum(added.values()) == sum(sum(split.values()) for split in splits)
