"""What a browser may send about companies and people, and how mistakes are worded."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    PasswordField,
    RadioField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from gifting.accounts.service import CompanyDetails, PersonDetails
from gifting.core import identifiers, passwords
from gifting.core.identifiers import IdentifierError

PASSWORD_MAX = passwords.MOST
_EMAIL_MAX = 254
_EMAIL = re.compile(
    r"[^\s@,;<>()\[\]\\\"]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{4,}")
_PROVINCE = re.compile(r"[A-Z]{2}")


def word_identifier_error(error: IdentifierError) -> str:
    """Say in the reader's language what is wrong with an identifier and how to mend it."""
    return str(_word(error.code, error.values))


def _word(code: str, values: dict[str, int]) -> Any:
    if code == "vat_length":
        return ngettext(
            "La partita IVA ha %(num)d cifra: ne servono 11.",
            "La partita IVA ha %(num)d cifre: ne servono 11.",
            values["digits"],
        )
    if code == "tax_code_length":
        return ngettext(
            "Il codice fiscale ha 16 caratteri, o 11 cifre: ne hai scritto %(num)d.",
            "Il codice fiscale ha 16 caratteri, o 11 cifre: ne hai scritti %(num)d.",
            values["characters"],
        )
    if code == "sdi_length":
        return ngettext(
            "Il codice destinatario ha %(expected)d caratteri: ne hai scritto %(num)d. "
            "Se usi la PEC, scegli PEC.",
            "Il codice destinatario ha %(expected)d caratteri: ne hai scritti %(num)d. "
            "Se usi la PEC, scegli PEC.",
            values["characters"],
            expected=values["expected"],
        )
    if code == "iban_length":
        return _("L’IBAN non ha la lunghezza giusta: quello italiano ha 27 caratteri.")
    return _plain_identifier_errors()[code]


def _plain_identifier_errors() -> dict[str, str]:
    return {
        "vat_form": _(
            "Questa non è una partita IVA italiana: sono 11 cifre. Copiala dalla visura."
        ),
        "vat_checksum": _("Una cifra della partita IVA non torna. Ricontrollala dalla visura."),
        "tax_code_form": _(
            "Nel codice fiscale un carattere è fuori posto. Ricontrollalo dalla visura."
        ),
        "tax_code_checksum": _(
            "Un carattere del codice fiscale non torna. Ricontrollalo dalla visura."
        ),
        "sdi_form": _("Nel codice destinatario ci sono solo lettere e cifre: togli il resto."),
        "pec_form": _("L’indirizzo PEC è incompleto: ha la forma nome@dominio.it."),
        "pec_is_sdi": _(
            "Questo è l’indirizzo del Sistema di Interscambio: scrivi la PEC della tua azienda."
        ),
        "cap_form": _("Il CAP ha 5 cifre."),
        "iban_form": _("Questo non è un IBAN: comincia con due lettere, come IT60."),
        "iban_checksum": _("Un carattere dell’IBAN non torna. Ricontrollalo dall’estratto conto."),
    }


class Needed:
    """The field must be filled; `message` says with what."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms' own protocol

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if not (field.data or "").strip():
            field.errors[:] = []
            raise StopValidation(str(self.message))


class AtMost:
    """The text has at most so many characters, counted for whoever wrote more."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        if len(field.data or "") > self.most:
            raise StopValidation(
                _(
                    "Qui ci stanno %(most)d caratteri: ne hai scritti %(written)d.",
                    most=self.most,
                    written=len(field.data),
                )
            )


def strip(text: str | None) -> str:
    """Return the text without the space around it."""
    return (text or "").strip()


def check_email(_form: Form, field: Field) -> None:
    """Refuse what cannot be an address, by form."""
    if "@" not in field.data:
        raise ValidationError(_("Nell’e-mail manca la chiocciola (@): ricontrollala."))
    if len(field.data) > _EMAIL_MAX or ".." in field.data or not _EMAIL.fullmatch(field.data):
        raise ValidationError(_("L’e-mail è incompleta: ha la forma nome@azienda.it."))


def check_new_password(_form: Form, field: Field) -> None:
    """Refuse a password that is short or among the first to be tried."""
    length = len(field.data or "")
    if length < passwords.FEWEST:
        raise ValidationError(
            ngettext(
                "La password ha %(num)d carattere: ne servono 12. Va bene anche una frase.",
                "La password ha %(num)d caratteri: ne servono 12. Va bene anche una frase.",
                length,
            )
        )
    if length > PASSWORD_MAX:
        raise ValidationError(_("La password è troppo lunga: bastano 200 caratteri."))
    if passwords.is_known(field.data):
        raise ValidationError(
            _("Questa password è tra le prime che si provano: scegli una frase tutta tua.")
        )


class NewPasswordField(PasswordField):
    """A password being chosen. Never sent back, never stripped."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label,
            [Needed(_l("Scegli una password di almeno 12 caratteri.")), check_new_password],
            render_kw={"autocomplete": "new-password"},
            **kwargs,
        )


def _check(check: Callable[[str], str], field: Field) -> None:
    """Check an identifier and keep its compact form, or word what is wrong."""
    try:
        field.data = check(field.data)
    except IdentifierError as error:
        raise ValidationError(word_identifier_error(error)) from error


def _upper(text: str | None) -> str:
    return strip(text).upper()


class CompanyFields(Form):
    """What a new company's invoices need; for use in a FormField.

    Of the code of the exchange system and the PEC, only the chosen one is checked and kept.
    """

    vat_number = StringField(
        _l("Partita IVA"), filters=[strip], render_kw={"inputmode": "numeric", "size": 14}
    )
    tax_code = StringField(
        _l("Codice fiscale"), filters=[strip], render_kw={"autocapitalize": "characters"}
    )
    name = StringField(
        _l("Ragione sociale"),
        [Needed(_l("Scrivi la ragione sociale, com’è sulle fatture.")), AtMost(80)],
        filters=[strip],
        render_kw={"autocomplete": "organization"},
    )
    invoice_by = RadioField(
        _l("Come ricevi le fatture elettroniche?"),
        choices=[
            SelectChoice("sdi", _l("Codice destinatario")),
            SelectChoice("pec", _l("PEC")),
            SelectChoice("later", _l("Te lo dico dopo")),
        ],
        default="sdi",
    )
    sdi_code = StringField(
        _l("Codice destinatario"), filters=[_upper], render_kw={"autocapitalize": "characters"}
    )
    pec = StringField(_l("PEC"), filters=[strip], render_kw={"type": "email", "inputmode": "email"})
    street = StringField(
        _l("Via e numero"),
        [Needed(_l("Scrivi via e numero della sede.")), AtMost(60)],
        filters=[strip],
        render_kw={"autocomplete": "street-address"},
    )
    cap = StringField(
        _l("CAP"),
        [Needed(_l("Scrivi il CAP: ha 5 cifre."))],
        filters=[strip],
        render_kw={"autocomplete": "postal-code", "inputmode": "numeric", "size": 6},
    )
    city = StringField(
        _l("Città"),
        [Needed(_l("Scrivi la città della sede.")), AtMost(60)],
        filters=[strip],
        render_kw={"autocomplete": "address-level2"},
    )
    province = StringField(
        _l("Provincia"),
        [Needed(_l("Scrivi la sigla della provincia, come MI."))],
        filters=[_upper],
        render_kw={"autocapitalize": "characters", "size": 4},
    )

    def validate_vat_number(self, field: Field) -> None:
        if field.data:
            _check(identifiers.check_vat_number, field)
        elif not self.tax_code.data:
            raise ValidationError(_("Scrivi la partita IVA o, se non l’hai, il codice fiscale."))

    def validate_tax_code(self, field: Field) -> None:
        if field.data:
            _check(identifiers.check_tax_code, field)

    def validate_sdi_code(self, field: Field) -> None:
        if self.invoice_by.data == "sdi":
            _check(identifiers.check_sdi_code, field)

    def validate_pec(self, field: Field) -> None:
        if self.invoice_by.data == "pec":
            _check(identifiers.check_pec, field)

    def validate_cap(self, field: Field) -> None:
        _check(identifiers.check_cap, field)

    def validate_province(self, field: Field) -> None:
        if not _PROVINCE.fullmatch(field.data):
            raise ValidationError(_("La provincia è una sigla di due lettere, come MI."))

    def details(self) -> CompanyDetails:
        """Return what was checked."""
        chosen = self.invoice_by.data
        return CompanyDetails(
            name=self.name.data,
            vat_number=self.vat_number.data or None,
            tax_code=self.tax_code.data,
            sdi_code=self.sdi_code.data if chosen == "sdi" else "",
            pec=self.pec.data if chosen == "pec" else "",
            street=self.street.data,
            cap=self.cap.data,
            city=self.city.data,
            province=self.province.data,
        )


def _check_phone(_form: Form, field: Field) -> None:
    if field.data and not _PHONE.fullmatch(field.data):
        raise ValidationError(_("Nel telefono ci sono solo cifre, spazi e il + davanti."))


def _check_name(_form: Form, field: Field) -> None:
    """Refuse links and addresses: the name opens our letters, and strangers choose it."""
    if re.search(r"[/@<>]|www\.", field.data, re.IGNORECASE):
        raise ValidationError(_("Qui va solo il nome: togli indirizzi e simboli."))


def name_field() -> Field:
    return StringField(
        _l("Nome e cognome"),
        [Needed(_l("Scrivi nome e cognome.")), AtMost(80), _check_name],
        filters=[strip],
        render_kw={"autocomplete": "name"},
    )


def _phone_field() -> Field:
    return TelField(
        _l("Telefono"),
        [AtMost(30), _check_phone],
        filters=[strip],
        render_kw={"autocomplete": "tel"},
    )


class PersonFields(Form):
    """A company's first person; for use in a FormField. The password is never sent back."""

    name = name_field()
    email = EmailField(
        _l("E-mail di lavoro"),
        [Needed(_l("Scrivi la tua e-mail: lì ti mandiamo l’offerta.")), check_email],
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )
    phone = _phone_field()
    password = NewPasswordField(_l("Scegli una password"))

    def details(self) -> PersonDetails:
        """Return what was checked; the password is `.password.data`."""
        return PersonDetails(name=self.name.data, email=self.email.data, phone=self.phone.data)


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail"),
        [Needed(_l("Scrivi la tua e-mail."))],
        filters=[strip],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [Needed(_l("Scrivi la tua password.")), AtMost(PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField()


class ProfileForm(FlaskForm):
    name = name_field()
    phone = _phone_field()
    locale = RadioField(
        _l("Lingua"),
        choices=[SelectChoice("it", "Italiano"), SelectChoice("en", "English")],
        default="it",
    )


class ChangePasswordForm(FlaskForm):
    old = PasswordField(
        _l("Password di adesso"),
        [Needed(_l("Scrivi la password che usi adesso.")), AtMost(PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
    new = NewPasswordField(_l("Password nuova"))
