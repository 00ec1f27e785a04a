"""What is typed into the catalogue's pages: filters, prices, rates, counts, breaks."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from gifting.catalogue.queries import CATEGORIES, Filters, Sort
from gifting.catalogue.service import COUNT_LIMITS
from gifting.core.diet import ALLERGENS, DIETS
from gifting.core.money import HUNDRED, is_whole_cents
from gifting.platform.fields import SheetField, parse_decimal

MAX_PIECES = 100_000
VAT_RATES = ("4", "5", "10", "22")
_MAX_PRICE = Decimal(100_000)


class AmountField(Field):
    """An amount with at most two decimals, written «1.234,56» or «1234.56»."""

    widget = TextInput()
    data: Decimal | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.2f}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        written = valuelist[0].strip() if valuelist else ""
        if not written:
            return
        try:
            amount = parse_decimal(written)
        except ValueError:
            raise ValueError(_("Scrivi un importo, per esempio 12,50.")) from None
        if not is_whole_cents(amount):
            raise ValueError(_("Scrivi un importo con due decimali, per esempio 12,50."))
        if not 0 <= amount <= _MAX_PRICE:
            raise ValueError(_("L’importo non può essere negativo né oltre 100.000 €."))
        self.data = amount


class QueryForm(FlaskForm):
    """A form sent by GET: nothing changes, so nothing needs a token."""

    class Meta:
        csrf = False


class FilterForm(QueryForm):
    """The filters of the list of products. What cannot be read is said, and does not filter."""

    q = StringField(_l("Cerca nei prodotti"))
    da = AmountField(_l("da"), validators=[Optional()])
    a = AmountField(_l("a"), validators=[Optional()])
    pezzi = IntegerField(
        _l("Quanti pezzi ti servono?"),
        validators=[
            Optional(),
            NumberRange(1, MAX_PIECES, _l("Scrivi un numero fra 1 e 100.000.")),
        ],
    )
    entro = DateField(_l("Consegnati entro il"), validators=[Optional()])
    stagione = BooleanField(_l("Solo di stagione, oggi"))

    def filters(self, args: Any) -> Filters:
        """Read the filters; values nobody offers are left out."""
        self.validate()
        return Filters(
            text=(self.q.data or "").strip()[:80],
            categories=_offered(args.getlist("categoria"), CATEGORIES),
            producer=args.get("produttore", ""),
            regions=frozenset(filter(None, args.getlist("regione"))),
            diets=_offered(args.getlist("dieta"), DIETS),
            without=_offered(args.getlist("senza"), ALLERGENS),
            price_from=None if self.da.errors else self.da.data,
            price_to=None if self.a.errors else self.a.data,
            in_season=bool(self.stagione.data),
            by=None if self.entro.errors else self.entro.data,
            quantity=None if self.pezzi.errors else self.pezzi.data,
            sort=_sort(args.get("ordina", "")),
        )


class ReadyForm(QueryForm):
    """How many ready-made hampers, and by when."""

    pezzi = IntegerField(
        _l("Quanti cesti"),
        validators=[
            Optional(),
            NumberRange(1, MAX_PIECES, _l("Scrivi un numero fra 1 e 100.000.")),
        ],
    )
    entro = DateField(_l("Consegnati entro il"), validators=[Optional()])

    def quantity(self) -> int:
        self.validate()
        return self.pezzi.data if self.pezzi.data and not self.pezzi.errors else 1

    def by(self) -> date | None:
        return None if self.entro.errors else self.entro.data


def _amount_given(_form: FlaskForm, field: AmountField) -> None:
    if field.data is None and not field.errors:
        raise ValidationError(_("Scrivi un importo, per esempio 12,50."))


def _above_zero(_form: FlaskForm, field: AmountField) -> None:
    if field.data is not None and field.data <= 0:
        raise ValidationError(_("Scrivi un importo maggiore di zero."))


class PriceForm(FlaskForm):
    """A price from a day on."""

    list_net = AmountField(_l("Prezzo di listino, netto"), validators=[_amount_given, _above_zero])
    cost_net = AmountField(_l("Costo, netto"), validators=[_amount_given])
    valid_from = DateField(_l("In vigore dal"), validators=[InputRequired()])


class VatForm(FlaskForm):
    """A VAT rate from a day on, with its legal basis."""

    rate = SelectField(
        _l("Aliquota IVA"), choices=[SelectChoice(rate, f"{rate}%") for rate in VAT_RATES]
    )
    legal_basis = StringField(
        _l("Base di legge"),
        validators=[
            InputRequired(_l("Scrivi la norma, per esempio «Tab. A/III n. 68».")),
            Length(max=300),
        ],
    )
    valid_from = DateField(
        _l("In vigore dal"),
        validators=[InputRequired()],
        id="vat_valid_from",  # the page has the price's date too
    )


class StockForm(FlaskForm):
    """A count of the store room."""

    on_hand = IntegerField(
        _l("Pezzi contati in magazzino"),
        validators=[
            InputRequired(_l("Scrivi quanti pezzi hai contato.")),
            NumberRange(0, 1_000_000, _l("Scrivi un numero fra 0 e 1.000.000.")),
        ],
    )


class LabelForm(FlaskForm):
    """What staff read on the label; confirming is what puts food on sale."""

    allergens = SelectMultipleField(_l("Allergeni dichiarati"))
    dietary = SelectMultipleField(_l("Adatto a"))

    def __init__(
        self, allergens: list[SelectChoice], diets: list[SelectChoice], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.allergens.choices = allergens
        self.dietary.choices = diets


class SaleForm(FlaskForm):
    """Whether the product is offered."""

    is_on_sale = RadioField(
        _l("Vendita"),
        choices=[SelectChoice("si", _l("In vendita")), SelectChoice("no", _l("Sospeso"))],
    )


class CountField(IntegerField):
    """A whole number that may be left empty, and is then None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)


class BreakRow(FlaskForm):
    """One threshold; a row left empty does not count."""

    class Meta:
        csrf = False

    min_quantity = CountField(_l("Da quanti cesti"))
    discount = AmountField(_l("Sconto, per cento"))

    @property
    def is_empty(self) -> bool:
        return self.min_quantity.data is None and self.discount.data is None

    def validate_min_quantity(self, field: IntegerField) -> None:
        if field.data is None and self.discount.data is not None:
            raise ValidationError(_("Manca il numero di cesti."))
        if field.data is not None and not 1 < field.data <= MAX_PIECES:
            raise ValidationError(_("Scrivi un numero da 2 a 100.000."))

    def validate_discount(self, field: AmountField) -> None:
        if field.data is None and self.min_quantity.data is not None:
            raise ValidationError(_("Manca lo sconto."))
        if field.data is not None and not 0 < field.data < HUNDRED:
            raise ValidationError(_("Scrivi uno sconto fra 0 e 100, per esempio 2,5."))


class BreaksForm(FlaskForm):
    """A whole set of quantity breaks from a day on."""

    valid_from = DateField(_l("In vigore dal"), validators=[InputRequired()])
    rows = FieldList(FormField(BreakRow), min_entries=5, max_entries=5)

    def steps(self) -> list[tuple[int, Decimal]]:
        return [
            (row.min_quantity.data, row.discount.data)
            for row in (entry.form for entry in self.rows)
            if not row.is_empty
        ]


def _offered(values: Collection[str], known: Collection[str]) -> frozenset[str]:
    return frozenset(values) & frozenset(known)


def _sort(value: str) -> Sort:
    return Sort(value) if value in set(Sort) else Sort.RELEVANCE


class CountSheetForm(FlaskForm):
    """A counted sheet of the stockroom."""

    sheet = SheetField(
        _l("Foglio della conta"),
        [FileRequired(message=_l("Scegli il foglio con i pezzi contati."))],
        limits=COUNT_LIMITS,
    )
