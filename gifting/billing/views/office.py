"""The office's invoices: what is to be issued, what came in, and the two verbs of accounting."""

import secrets
from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from gifting.billing import queries, service
from gifting.billing.forms import IssueForm, PaymentForm
from gifting.billing.queries import InvoicePage
from gifting.billing.views import bp, wording
from gifting.billing.views.listing import TO_PAY, export_asked, list_asked
from gifting.core.calendar import rome_date
from gifting.core.roles import BILLING
from gifting.orders import documents as orders
from gifting.orders import queries as ordering
from gifting.orders.queries import OrderPage
from gifting.platform import clock
from gifting.platform.formats import date_long
from gifting.platform.numbering import NumberSeriesClosed
from gifting.platform.uow import transaction


@bp.get("/ufficio/fatture")
def staff_list() -> ResponseReturnValue:
    """List what is to be invoiced, then all invoices under what is owed to us."""
    today = clock.today()
    totals = queries.get_totals(company_id=None, today=today)
    return render_template(
        "billing/staff/list.html",
        listing=list_asked(".staff_list", company_id=None, today=today),
        to_invoice=queries.list_to_invoice(),
        totals=totals,
        overdue_words=wording.overdue_words(totals),
        to_pay_words=wording.to_pay_words(totals),
        to_pay=TO_PAY,
        status_words=wording.status_words,
        may_issue=current_user.role in BILLING,
        today=today,
    )


@bp.get("/ufficio/esporta/fatture.<any(csv, xlsx):form>")
def export(form: str) -> ResponseReturnValue:
    """Give all companies' invoices, as the list is filtered, to take away."""
    return export_asked(company_id=None, today=clock.today(), form=form)


@bp.route("/ufficio/ordini/<reference>/fattura", methods=["GET", "POST"])
def issue(reference: str) -> ResponseReturnValue:
    """Ask for the date and say what cannot be undone; then issue, once."""
    page = orders.get_page(reference, company_id=None, locale=str(get_locale() or "it"))
    if page.invoiced:
        return redirect(url_for(".staff_detail", reference=page.invoiced))
    service.expect_going(page.head.state)
    form = IssueForm(issued_on=clock.today())
    form.today, form.ordered_on = clock.today(), rome_date(page.head.placed_at)
    if not form.validate_on_submit():
        return _show_issue(page, form)
    try:
        with transaction():
            invoice = service.issue_invoice(
                ordering.get_order_to_invoice(reference),
                issued_on=form.issued_on.data,
                actor_id=current_user.id,
                now=clock.now(),
            )
            number = invoice.reference
    except NumberSeriesClosed as closed:
        form.issued_on.errors = [
            _(
                "L’ultima fattura è del %(day)s: scegli quella data o una più recente.",
                day=date_long(closed.last_date),
            )
        ]
        return _show_issue(page, form)
    flash(_("Fattura %(number)s emessa.", number=number), "success")
    return redirect(url_for(".staff_detail", reference=number))


def _show_issue(page: OrderPage, form: IssueForm) -> ResponseReturnValue:
    return render_template(
        "billing/staff/issue.html",
        page=page,
        order=page.head,
        form=form,
        vat_rows=wording.vat_rows(page.document.breakdown),
    ), 422 if form.errors else 200


@bp.get("/ufficio/fatture/<path:reference>")
def staff_detail(reference: str) -> ResponseReturnValue:
    """Show an invoice with its payments, and the form for the next one."""
    today = clock.today()
    page = queries.get_page(reference, company_id=None, today=today)
    return _show(page, _payment_form(page, today=today))


@bp.post("/ufficio/pagamenti/<path:reference>")
def register_payment(reference: str) -> ResponseReturnValue:
    """Register money received for an invoice."""
    today = clock.today()
    page = queries.get_page(reference, company_id=None, today=today)
    form = _payment_form(page, today=today)
    if not form.validate() or form.amount.data is None:
        if form.submission_key.errors:
            abort(400)
        return _show(page, form)
    with transaction():
        service.register_payment(
            queries.get_invoice_to_pay(reference),
            amount=form.amount.data,
            received_on=form.received_on.data,
            method=form.method.data,
            note=form.note.data,
            submission_key=form.submission_key.data,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Incasso registrato."), "success")
    return redirect(url_for(".staff_detail", reference=reference))


def _payment_form(page: InvoicePage, *, today: date) -> PaymentForm:
    """Propose what is still owed, today."""
    form = PaymentForm(
        amount=page.row.residual if page.row.residual > 0 else None,
        received_on=today,
        submission_key=secrets.token_urlsafe(24),
    )
    form.today = today
    return form


def _show(page: InvoicePage, form: PaymentForm) -> ResponseReturnValue:
    return render_template(
        "billing/staff/detail.html",
        page=page,
        invoice=page.row,
        form=form,
        steps=wording.steps(page),
        vat_rows=wording.vat_rows(page.breakdown),
        event_words=wording.event_words,
        method_words=wording.method_words,
        may_register=current_user.role in BILLING,
    ), 422 if form.errors else 200
