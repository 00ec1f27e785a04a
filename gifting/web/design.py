"""What the page `/design` shows of the components: a form in each state, and the colours."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour with its steps in `tokens.css`, and what it means wherever it stands."""

    name: str
    steps: tuple[int, ...]
    meaning: LazyString


PALETTE = (
    Ink(
        "z",
        (50, 100, 200, 300, 400, 500, 600, 700, 800, 900),
        _l("Carta da zucchero: il marchio, le azioni, ciò che è in corso."),
    ),
    Ink(
        "a",
        (50, 100, 300, 500, 600, 700),
        _l("Amarena: lo spago, l’errore, ciò che è in ritardo."),
    ),
    Ink("s", (50, 100, 300, 400, 600, 700), _l("Zafferano: l’attesa e il segnale di prezzo.")),
    Ink("p", (50, 100, 300, 500, 600, 700), _l("Pistacchio: ciò che è fatto.")),
)


class SampleForm(Form):
    """Fields of every kind. It is shown and never sent."""

    company_name = StringField(_l("Ragione sociale"), default="Meridiana Assicurazioni (esempio)")
    order_number = StringField(_l("Numero ordine d’acquisto"))
    vat_number = StringField(_l("Partita IVA"), default="012345678")
    net_price = DecimalField(_l("Importo netto"), default=640)
    city = SelectField(
        _l("Città"), choices=[SelectChoice("mi", "Milano"), SelectChoice("pd", "Padova")]
    )
    note = TextAreaField(_l("Note"))
    is_agreed = BooleanField(_l("Ho letto come usate i dati"), default=True)
    place = RadioField(
        _l("Dove li portiamo?"),
        choices=[SelectChoice("one", _l("A una sede")), SelectChoice("many", _l("A più sedi"))],
        default="one",
    )
    vat = RadioField(
        _l("Prezzi"),
        choices=[SelectChoice("net", _l("IVA esclusa")), SelectChoice("gross", _l("IVA inclusa"))],
        default="net",
    )


def sample_form() -> SampleForm:
    """Return the form with one mistake at a field, worded as the rules would word it."""
    form = SampleForm()
    form.vat_number.errors = [_("La partita IVA ha 9 cifre: ne servono 11.")]
    return form
