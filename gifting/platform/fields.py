"""Form fields: numbers the way Italians write them, kept as typed; files judged by content."""

import logging
import re
from abc import abstractmethod
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, Form
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from gifting.core.money import is_whole_cents
from gifting.platform import sheets, uploads
from gifting.platform.failures import LOOK_AT_STORAGE, Outage
from gifting.platform.sheets import Limits, SheetProblem, SheetRefused
from gifting.platform.uploads import JPEG, PDF, PNG, WEBP, Kind, Refusal, Upload, UploadRefused

logger = logging.getLogger(__name__)

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


class UploadField(FileField):  # type: ignore[misc]
    """A file of a kind; of a valid form to which one was sent, `upload` is what may be kept."""

    upload: Upload

    def __init__(self, label: Any, validators: Any = None, *, kind: Kind, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.kind = kind

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            return
        try:
            self.upload = uploads.receive(self.data.stream, self.kind)
        except UploadRefused as refused:
            raise StopValidation(word_refusal(refused.reason, self.kind)) from refused

    def blame(self, outage: Outage) -> None:
        """Say at the field that the file could not be kept, and in the log what to look at."""
        logger.error(LOOK_AT_STORAGE, outage)
        words = _(
            "In questo momento non riusciamo a conservare file, e non abbiamo salvato niente: "
            "scegli di nuovo il file e riprova fra qualche minuto."
        )
        self.errors = [words]

    @property
    def name_to_keep(self) -> str:
        """The file's own name, its suffix that of its content."""
        return uploads.name_for(self.data.filename, self.upload.media_type)


def word_refusal(reason: Refusal, kind: Kind) -> str:
    """Say why a file is not taken, and what to choose instead."""
    names = ((PDF, "PDF"), (PNG, "PNG"), (JPEG, "JPEG"), (WEBP, "WebP"))
    taken = ", ".join(name for media_type, name in names if media_type in kind.media_types)
    most = kind.max_bytes // (1024 * 1024)
    said = {
        Refusal.EMPTY: _("Il file è vuoto: scegline un altro."),
        Refusal.TOO_LARGE: _("Il file supera %(most)s MB: scegline uno più leggero.", most=most),
        Refusal.WRONG_TYPE: _(
            "Il contenuto del file non è fra quelli che leggiamo: %(taken)s.", taken=taken
        ),
        Refusal.TOO_MANY_PIXELS: _("L’immagine è troppo grande: riducila e riprova."),
        Refusal.DAMAGED: _("Il file è rovinato o incompleto: salvalo di nuovo e riprova."),
        Refusal.ENCRYPTED: _("Il PDF è protetto da password: salvalo senza e riprova."),
        Refusal.ACTIVE: _("Il PDF contiene programmi: stampalo come PDF semplice e allega quello."),
    }
    return str(said[reason])


class SheetField(FileField):  # type: ignore[misc]
    """A CSV file or a workbook; of a valid form to which one was sent, `rows` are its cells."""

    rows: list[list[str]]

    def __init__(
        self, label: Any, validators: Any = None, *, limits: Limits, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.limits = limits

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            return
        try:
            self.rows = sheets.receive(self.data.stream, self.limits)
        except SheetRefused as refused:
            raise StopValidation(word_sheet_refusal(refused, self.limits)) from refused


def word_sheet_refusal(refused: SheetRefused, limits: Limits) -> str:
    """Say why a sheet is not read, where, and what to do."""
    problem = SheetProblem
    said = {
        problem.EMPTY: _("Il foglio è vuoto: scegline un altro."),
        problem.TOO_LARGE: _("Il file è troppo grande: lascia solo le colonne che servono."),
        problem.TOO_MANY_ROWS: _(
            "Il foglio ha più di %(most)s righe: dividilo in due.", most=limits.rows
        ),
        problem.TOO_MANY_COLUMNS: _("Il foglio ha più di %(most)s colonne.", most=limits.columns),
        problem.CELL_TOO_LONG: _("Una cella ha più di %(most)s caratteri.", most=limits.cell),
        problem.UNKNOWN: _("Non è un foglio che leggiamo: salvalo come CSV o come Excel (.xlsx)."),
        problem.ENCRYPTED: _("Il foglio è protetto da password: salvalo senza e riprova."),
        problem.UNSAFE: _("Il foglio contiene altro oltre alle celle: salvalo come CSV e riprova."),
        problem.BROKEN: _("Il foglio è rovinato: salvalo di nuovo e riprova."),
    }[refused.reason]
    where = _("Riga %(n)s.", n=refused.row) if refused.row else ""
    return f"{said} {where}".strip()
