"""From an offer to its order: the buyer's own acceptance, and the office's on their behalf."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.quote_lifecycle import QuoteAction
from gifting.orders import queries, service
from gifting.orders.forms import AcceptForBuyerForm, AcceptOfferForm
from gifting.orders.views import bp
from gifting.platform import clock
from gifting.platform.failures import NOT_KEPT
from gifting.platform.uow import transaction
from gifting.quotes import queries as quotes
from gifting.quotes.models import Quote, QuoteRevision
from gifting.quotes.policy import VERBS
from gifting.quotes.service import AddressNotConfirmed, Signature
from gifting.quotes.views.buyer import render_detail


@bp.post("/preventivi/<reference>/accetta")
def accept(reference: str) -> ResponseReturnValue:
    """Accept the offer that the page showed and open its order; the second to click finds it."""
    quote = quotes.get_quote(reference, company_id=current_user.company_id)
    form = AcceptOfferForm()
    if not form.validate():
        if form.is_forged:
            abort(400)
        return render_detail(reference, acceptance=form)
    signature = Signature(
        revision_number=form.revision.data,
        pdf_sha256=form.pdf_sha256.data,
        user_id=current_user.id,
        name=current_user.name,
        role=form.signed_role.data or "",
        ip_address=request.remote_addr or "",
        purchase_order_number=form.purchase_order_number.data or "",
    )
    try:
        with transaction():
            placed = service.accept_offer(quote, signature=signature, now=clock.now())
            order, is_new = placed.order.reference, placed.is_new
    except AddressNotConfirmed:
        flash(_("Conferma il tuo indirizzo con il link che ti abbiamo mandato."), "warning")
        return redirect(url_for("quotes.detail", reference=reference))
    _welcome(order, is_new=is_new)
    return redirect(url_for("orders.detail", reference=order))


@bp.route("/ufficio/preventivi/<reference>/accetta", methods=["GET", "POST"])
def accept_on_behalf(reference: str) -> ResponseReturnValue:
    """Accept for a buyer who sent their order, and keep that order beside the offer."""
    quote = quotes.get_quote(reference, company_id=None)
    placed_before = queries.find_order_of(quote.id)
    if placed_before is not None:
        return redirect(url_for("orders.staff_detail", reference=placed_before))
    offer = quotes.find_offer(quote.id)
    if offer is None:
        raise TransitionNotAllowed(quote.state, QuoteAction.ACCEPT)
    state = quotes.shown_state(quote.state, offer.valid_until, now=clock.now())
    VERBS.expect(QuoteAction.ACCEPT, state, current_user.role)
    form = AcceptForBuyerForm(
        revision=offer.number,
        pdf_sha256=offer.pdf_sha256,
        purchase_order_number=quote.purchase_order_number,
    )
    if not form.validate_on_submit():
        return _show_form(form, quote, offer), 422 if form.errors else 200
    signature = Signature(
        revision_number=form.revision.data,
        pdf_sha256=form.pdf_sha256.data,
        user_id=current_user.id,
        name=form.signed_name.data,
        role=form.signed_role.data or "",
        ip_address=request.remote_addr or "",
        purchase_order_number=form.purchase_order_number.data or "",
    )
    try:
        with transaction():
            placed = service.accept_for_buyer(
                quote, signature=signature, evidence=form.attached, now=clock.now()
            )
            order, is_new = placed.order.reference, placed.is_new
    except NOT_KEPT as outage:
        form.evidence.blame(outage)
        return _show_form(form, quote, offer), 503
    _welcome(order, is_new=is_new)
    return redirect(url_for("orders.staff_detail", reference=order))


def _show_form(form: AcceptForBuyerForm, quote: Quote, offer: QuoteRevision) -> str:
    return render_template(
        "orders/staff/accept.html",
        form=form,
        quote=quote,
        offer=offer,
        company=quotes.get_company(quote.company_id),
        back=url_for("quotes.editor", reference=quote.reference),
    )


def _welcome(order: str, *, is_new: bool) -> None:
    if is_new:
        flash(_("Offerta accettata: ordine %(order)s confermato.", order=order), "success")
