"""What a browser may send about orders."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from gifting.orders.service import Evidence
from gifting.platform.fields import UploadField
from gifting.platform.uploads import EVIDENCE
from gifting.quotes.forms.buyer import RevisionRead


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


def _purchase_order_number(label: Any) -> StringField:
    """Return the field of the buyer's own number, which electronic invoices carry as it is."""
    return StringField(
        label,
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


def _role(label: Any) -> StringField:
    return StringField(
        label,
        filters=[_strip],
        validators=[Optional(), Length(max=80, message=_l("Bastano 80 caratteri."))],
    )


class OfferRead(RevisionRead):
    """Which revision and which file the page showed: what is accepted is exactly that."""

    pdf_sha256 = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}$")])

    @property
    def is_forged(self) -> bool:
        return super().is_forged or bool(self.pdf_sha256.errors)


class AcceptOfferForm(OfferRead):
    """The buyer's acceptance."""

    purchase_order_number = _purchase_order_number(_l("Il tuo numero d’ordine"))
    signed_role = _role(_l("La tua funzione in azienda"))
    is_agreed = BooleanField(
        _l("Ho letto l’offerta e le condizioni e posso impegnare l’azienda"),
        validators=[
            InputRequired(
                message=_l("Per accettare spunta la casella: dice che puoi impegnare l’azienda.")
            )
        ],
    )


class AcceptForBuyerForm(OfferRead):
    """Sales' acceptance for a buyer who answered by mail, with the buyer's order as evidence."""

    signed_name = StringField(
        _l("Chi ha accettato"),
        filters=[_strip],
        validators=[
            InputRequired(message=_l("Scrivi il nome di chi ha accettato per l’azienda.")),
            Length(max=80, message=_l("Bastano 80 caratteri.")),
        ],
    )
    signed_role = _role(_l("Funzione in azienda"))
    purchase_order_number = _purchase_order_number(_l("Numero d’ordine dell’azienda"))
    evidence = UploadField(
        _l("Ordine d’acquisto ricevuto"),
        validators=[FileRequired(message=_l("Allega l’ordine dell’azienda: PDF, JPEG o PNG."))],
        kind=EVIDENCE,
    )

    @property
    def attached(self) -> Evidence:
        """What was attached, as it may be kept; only of a valid form."""
        kept = self.evidence.upload
        return Evidence(self.evidence.name_to_keep, kept.content, kept.media_type)
