"""What a browser may send to get in again, and to change how it gets in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField

from gifting.accounts.forms import (
    PASSWORD_MAX,
    AtMost,
    Needed,
    NewPasswordField,
    check_email,
    strip,
)


class AskForLinkForm(FlaskForm):
    email = EmailField(
        _l("E-mail"),
        [Needed(_l("Scrivi la tua e-mail.")), check_email],
        filters=[strip],
        render_kw={"autocomplete": "username"},
    )


class NewPasswordForm(FlaskForm):
    new = NewPasswordField(_l("Scegli una password"))


class ChangeEmailForm(FlaskForm):
    email = EmailField(
        _l("E-mail nuova"),
        [Needed(_l("Scrivi l’indirizzo nuovo.")), check_email],
        filters=[strip],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        _l("La tua password"),
        [Needed(_l("Scrivi la password che usi adesso.")), AtMost(PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
