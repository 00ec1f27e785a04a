"""What a company's managers send as its logo."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired

from gifting.platform.fields import UploadField
from gifting.platform.uploads import LOGO


class LogoForm(FlaskForm):
    """A picture; of a valid form, `logo.upload` is what may be kept of it."""

    logo = UploadField(
        _l("File del marchio"),
        validators=[FileRequired(message=_l("Scegli un file: PNG, JPEG o WebP."))],
        kind=LOGO,
    )
