"""Products and stock, for staff."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from gifting.catalogue import policy, queries, service
from gifting.catalogue.forms import LabelForm, PriceForm, SaleForm, StockForm, VatForm
from gifting.catalogue.queries import StockRow
from gifting.catalogue.views import bp, words
from gifting.core.diet import ALLERGENS, DIETS
from gifting.core.roles import COSTS
from gifting.platform import clock
from gifting.platform.formats import number
from gifting.platform.uow import transaction

VIEWS = ("", "label", "out", "off")


@bp.get("/ufficio/prodotti")
def staff_products() -> ResponseReturnValue:
    """The list by SKU: on hand, reserved, free, and what keeps a product from being sold."""
    only = request.args.get("solo", "")
    text = request.args.get("q", "").strip()[:60]
    rows = queries.list_stock(
        on=clock.today(),
        text=text,
        only=only if only in VIEWS else "",
        after=request.args.get("dopo"),
    )
    more = rows[queries.ROWS - 1].facts.sku if len(rows) > queries.ROWS else None
    return render_template(
        "catalogue/staff_products.html",
        rows=rows[: queries.ROWS],
        text=text,
        only=only,
        can_edit=current_user.role in policy.EDITORS,
        more=more,
        first=request.args.get("dopo") is not None,
    )


@bp.get("/ufficio/prodotti/<sku>")
def staff_product(sku: str) -> ResponseReturnValue:
    """A product's stock, label, prices and rates, with what may be changed."""
    return _show(queries.get_stock(sku, on=clock.today()))


@bp.post("/ufficio/prodotti/<sku>/prezzo")
def set_price(sku: str) -> ResponseReturnValue:
    """Set the price from a day on."""

    def save(row: StockRow, form: Any) -> str:
        service.set_price(
            row.facts.id,
            list_net=form.list_net.data,
            cost_net=form.cost_net.data,
            valid_from=form.valid_from.data,
            actor_id=current_user.id,
            now=clock.now(),
        )
        return str(_("Prezzo salvato."))

    return _change(sku, "price", PriceForm(), save)


@bp.post("/ufficio/prodotti/<sku>/iva")
def set_vat(sku: str) -> ResponseReturnValue:
    """Set the VAT rate from a day on."""

    def save(row: StockRow, form: VatForm) -> str:

        service.set_vat(
            row.facts.id,
            rate=Decimal(form.rate.data),
            legal_basis=form.legal_basis.data,
            valid_from=form.valid_from.data,
            actor_id=current_user.id,
            now=clock.now(),
        )
        return str(_("Aliquota salvata."))

    return _change(sku, "vat", VatForm(), save)


@bp.post("/ufficio/prodotti/<sku>/scorta")
def count_stock(sku: str) -> ResponseReturnValue:
    """Write down a count."""

    def save(row: StockRow, form: StockForm) -> str:
        service.count_stock(
            row.facts.id, on_hand=form.on_hand.data, actor_id=current_user.id, now=clock.now()
        )
        return str(_("Scorta salvata."))

    return _change(sku, "stock", StockForm(), save)


@bp.post("/ufficio/prodotti/<sku>/etichetta")
def confirm_label(sku: str) -> ResponseReturnValue:
    """Confirm what the label says."""

    def save(row: StockRow, form: LabelForm) -> str:
        service.confirm_label(
            row.facts.id,
            allergens=form.allergens.data or [],
            dietary=form.dietary.data or [],
            actor_id=current_user.id,
            now=clock.now(),
        )
        return str(_("Etichetta confermata."))

    return _change(sku, "label", _label_form(), save)


@bp.post("/ufficio/prodotti/<sku>/vendita")
def set_on_sale(sku: str) -> ResponseReturnValue:
    """Offer the product or stop offering it."""

    def save(row: StockRow, form: SaleForm) -> str:
        service.set_on_sale(
            row.facts.id,
            is_on_sale=form.is_on_sale.data == "si",
            actor_id=current_user.id,
            now=clock.now(),
        )
        return str(_("Salvato."))

    return _change(sku, "sale", SaleForm(), save)


def _change(
    sku: str, name: str, form: Any, save: Callable[[StockRow, Any], str]
) -> ResponseReturnValue:
    """Check the form, save in one transaction, and show the page with what is wrong."""
    row = queries.get_stock(sku, on=clock.today())
    if form.validate():
        try:
            with transaction():
                said = save(row, form)
        except service.DateInThePast:
            form.valid_from.errors = [_("Scegli oggi o un giorno a venire: il passato non cambia.")]
        except service.StockBelowReserved as error:
            form.on_hand.errors = [
                _("%(n)s pezzi sono impegnati da ordini.", n=number(error.reserved))
            ]
        else:
            flash(said, "success")
            return redirect(url_for("catalogue.staff_product", sku=sku), code=303)
    return _show(row, **{name: form}), 422


def _show(row: StockRow, **forms: FlaskForm) -> str:
    """Draw the page with fresh forms, but for the one that came back with errors."""
    today, facts = clock.today(), row.facts
    fresh = {
        "price": PriceForm(
            formdata=None, list_net=facts.list_net, cost_net=facts.cost_net, valid_from=today
        ),
        "vat": VatForm(formdata=None, rate=f"{facts.vat.rate.normalize():f}", valid_from=today),
        "stock": StockForm(formdata=None, on_hand=row.on_hand),
        "label": _label_form(
            formdata=None,
            allergens=sorted(facts.allergens or ()),
            dietary=sorted(facts.dietary or ()),
        ),
        "sale": SaleForm(formdata=None, is_on_sale="si" if row.is_offered else "no"),
    }
    return render_template(
        "catalogue/staff_product.html",
        row=row,
        facts=facts,
        history=queries.get_history(facts.id, with_costs=current_user.role in COSTS),
        sees_costs=current_user.role in COSTS,
        today=today,
        can_edit=current_user.role in policy.EDITORS,
        forms=fresh | forms,
        form=next(iter(forms.values()), None),
    )


def _label_form(
    *, allergens: list[str] | None = None, dietary: list[str] | None = None, **kwargs: Any
) -> LabelForm:
    values = {"allergens": allergens, "dietary": dietary} if "formdata" in kwargs else {}
    return LabelForm(
        [SelectChoice(slug, str(words.ALLERGENS[slug])) for slug in ALLERGENS],
        [SelectChoice(slug, str(words.DIETS[slug])) for slug in DIETS],
        data=values,
        **kwargs,
    )
