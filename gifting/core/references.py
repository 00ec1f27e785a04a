"""How quotes, orders and tax documents are called.

Quotes and orders are names for people (P-2026-0418, O-2026-0297). The legal
number of a tax document is year/progressive, with the series in front when it
has one: 2026/1187, NC 2026/0031. It stays within the 20 Basic Latin characters
with a digit that the exchange system takes (control 00425), and the year in it
keeps numbers apart across years within one seller.
"""

_MAX_LENGTH = 20


def quote_reference(year: int, n: int) -> str:
    return f"P-{year}-{n:04d}"


def order_reference(year: int, n: int) -> str:
    return f"O-{year}-{n:04d}"


def invoice_number(series: str, year: int, n: int) -> str:
    """Legal number; the ordinary series of invoices is the empty string, credit notes are "NC".

    :raises ValueError: if the number would not be accepted by the exchange system
    """
    number = f"{series} {year}/{n:04d}".lstrip()
    if n < 1 or len(number) > _MAX_LENGTH or not number.isascii() or not number.isprintable():
        raise ValueError(f"not a legal document number: {number}")
    return number
