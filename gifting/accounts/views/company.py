"""A company's own page: its people, where its invoices go, what changed and who changed it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries
from gifting.accounts.forms.brand import LogoForm
from gifting.accounts.forms.company import InvoicingForm
from gifting.accounts.queries.history import list_changes
from gifting.accounts.queries.invitations import list_open_invitations
from gifting.accounts.queries.people import list_members
from gifting.accounts.service.company import change_invoicing as change
from gifting.accounts.views import bp
from gifting.accounts.views.people import show_history
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.get("/azienda")
def company() -> ResponseReturnValue:
    """Show the company to its people."""
    return show_company(LogoForm())


def show_company(logo_form: LogoForm) -> str:
    """Draw the page; who manages the people also sees what only managers may."""
    company_id = current_user.company_id
    is_manager = current_user.is_manager
    return render_template(
        "accounts/company/page.html",
        company=queries.get_company(company_id),
        members=list_members(company_id),
        invitations=list_open_invitations(company_id) if is_manager else [],
        changes=list_changes(company_id, limit=5) if is_manager else [],
        logo_form=logo_form,
        now=clock.now(),
    )


@bp.get("/azienda/registro")
def company_history() -> ResponseReturnValue:
    """Show what the company's people changed, newest first."""
    return show_history()


@bp.route("/azienda/fatturazione", methods=["GET", "POST"])
def change_invoicing() -> ResponseReturnValue:
    """Show where the invoices go, and write it down anew."""
    found = queries.get_company(current_user.company_id)
    form = InvoicingForm.of(found)
    if not form.validate_on_submit():
        page = render_template("accounts/company/invoicing.html", form=form, company=found)
        return page, 422 if form.is_submitted() else 200
    with transaction():
        change(
            found.id,
            details=form.invoicing(),
            version=form.version.data,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Dati di fatturazione salvati."), "success")
    return redirect(url_for("accounts.company", _anchor="fatturazione"))
