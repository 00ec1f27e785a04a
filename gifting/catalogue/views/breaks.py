"""Quantity breaks: the set in force, those to come, and all that were."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.catalogue import policy, queries, service
from gifting.catalogue.forms import BreaksForm
from gifting.catalogue.views import bp
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.get("/ufficio/sconti-quantita")
def staff_breaks() -> ResponseReturnValue:
    """The dated sets and the form for a new one."""
    today = clock.today()
    steps = queries.list_quantity_breaks(on=today)
    rows = [{"min_quantity": s.min_quantity, "discount": s.discount} for s in steps]
    return _show(BreaksForm(formdata=None, data={"valid_from": today, "rows": rows}))


@bp.post("/ufficio/sconti-quantita")
def set_breaks() -> ResponseReturnValue:
    """Put a new set in force from a day on."""
    form = BreaksForm()
    if form.validate():
        try:
            with transaction():
                service.set_breaks(
                    form.steps(),
                    valid_from=form.valid_from.data,
                    actor_id=current_user.id,
                    now=clock.now(),
                )
        except service.DateInThePast:
            form.valid_from.errors = [_("Scegli oggi o un giorno a venire: il passato non cambia.")]
        except service.BreaksDoNotRise:
            form.form_errors.append(
                _("Scrivi almeno una soglia; a più cesti deve andare uno sconto più alto.")
            )
        else:
            flash(_("Sconti salvati."), "success")
            return redirect(url_for("catalogue.staff_breaks"), code=303)
    return _show(form), 422


def _show(form: BreaksForm) -> str:
    today = clock.today()
    sets = queries.list_break_sets()
    current = next((item.valid_from for item in sets if item.valid_from <= today), None)
    return render_template(
        "catalogue/staff_breaks.html",
        form=form,
        sets=sets,
        current=current,
        today=today,
        can_edit=current_user.role in policy.EDITORS,
    )
