from datetime import date

import pytest

from gifting.platform.numbering import NumberSeriesClosed, allot
from gifting.platform.uow import transaction


class TestAllot:
    def test_gives_a_number_back_when_the_invoice_is_not_issued(self, app):
        with transaction():
            first = allot("FT", on=date(2026, 3, 1))
        with pytest.raises(ZeroDivisionError), transaction():
            allot("FT", on=date(2026, 3, 2))
            raise ZeroDivisionError
        with transaction():
            second = allot("FT", on=date(2026, 3, 3))

        assert (first, second) == (1, 2)

    def test_begins_again_each_year(self, app):
        with transaction():
            numbers = [allot("FT", on=date(year, 1, 7)) for year in (2026, 2026, 2027)]

        assert numbers == [1, 2, 1]

    def test_refuses_a_date_before_the_last_one(self, app):
        with transaction():
            allot("FT", on=date(2026, 3, 1))

        with pytest.raises(NumberSeriesClosed), transaction():
            allot("FT", on=date(2026, 2, 28))
