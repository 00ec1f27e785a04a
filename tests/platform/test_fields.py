"""Numbers as Italians write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.platform.fields import parse_decimal, write_decimal


class TestParseDecimal:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("12,50", "12.50"),
            ("12.50", "12.50"),
            ("12", "12"),
            ("0,5", "0.5"),
            ("1.234", "1234"),
            ("1.234,56", "1234.56"),
            ("1.234.567,8", "1234567.8"),
            ("1,234.56", "1234.56"),
            ("1234,56", "1234.56"),
            (" 9,90 € ", "9.90"),
            ("€ 1 250", "1250"),
            ("6 %", "6"),
            ("−3", "-3"),
        ],
    )
    def test_reads(self, text, number):
        assert parse_decimal(text) == Decimal(number)

    @pytest.mark.parametrize(
        "text", ["", "dieci", "1,2,3", "1.23.456", "12,", ",", "1.234.56", "1e5", "9" * 20, "--3"]
    )
    def test_refuses(self, text):
        with pytest.raises(ValueError):  # noqa: PT011 - the text is its message
            parse_decimal(text)


class TestWriteDecimal:
    def test_amounts_have_two_decimals(self):
        assert write_decimal(Decimal("1234.5")) == "1234,50"

    @pytest.mark.parametrize(
        ("number", "text"), [("6.00", "6"), ("7.50", "7,5"), ("10.00", "10"), ("0.00", "0")]
    )
    def test_percentages_have_the_decimals_they_need(self, number, text):
        assert write_decimal(Decimal(number), places=0) == text

    @pytest.mark.parametrize("number", ["0.00", "4.32", "1234.56", "99999.99", "1000.00"])
    def test_what_is_written_is_read_back(self, number):
        assert parse_decimal(write_decimal(Decimal(number))) == Decimal(number)

    @given(cents=st.integers(min_value=0, max_value=10**12))
    def test_any_amount_is_read_back_with_and_without_grouping(self, cents):
        amount = Decimal(cents) / 100
        grouped = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))

        assert parse_decimal(write_decimal(amount)) == amount
        assert parse_decimal(grouped) == amount
        assert parse_decimal(f"{grouped} €") == amount
