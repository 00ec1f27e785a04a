"""What sales may send: every cell of a draft in one form, and the words that go with a move."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from gifting.platform.fields import ItalianDecimalField, WholeNumberField
from gifting.quotes.documents import Editor
from gifting.quotes.service import ChargeEntry, ComponentEntry, DraftEntry, HamperEntry

MAX_HAMPERS = 100_000
MAX_PRICE = Decimal("9999.99")
MAX_CHARGE = Decimal("999999.99")
MAX_CHARGES = 20
CHARGE_TEXT = "charge_text_"
PRICE_LIMITS = _l("Scrivi un prezzo netto, per esempio 12,50.")
DISCOUNT_LIMITS = _l("Lo sconto va da 0 a 100.")


def _strip(text: str | None) -> str:
    return (text or "").strip()


class Between:
    """A number that is there and within limits; what is no number has its message already."""

    def __init__(self, low: Decimal | int, high: Decimal | int, message: str) -> None:
        self.low, self.high, self.message = low, high, message

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None or not self.low <= field.data <= self.high:
            raise ValidationError(self.message)


class BetweenOrBlank(Between):
    """The same, where blank says something too."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.errors or field.data is not None:
            super().__call__(form, field)


class DayField(DateField):
    """A calendar day, or None when left blank; a message that says what to write."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            if valuelist:
                self.data: date | None = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Scrivi una data, per esempio 2026-12-05.")) from None


class QuestionForm(FlaskForm):
    """A question to the buyer, which stops the answer clock."""

    comment = TextAreaField(
        _l("Che cosa ti serve sapere?"),
        filters=[_strip],
        validators=[
            DataRequired(_l("Scrivi la domanda: il cliente la riceve per e-mail.")),
            Length(max=2000, message=_l("Accorcia la domanda: bastano 2.000 caratteri.")),
        ],
    )


class ReasonForm(FlaskForm):
    """Why a quote is taken back."""

    reason = TextAreaField(
        _l("Perché lo ritiri?"),
        filters=[_strip],
        validators=[
            DataRequired(_l("Scrivi il motivo: il cliente lo legge nell’e-mail.")),
            Length(max=2000, message=_l("Accorcia il motivo: bastano 2.000 caratteri.")),
        ],
    )


class MessageForm(FlaskForm):
    """A message in the thread."""

    body = TextAreaField(
        _l("Scrivi al cliente"),
        filters=[_strip],
        validators=[
            DataRequired(_l("Scrivi il messaggio prima di inviarlo.")),
            Length(max=4000, message=_l("Accorcia il messaggio: bastano 4.000 caratteri.")),
        ],
    )


class VersionForm(FlaskForm):
    """A move on exactly the content that the page showed."""

    version = WholeNumberField(validators=[DataRequired()])


class DraftForm(FlaskForm):
    """The terms of a draft; `draft_form` adds a field for every cell."""

    proposed_charge = ""
    """Words of the first row of charges, which counts only once it has an amount."""
    version = WholeNumberField()
    valid_until = DayField(_l("Valida fino al"))
    payment_terms_days = WholeNumberField(
        _l("Pagamento a giorni"),
        validators=[Between(0, 180, _l("Il pagamento va da 0 a 180 giorni."))],
    )
    delivery_on = DayField(_l("Consegna il"))
    message = TextAreaField(
        _l("Messaggio al cliente"),
        validators=[
            Length(max=2000, message=_l("Accorcia il messaggio: bastano 2.000 caratteri."))
        ],
    )
    internal_note = TextAreaField(
        _l("Nota interna"),
        validators=[Length(max=2000, message=_l("Accorcia la nota: bastano 2.000 caratteri."))],
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every cell, then that each charge has both its words and its amount."""
        is_valid = bool(super().validate(extra_validators))
        for text, net in self.charge_cells():
            if net.data is None and not net.errors and text.data not in {"", self.proposed_charge}:
                net.errors = [_("Scrivi l’importo, oppure togli la riga.")]
                is_valid = False
            if net.data is not None and not text.data:
                text.errors = [_("Scrivi a che cosa si riferisce l’importo.")]
                is_valid = False
        return is_valid

    def charge_cells(self) -> list[tuple[Field, Field]]:
        """Pair words and amount of every row of charges."""
        return [
            (self[name], self[name.replace("text", "net")])
            for name in self._fields
            if name.startswith(CHARGE_TEXT)
        ]

    def charges(self, *, without: int | None = None) -> list[ChargeEntry]:
        """Return the rows that have an amount, but the one to drop."""
        return [
            ChargeEntry(text.data, net.data)
            for place, (text, net) in enumerate(self.charge_cells())
            if net.data is not None and place != without
        ]

    def entry(self, editor: Editor, *, drop_charge: int | None = None) -> DraftEntry:
        """Return what was typed; a discount for a whole hamper goes before those of its lines."""
        hampers, components = {}, {}
        for hamper in editor.hampers:
            key = hamper.view.id
            hampers[key] = HamperEntry(self[f"quantity_{key}"].data, self[f"own_{key}"].data)
            for line in hamper.lines:
                place, product = line.view.id, line.view.product
                discount = self[f"all_{key}"].data
                components[place] = ComponentEntry(
                    quantity=self[f"pieces_{place}"].data,
                    list_net=self[f"list_{place}"].data,
                    discount=self[f"discount_{place}"].data if discount is None else discount,
                    work_minutes=product.work_minutes if product else 0,
                )
        return DraftEntry(
            hampers=hampers,
            components=components,
            charges=self.charges(without=drop_charge),
            valid_until=self.valid_until.data,
            payment_terms_days=self.payment_terms_days.data or 0,
            delivery_on=self.delivery_on.data,
            message=self.message.data or "",
            internal_note=self.internal_note.data or "",
        )


def _proposed_charge(locale: str) -> str:
    """Propose shipping in the buyer's language: the words are printed on their offer."""
    with force_locale(locale):
        return str(_("Spedizione"))


def draft_form(editor: Editor, *, sent: Iterable[str] = ()) -> DraftForm:
    """Make the form of a draft: a field per cell, named by the id of its row.

    `sent` are the names a browser sent: it may have more rows of charges than the draft.
    """
    cells: dict[str, Field] = {}
    values: dict[str, Any] = {
        name: getattr(editor, name)
        for name in (
            "version",
            "valid_until",
            "payment_terms_days",
            "delivery_on",
            "message",
            "internal_note",
        )
    }
    for hamper in editor.hampers:
        cells |= _hamper_cells(hamper.view.id, hamper.view.name)
        values[f"quantity_{hamper.view.id}"] = hamper.view.quantity
        values[f"own_{hamper.view.id}"] = hamper.own_unit_net
        for line in hamper.lines:
            cells |= _line_cells(line.view.id, line.view.name)
            values[f"pieces_{line.view.id}"] = line.view.quantity
            values[f"list_{line.view.id}"] = line.view.list_net
            values[f"discount_{line.view.id}"] = line.view.discount
    proposed = _proposed_charge(editor.buyer.locale)
    for place in range(_count_charge_rows(editor, sent)):
        cells |= _charge_cells(place)
        if place < len(editor.charges):
            values[f"charge_text_{place}"] = editor.charges[place].description
            values[f"charge_net_{place}"] = editor.charges[place].net
        elif place == 0:
            values["charge_text_0"] = proposed
    form: DraftForm = type("DraftFormOfCells", (DraftForm,), cells)(data=values)
    form.proposed_charge = proposed
    return form


def _count_charge_rows(editor: Editor, sent: Iterable[str]) -> int:
    """Count the rows kept, and one to write in; or as many as were sent."""
    names = set(sent)
    rows = max((n + 1 for n in range(MAX_CHARGES) if f"{CHARGE_TEXT}{n}" in names), default=0)
    return rows or min(len(editor.charges) + 1, MAX_CHARGES)


def _hamper_cells(key: int, name: str) -> dict[str, Field]:
    return {
        f"quantity_{key}": WholeNumberField(
            _l("Cesti: %(name)s", name=name),
            validators=[
                Between(
                    1,
                    MAX_HAMPERS,
                    _l("I cesti vanno da 1 a 100.000: scrivi quanti."),
                )
            ],
        ),
        f"own_{key}": ItalianDecimalField(
            _l("Prezzo di un cesto: %(name)s", name=name),
            validators=[BetweenOrBlank(0, MAX_PRICE, PRICE_LIMITS)],
        ),
        f"all_{key}": ItalianDecimalField(
            _l("Sconto su tutte le righe: %(name)s", name=name),
            places=0,
            validators=[BetweenOrBlank(0, 100, DISCOUNT_LIMITS)],
        ),
    }


def _line_cells(key: int, name: str) -> dict[str, Field]:
    return {
        f"pieces_{key}": WholeNumberField(
            _l("Pezzi per cesto: %(name)s", name=name),
            validators=[
                Between(
                    1,
                    99,
                    _l("Da 1 a 99 pezzi per cesto. Per toglierlo usa ×."),
                )
            ],
        ),
        f"list_{key}": ItalianDecimalField(
            _l("Listino: %(name)s", name=name),
            validators=[Between(0, MAX_PRICE, PRICE_LIMITS)],
        ),
        f"discount_{key}": ItalianDecimalField(
            _l("Sconto: %(name)s", name=name),
            places=0,
            validators=[Between(0, 100, DISCOUNT_LIMITS)],
        ),
    }


def _charge_cells(place: int) -> dict[str, Field]:
    return {
        f"charge_text_{place}": StringField(
            _l("Servizio %(number)s", number=place + 1),
            filters=[_strip],
            validators=[Length(max=120, message=_l("Bastano 120 caratteri."))],
        ),
        f"charge_net_{place}": ItalianDecimalField(
            _l("Importo netto %(number)s", number=place + 1),
            validators=[
                BetweenOrBlank(
                    0, MAX_CHARGE, _l("Scrivi un importo da 0 a 999.999 €, per esempio 640,00.")
                )
            ],
        ),
    }
