"""The company's invoices: what is owed, the list, and each one with how to pay it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gifting.billing import queries
from gifting.billing.views import bp, wording
from gifting.billing.views.listing import TO_PAY, export_asked, list_asked
from gifting.platform import clock


@bp.get("/fatture")
def mine() -> ResponseReturnValue:
    """List the company's invoices under what is owed."""
    today, company_id = clock.today(), current_user.company_id
    totals = queries.get_totals(company_id=company_id, today=today)
    return render_template(
        "billing/mine.html",
        listing=list_asked(".mine", company_id=company_id, today=today),
        totals=totals,
        overdue_words=wording.overdue_words(totals),
        to_pay_words=wording.to_pay_words(totals),
        to_pay=TO_PAY,
        status_words=wording.status_words,
        today=today,
    )


@bp.get("/esporta/fatture.<any(csv, xlsx):form>")
def export_mine(form: str) -> ResponseReturnValue:
    """Give the company its invoices, as the list is filtered, to take away."""
    return export_asked(company_id=current_user.company_id, today=clock.today(), form=form)


@bp.get("/fatture/<path:reference>")
def detail(reference: str) -> ResponseReturnValue:
    """Show an invoice, how to pay it and what was paid."""
    page = queries.get_page(reference, company_id=current_user.company_id, today=clock.today())
    return render_template(
        "billing/detail.html",
        page=page,
        invoice=page.row,
        steps=wording.steps(page),
        vat_rows=wording.vat_rows(page.breakdown),
        method_words=wording.method_words,
    )
