"""What managers send about people, and what the invited send about themselves."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from gifting.accounts.forms import Needed, NewPasswordField, check_email, name_field, strip
from gifting.core.roles import Role, roles_of


class PartForm(FlaskForm):
    """What somebody may be among the people of `company_id`, or among the staff where it is None.

    Nothing else is read: a role of the other kind is no choice.
    """

    role = RadioField(
        _l("Che cosa fa"), [InputRequired(_l("Scegli che cosa fa."))], validate_choice=True
    )
    is_company_admin = BooleanField(_l("È responsabile: invita le persone e ne cambia il ruolo"))
    seen = HiddenField()

    def __init__(self, *args: Any, company_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = roles_of(company_id)
        self.role.choices = [
            SelectChoice(role.value, role.value) for role in Role if role in offered
        ]
        if company_id is None:
            del self.is_company_admin

    def part(self) -> tuple[Role, bool]:
        """Return the role that was chosen, and whether the person is to manage the people."""
        is_admin = self.is_company_admin.data if "is_company_admin" in self else False
        return Role(self.role.data), is_admin


class InviteForm(PartForm):
    email = EmailField(
        _l("E-mail"),
        [Needed(_l("Scrivi l’e-mail: lì arriva l’invito.")), check_email],
        filters=[strip],
        render_kw={"autocomplete": "off"},
    )
    name = name_field()


class AcceptForm(FlaskForm):
    """The password is never sent back."""

    name = name_field()
    password = NewPasswordField(_l("Scegli una password"))
    locale = RadioField(
        _l("Lingua"),
        choices=[SelectChoice("it", "Italiano"), SelectChoice("en", "English")],
        default="it",
    )
