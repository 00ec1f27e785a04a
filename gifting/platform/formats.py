"""How amounts, dates and shares are written, in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import dates, numbers
from flask_babel import get_locale

from gifting.core.calendar import ROME
from gifting.platform.counting import MOST

Number = Decimal | int


def _locale() -> str:
    return str(get_locale() or "it")


@lru_cache(maxsize=4096)
def _currency(value: Number, locale: str) -> str:
    """Write an amount; a page writes few different ones, and each takes a while.

    Callers add 0, which turns −0 into 0: the two are equal, so one would be written as the other.
    """
    return str(numbers.format_currency(value, "EUR", locale=locale, group_separator=True))


@lru_cache(maxsize=4096)
def _decimal(value: Number, pattern: str | None, locale: str) -> str:
    return str(numbers.format_decimal(value, format=pattern, locale=locale))


def money(value: Number) -> str:
    """1234.5 → «1.234,50 €» (English «€1,234.50»); a true minus sign."""
    return _tidy(_currency(value + 0, _locale()))


def amount(value: Number) -> str:
    """1234.5 → «1.234,50», for columns whose head names the currency."""
    return _tidy(_decimal(value + 0, "#,##0.00", _locale()))


def number(value: Number) -> str:
    """2400 → «2.400»; decimals only where the value has them."""
    return _tidy(_decimal(value + 0, None, _locale()))


def tally(value: int) -> str:
    """999 → «999»; what was not counted to its end: «1.000+»."""
    return number(value) if value <= MOST else f"{number(MOST)}+"


def percent(value: Number) -> str:
    """10.00 → «10%», 27.7 → «27,7%»; the value is already per cent."""
    shown = _decimal(Decimal(value) + 0, "#,##0.##", _locale())
    return _tidy(f"{shown}%")


def kilograms(grams: int) -> str:
    """3490 → «3,49 kg»."""
    return f"{_decimal(Decimal(grams) / 1000, '0.##', _locale())}\u00a0kg"


def litres(millilitres: int) -> str:
    """19200 → «19,2 l»."""
    return _in_thousands(millilitres, "0.#", "l")


def _in_thousands(value: int, pattern: str, unit: str) -> str:
    shown = _decimal(Decimal(value) / 1000, pattern, _locale())
    return f"{shown}\u00a0{unit}"


def iban(value: str) -> str:
    """«IT60 X054 2811 1010 0000 0123 456»."""
    bare = "".join(value.split())
    return "\u00a0".join(bare[start : start + 4] for start in range(0, len(bare), 4))


def _day(value: date | datetime) -> date:
    return value.astimezone(ROME).date() if isinstance(value, datetime) else value


def date_long(value: date | datetime) -> str:
    """«5 dicembre 2026»."""
    return str(dates.format_date(_day(value), "d MMMM y", locale=_locale()))


def date_day(value: date | datetime) -> str:
    """«5 dicembre»."""
    return str(dates.format_date(_day(value), "d MMMM", locale=_locale()))


def date_weekday(value: date | datetime) -> str:
    """«sabato 5 dicembre»."""
    return str(dates.format_date(_day(value), "EEEE d MMMM", locale=_locale()))


def weekday(value: date | datetime) -> str:
    """«sabato»."""
    return str(dates.format_date(_day(value), "EEEE", locale=_locale()))


def date_short(value: date | datetime) -> str:
    """«5 dic»."""
    return str(dates.format_date(_day(value), "d MMM", locale=_locale()))


def time_of(value: datetime) -> str:
    """«10:42», in Rome."""
    return str(dates.format_time(value, "HH:mm", tzinfo=ROME, locale=_locale()))


def datetime_long(value: datetime) -> str:
    """«5 dicembre 2026, 10:42», in Rome."""
    return f"{date_long(value)}, {time_of(value)}"


def _tidy(text: str) -> str:
    return text.replace("\u202f", "\u00a0").replace("-", "\u2212")


FILTERS = {
    f.__name__: f
    for f in (
        money,
        amount,
        number,
        tally,
        percent,
        kilograms,
        litres,
        iban,
        date_long,
        date_day,
        date_weekday,
        date_short,
        time_of,
        datetime_long,
    )
}
