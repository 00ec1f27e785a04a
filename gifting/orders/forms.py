"""What a browser may send about orders."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


class AcceptOfferForm(FlaskForm):
    """The buyer's acceptance: of exactly the revision and the file that the page showed."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(min=1)])
    pdf_sha256 = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}$")])
    purchase_order_number = StringField(
        _l("Il tuo numero d’ordine"),
        filters=[_strip],
        validators=[
            Optional(),
            Length(max=20, message=_l("Il numero d’ordine ha al massimo 20 caratteri.")),
            Regexp(
                r"^[\x20-\x7e]*$",
                message=_l("Usa solo lettere senza accento, cifre e segni semplici."),
            ),
        ],
    )
    signed_role = StringField(
        _l("La tua funzione in azienda"),
        filters=[_strip],
        validators=[Optional(), Length(max=80, message=_l("Bastano 80 caratteri."))],
    )
    is_agreed = BooleanField(
        _l("Ho letto le condizioni e posso impegnare l’azienda"),
        validators=[
            InputRequired(
                message=_l("Per accettare spunta la casella: dice che puoi impegnare l’azienda.")
            )
        ],
    )


class AcceptOnBehalfForm(FlaskForm):
    """Sales' acceptance for a buyer who answered by mail, with the buyer's order as evidence."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(min=1)])
    pdf_sha256 = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}$")])
    signed_name = StringField(
        _l("Chi ha accettato"),
        filters=[_strip],
        validators=[
            InputRequired(message=_l("Scrivi il nome di chi ha accettato per l’azienda.")),
            Length(max=80, message=_l("Bastano 80 caratteri.")),
        ],
    )
    signed_role = StringField(
        _l("Funzione in azienda"),
        filters=[_strip],
        validators=[Optional(), Length(max=80, message=_l("Bastano 80 caratteri."))],
    )
    purchase_order_number = StringField(
        _l("Numero d’ordine dell’azienda"),
        filters=[_strip],
        validators=[
            Optional(),
            Length(max=20, message=_l("Il numero d’ordine ha al massimo 20 caratteri.")),
        ],
    )
    evidence = FileField(
        _l("Ordine d’acquisto ricevuto"),
        validators=[FileRequired(message=_l("Allega l’ordine dell’azienda: PDF, JPEG o PNG."))],
    )
