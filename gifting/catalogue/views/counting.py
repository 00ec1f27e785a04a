"""A count of the stockroom: the sheet to fill in, its preview, and writing it down as a whole."""

import csv
from io import StringIO

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from gifting.catalogue import queries, service
from gifting.catalogue.forms import CountSheetForm
from gifting.catalogue.queries import Shelved
from gifting.catalogue.service import CountFault, CountProblem, CountSheet
from gifting.catalogue.views import bp
from gifting.platform import clock, exports, sheets
from gifting.platform.exports import Column
from gifting.platform.formats import number
from gifting.platform.sheets import SheetRefused
from gifting.platform.uow import transaction

COLUMNS: tuple[Column[Shelved], ...] = (
    Column(service.SKU, lambda row: row.sku),
    Column(_l("prodotto"), lambda row: row.name_it),
    Column(_l("impegnati"), lambda row: row.reserved),
    Column(service.PIECES, lambda row: row.on_hand),
)


@bp.get("/ufficio/esporta/scorte.<any(csv, xlsx):form>")
def export_stock(form: str) -> ResponseReturnValue:
    """Give the stock as the sheet that a count is written into."""
    return exports.send(_("Scorte"), COLUMNS, queries.list_shelved().values(), form=form)


@bp.route("/ufficio/prodotti/conta", methods=["GET", "POST"])
def preview_count() -> ResponseReturnValue:
    """Ask for a counted sheet, then show what it would change or what is wrong in it."""
    form = CountSheetForm()
    if not form.validate_on_submit():
        return _show(form), 422 if form.is_submitted() else 200
    sheet = service.read_count(form.sheet.rows)
    return _show(form, sheet, _write(sheet)), 422 if sheet.problems else 200


@bp.post("/ufficio/prodotti/conta/conferma")
def apply_count() -> ResponseReturnValue:
    """Write down the count that was shown, read anew: all of it or nothing."""
    written = request.form.get("righe", "")
    try:
        rows = sheets.read(written.encode(), service.COUNT_LIMITS)
        with transaction():
            changed = service.apply_count(rows, actor_id=current_user.id, now=clock.now())
    except SheetRefused:
        flash(_("Il foglio è arrivato incompleto: caricalo di nuovo."), "warning")
        return redirect(url_for("catalogue.preview_count"))
    except service.CountRefused as refused:
        return _show(CountSheetForm(formdata=None), refused.sheet), 422
    except service.StockBelowReserved:  # an order came in between: read again, it shows where
        return _show(CountSheetForm(formdata=None), service.read_count(rows)), 422
    flash(
        ngettext("Scorta aggiornata: un prodotto.", "Scorte aggiornate: %(num)d prodotti.", changed)
        if changed
        else _("Le scorte erano già così: non è cambiato niente."),
        "success",
    )
    return redirect(url_for("catalogue.staff_products"), code=303)


def problem_words(problem: CountProblem) -> str:
    """Say what is wrong in a cell and what to write instead."""
    said = {
        CountFault.NO_COLUMN: _("Manca la colonna «%(name)s».", name=problem.column),
        CountFault.NO_ROWS: _("Sotto le intestazioni non c’è nessuna riga."),
        CountFault.NO_SKU: _("Manca il codice del prodotto."),
        CountFault.UNKNOWN_SKU: _("«%(cell)s» non è nel catalogo.", cell=problem.cell),
        CountFault.TWICE: _("«%(cell)s» c’è già in una riga sopra.", cell=problem.cell),
        CountFault.NO_NUMBER: _("«%(cell)s» non è un numero di pezzi.", cell=problem.cell),
        CountFault.TOO_MANY: _("«%(cell)s» è più di quanto contiamo.", cell=problem.cell),
        CountFault.BELOW_RESERVED: _(
            "«%(cell)s» è meno dei pezzi impegnati da ordini.", cell=problem.cell
        ),
    }[problem.fault]
    return f"{said} {_proposal_words(problem)}".strip()


def _proposal_words(problem: CountProblem) -> str:
    if problem.fault is CountFault.UNKNOWN_SKU and problem.proposal:
        return str(_("Volevi dire %(sku)s?", sku=problem.proposal))
    if problem.fault is CountFault.BELOW_RESERVED:
        return str(_("Scrivi almeno %(n)s.", n=number(int(problem.proposal))))
    if problem.fault is CountFault.TOO_MANY:
        return str(_("Scrivi al massimo %(n)s.", n=number(int(problem.proposal))))
    return ""


def _write(sheet: CountSheet) -> str:
    """Write the counts as the confirming form carries them."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow([service.SKU, service.PIECES])
    writer.writerows([count.product.sku, count.pieces] for count in sheet.counts)
    return out.getvalue()


def _show(form: CountSheetForm, sheet: CountSheet | None = None, rows: str = "") -> str:
    return render_template(
        "catalogue/staff_count.html",
        form=form,
        sheet=sheet,
        rows=rows,
        problem_words=problem_words,
        columns=(service.SKU, service.PIECES),
    )
