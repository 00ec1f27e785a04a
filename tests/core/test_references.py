import pytest

from gifting.core.references import invoice_number, order_reference, quote_reference


class TestReferences:
    def test_names_carry_the_year_and_sort_within_it(self) -> None:
        assert quote_reference(2026, 418) == "P-2026-0418"
        assert order_reference(2026, 297) == "O-2026-0297"
        assert order_reference(2026, 12345) == "O-2026-12345"


class TestInvoiceNumber:
    def test_has_the_series_in_front_if_there_is_one(self) -> None:
        assert invoice_number("", 2026, 1187) == "2026/1187"
        assert invoice_number("", 2026, 12) == "2026/0012"
        assert invoice_number("NC", 2026, 31) == "NC 2026/0031"

    @pytest.mark.parametrize(
        ("series", "n"), [("", 0), ("", -1), ("PERCHÉ", 1), ("TROPPOLUNGA", 12345), ("A\nB", 1)]
    )
    def test_refuses_what_the_exchange_system_would(self, series: str, n: int) -> None:
        with pytest.raises(ValueError, match="legal"):
            invoice_number(series, 2026, n)
