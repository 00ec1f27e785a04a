"""What a buyer's browser may send about a request or a quote."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from gifting.accounts.forms import AtMost, CompanyFields, Needed, PersonFields, strip
from gifting.platform.formats import date_long
from gifting.quotes.models import DeliveryMode

DATE_FORMATS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_LONGEST_MESSAGE = 4000


class DayField(StringField):
    """A day as people write it, day first; `.day` is the date, None when empty."""

    day: date | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.day = None
        text = strip(self.data)
        if not text:
            return
        for form in DATE_FORMATS:
            try:
                self.day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            return
        raise ValueError(_("Scrivi giorno, mese e anno, come 11/12/2026."))


class RequestForm(FlaskForm):
    """A request for a quote. Somebody signed in sends neither company nor person.

    `today` and `earliest_on` are set by the view before it validates.
    """

    today: date
    earliest_on: date | None = None

    submission_key = HiddenField(validators=[InputRequired(), AtMost(64)])
    title = StringField(_l("Titolo del preventivo"), validators=[AtMost(80)], filters=[strip])
    delivery_mode = RadioField(
        _l("Dove li portiamo?"),
        choices=[
            SelectChoice(DeliveryMode.ONE_ADDRESS, _l("A una sede")),
            SelectChoice(DeliveryMode.SITES, _l("A più sedi")),
            SelectChoice(DeliveryMode.HOMES, _l("A casa di ciascuno")),
            SelectChoice(DeliveryMode.COLLECTION, _l("Ritiro in negozio")),
        ],
        default=DeliveryMode.ONE_ADDRESS,
    )
    delivery_note = StringField(
        _l("A quale indirizzo, o a quante sedi?"), validators=[AtMost(300)], filters=[strip]
    )
    wanted_on = DayField(
        _l("Entro quando ti servono?"), render_kw={"inputmode": "numeric", "size": 12}
    )
    purchase_order_number = StringField(
        _l("Numero ordine d’acquisto"), validators=[AtMost(20)], filters=[strip]
    )
    notes = TextAreaField(_l("Note"), validators=[AtMost(1500)], filters=[strip])
    company = FormField(CompanyFields)
    person = FormField(PersonFields)
    has_read_privacy = BooleanField(
        _l("Ho letto come usate i dati"),
        validators=[InputRequired(_l("Per creare l’accesso spunta la casella sui dati."))],
    )

    def validate_wanted_on(self, field: Any) -> None:
        if field.day is None or field.day > self.today:
            return
        if self.earliest_on is None:
            raise ValidationError(_("La data di consegna è già passata: scegline un’altra."))
        raise ValidationError(
            _(
                "La data di consegna è già passata: scegline una dal %(day)s.",
                day=date_long(self.earliest_on),
            )
        )

    def validate_purchase_order_number(self, field: Field) -> None:
        if not _PRINTABLE.fullmatch(field.data):
            raise ValidationError(
                _("Usa solo lettere senza accento, cifre e segni semplici: va in fattura così.")
            )


class MessageForm(FlaskForm):
    """A message for the thread."""

    body = TextAreaField(
        _l("Messaggio"),
        id="messaggio",
        validators=[Needed(_l("Scrivi il messaggio.")), AtMost(_LONGEST_MESSAGE)],
        filters=[strip],
    )


class AnswerForm(FlaskForm):
    """The answer to what sales asked."""

    body = TextAreaField(
        _l("La tua risposta"),
        id="risposta",
        validators=[Needed(_l("Scrivi la risposta.")), AtMost(_LONGEST_MESSAGE)],
        filters=[strip],
    )


class RevisionRead(FlaskForm):
    """Which revision the page showed: what is answered is exactly that one."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(min=1)], widget=HiddenInput())

    @property
    def is_forged(self) -> bool:
        """Tell whether what no person types is not as the page sent it."""
        return bool(self.revision.errors)


class ReasonForm(FlaskForm):
    """Why a request is taken back."""

    reason = TextAreaField(
        _l("Perché?"),
        validators=[Needed(_l("Scrivi due parole sul motivo.")), AtMost(_LONGEST_MESSAGE)],
        filters=[strip],
    )


class DeclineForm(RevisionRead, ReasonForm):
    """Why the offer is refused."""


class ChangeForm(RevisionRead):
    """What should be different: lines to tick and words. The view names the lines."""

    lines = SelectMultipleField(
        _l("Che cosa cambiamo?"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField(
        _l("Dicci come lo vuoi"),
        validators=[Needed(_l("Scrivi che cosa vuoi cambiare.")), AtMost(_LONGEST_MESSAGE)],
        filters=[strip],
    )
