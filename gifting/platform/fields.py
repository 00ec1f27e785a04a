"""Form fields that read numbers the way Italians write them and keep what was typed."""

import re
from abc import abstractmethod
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import TextInput

from gifting.core.money import is_whole_cents

_PLAIN = re.compile(r"-?\d+([.,]\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(?P<group>[.,])\d{3}((?P=group)\d{3})*(?P<point>[.,])?\d*")
_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
_NOT_FINER = re.compile(r"-?\d{1,12}(\.\d+)?")


def parse_decimal(text: str) -> Decimal:
    """Read «1.234,56», «1234,5», «12.50», «€ 9», «6 %»; a lone dot before three digits groups.

    English grouping («1,234.56») is understood too: of two separators the last is the decimal.

    :raises ValueError: if it is no number
    """
    bare = re.sub(r"[\s€%]", "", text).replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "")
    elif (grouped := _GROUPED.fullmatch(bare)) and grouped["point"]:
        if grouped["point"] == grouped["group"]:
            raise ValueError(text)
        bare = bare.replace(grouped["group"], "").replace(",", ".")
    elif _PLAIN.fullmatch(bare):
        bare = bare.replace(",", ".")
    if not _NOT_FINER.fullmatch(bare):
        raise ValueError(text)
    return Decimal(bare)


def write_decimal(value: Decimal, *, places: int = 2) -> str:
    """Write a number for an Italian input: «1234,50»; with `places` 0 only the decimals it has."""
    if places:
        return f"{value:.{places}f}".replace(".", ",")
    return f"{value.normalize():f}".replace(".", ",")


class _NumberField(Field):  # type: ignore[misc]  # wtforms has no types
    """A number typed as text, or None when left blank; what was typed is given back as it was."""

    widget = TextInput()
    data: Any  # wtforms fills it with what `_read` returns

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._write()

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if valuelist[0].strip():
            self.data = self._read(valuelist[0])

    @abstractmethod
    def _write(self) -> str: ...

    @abstractmethod
    def _read(self, text: str) -> Decimal | int: ...


class ItalianDecimalField(_NumberField):
    """A decimal with at most two decimals.

    `places` is how it is written back: 2 for amounts, 0 for percentages («6», «7,5»).
    """

    def __init__(
        self, label: object = None, validators: object = None, *, places: int = 2, **kwargs: object
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.places = places

    def _write(self) -> str:
        return write_decimal(self.data, places=self.places)

    def _read(self, text: str) -> Decimal:
        try:
            number = parse_decimal(text)
        except ValueError:
            raise ValueError(_l("Scrivi un numero, per esempio 12,50.")) from None
        if not is_whole_cents(number):
            raise ValueError(_l("Bastano due decimali: arrotonda al centesimo."))
        return number


class WholeNumberField(_NumberField):
    """A whole number («1.200» is 1200)."""

    def _write(self) -> str:
        return str(self.data)

    def _read(self, text: str) -> int:
        try:
            number = parse_decimal(text)
        except ValueError:
            raise ValueError(_l("Scrivi un numero intero, per esempio 120.")) from None
        if number != int(number):
            raise ValueError(_l("Scrivi un numero intero, senza decimali."))
        return int(number)
