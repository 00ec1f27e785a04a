"""How numbers are written."""

from flask import Flask

from gifting.platform.counting import MOST
from gifting.platform.formats import tally


class TestTally:
    def test_what_was_counted_to_its_end_is_said_exactly(self, app: Flask) -> None:
        with app.test_request_context():
            assert tally(MOST) == "1.000"

    def test_what_was_not_is_said_to_be_more(self, app: Flask) -> None:
        with app.test_request_context():
            assert tally(MOST + 1) == "1.000+"
