"""What a browser may send about second factors."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField

from gifting.accounts.forms import AtMost, Needed, strip
from gifting.core import passwords
from gifting.core.one_time_codes import CodeError

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}


class CodeForm(FlaskForm):
    """Six digits: spaces may be typed, and are ignored."""

    code = StringField(
        _l("Codice"),
        [Needed(_l("Scrivi il codice di sei cifre.")), AtMost(20)],
        filters=[strip],
        render_kw=_CODE,
    )
    trust = BooleanField()


class RecoveryCodeForm(FlaskForm):
    code = StringField(
        _l("Codice di riserva"),
        [Needed(_l("Scrivi uno dei codici di riserva.")), AtMost(40)],
        filters=[strip],
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"},
    )


class OwnPasswordForm(FlaskForm):
    """A person's own password, before what is sensitive."""

    password = PasswordField(
        _l("La tua password"),
        [Needed(_l("Scrivi la password che usi adesso.")), AtMost(passwords.MOST)],
        render_kw={"autocomplete": "current-password"},
    )


def word_code_error(error: CodeError) -> str:
    """Say what is wrong with a code, and what to do."""
    said = {
        CodeError.WRONG: _("Questo codice non torna: scrivi quello che vedi adesso."),
        CodeError.EXPIRED: _("Questo codice è scaduto: scrivi quello che vedi adesso."),
        CodeError.USED: _("Questo codice è già servito: aspetta il prossimo, fra mezzo minuto."),
        CodeError.UNREADABLE: _("Non possiamo controllare questo codice: leggi sopra cosa fare."),
    }
    return str(said[error])


def word_first_code_error(error: CodeError) -> str:
    """Say it of the first code of a telephone, beside the QR code that it must come from."""
    if error is CodeError.UNREADABLE:
        return str(_("Questo codice QR è nuovo, quello di prima non vale più: inquadra questo."))
    return word_code_error(error)


def word_tries(left: int) -> str:
    """Say how many codes may still be tried."""
    return str(ngettext("Resta %(num)d tentativo.", "Restano %(num)d tentativi.", left))
