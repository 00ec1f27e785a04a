"""Gapless document numbers: a counter row, locked until the document commits."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gifting.platform.db import db
from gifting.platform.models import NumberSeries


class NumberSeriesClosed(Exception):
    """The series has already numbered a later date, `last_date`."""

    def __init__(self, code: str, last_date: date) -> None:
        super().__init__(f"{code} has reached {last_date}")
        self.last_date = last_date


def allot(code: str, *, on: date) -> int:
    """Return the next number of the series in the year of `on`; hold the series until commit.

    Call it last in the transaction: everyone else who numbers waits here. A rollback gives
    the number back, so there are no gaps; a date earlier than the last one's is refused, so
    numbers and dates run the same way (art. 21 c. 2 lett. b DPR 633/72).

    :raises NumberSeriesClosed: if `on` is earlier than the last date numbered
    """
    db.session.execute(
        insert(NumberSeries)
        .values(code=code, year=on.year, last_number=0, last_date=date(on.year, 1, 1))
        .on_conflict_do_nothing()
    )
    number = db.session.scalar(
        sa.update(NumberSeries)
        .where(
            NumberSeries.code == code, NumberSeries.year == on.year, NumberSeries.last_date <= on
        )
        .values(last_number=NumberSeries.last_number + 1, last_date=on)
        .returning(NumberSeries.last_number)
        .execution_options(synchronize_session=False)
    )
    if number is None:
        last_date = db.session.scalars(
            sa.select(NumberSeries.last_date).where(
                NumberSeries.code == code, NumberSeries.year == on.year
            )
        ).one()
        raise NumberSeriesClosed(code, last_date)
    return number
