"""What a browser may send about invoices and payments."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from gifting.billing.service import PaymentMethod
from gifting.platform.fields import ItalianDecimalField
from gifting.platform.formats import date_long

METHODS = {
    PaymentMethod.TRANSFER: _l("Bonifico"),
    PaymentMethod.CARD: _l("Carta"),
    PaymentMethod.RIBA: _l("Ri.Ba."),
    PaymentMethod.SDD: _l("Addebito SEPA"),
}
_TOO_MUCH = 10**9


def _strip(text: str | None) -> str:
    return (text or "").strip()


class _DayField(DateField):
    """A day, with our words for one that is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Scrivi una data che esiste.")) from None


class _DatedForm(FlaskForm):
    """A form about a day that has come. `today` is set by the view, which has the clock."""

    today: date

    def refuse_future(self, field: DateField, message: object) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(message)


class IssueForm(_DatedForm):
    """The date an invoice will bear. `ordered_on` is set by the view."""

    ordered_on: date

    issued_on = _DayField(
        _l("Data della fattura"),
        validators=[InputRequired(message=_l("Scegli la data della fattura."))],
    )

    def validate_issued_on(self, field: DateField) -> None:
        self.refuse_future(field, _l("Una fattura non può portare una data futura."))
        if field.data and field.data < self.ordered_on:
            day = date_long(self.ordered_on)
            raise ValidationError(_("L’ordine è del %(day)s: scegli un giorno da allora.", day=day))


class PaymentForm(_DatedForm):
    """Money that came, by a means that leaves a trace."""

    amount = ItalianDecimalField(
        _l("Importo ricevuto"),
        validators=[
            InputRequired(message=_l("Scrivi quanto è arrivato.")),
        ],
    )
    received_on = _DayField(
        _l("Data dell’incasso"),
        validators=[InputRequired(message=_l("Scegli il giorno in cui è arrivato."))],
    )
    method = SelectField(
        _l("Come"),
        choices=[SelectChoice(method.value, label) for method, label in METHODS.items()],
        coerce=PaymentMethod,
        default=PaymentMethod.TRANSFER,
    )
    note = StringField(
        _l("Nota"),
        filters=[_strip],
        validators=[Optional(), Length(max=120, message=_l("Bastano 120 caratteri."))],
    )
    submission_key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    def validate_amount(self, field: ItalianDecimalField) -> None:
        if field.data is not None and not 0 < field.data < _TOO_MUCH:
            raise ValidationError(_l("Scrivi un importo maggiore di zero."))

    def validate_received_on(self, field: DateField) -> None:
        self.refuse_future(field, _l("Il giorno dell’incasso non può essere nel futuro."))
