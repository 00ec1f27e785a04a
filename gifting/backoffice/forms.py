"""What the staff may send about jobs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gifting.accounts.forms import AtMost, Needed, strip


class ArchiveForm(FlaskForm):
    """Why a failed job is put aside."""

    reason = TextAreaField(
        _l("Perché si archivia"),
        [Needed(_l("Scrivi perché: chi guarda dopo di te deve capirlo.")), AtMost(500)],
        filters=[strip],
    )
