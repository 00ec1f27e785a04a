"""How numbers are written."""

from decimal import Decimal

from flask import Flask

from gifting.platform.counting import MOST
from gifting.platform.formats import amount, money, number, percent, tally


class TestTally:
    def test_what_was_counted_to_its_end_is_said_exactly(self, app: Flask) -> None:
        with app.test_request_context():
            assert tally(MOST) == "1.000"

    def test_what_was_not_is_said_to_be_more(self, app: Flask) -> None:
        with app.test_request_context():
            assert tally(MOST + 1) == "1.000+"


class TestNothing:
    def test_is_written_without_a_sign_whatever_was_written_before(self, app: Flask) -> None:
        for zero in (Decimal("-0.00"), Decimal("0.00"), 0):
            with app.test_request_context():
                assert money(zero) == "0,00\u00a0€"
                assert amount(zero) == "0,00"
                assert number(zero) == "0"
                assert percent(zero) == "0%"
