"""Pages that belong to no slice."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gifting.core.invoice_lifecycle import InvoiceState, PaymentStatus
from gifting.core.order_lifecycle import OrderState
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.platform import clock
from gifting.web.design import PALETTE, sample_form
from gifting.web.home import get_home
from gifting.web.privacy import list_cookies, list_kept

bp = Blueprint("web", __name__)


@bp.get("/casa")
def buyer_home() -> ResponseReturnValue:
    """Show a company's person what waits for them and what is under way."""
    now = clock.now()
    return render_template(
        "web/home.html",
        home=get_home(current_user, current_user.company_id, now=now),
        is_finance=current_user.role is Role.FINANCE,
        now=now,
    )


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Say what is kept of people, why, and how long."""
    return render_template("web/privacy.html", kept=list(list_kept()), cookies=list(list_cookies()))


@bp.get("/design")
def design() -> ResponseReturnValue:
    """Show every component of the pages in every state, to whoever changes them."""
    return render_template(
        "web/design.html",
        palette=PALETTE,
        form=sample_form(),
        states={
            "quote": list(QuoteState),
            "order": list(OrderState),
            "invoice": list(InvoiceState),
            "payment": list(PaymentStatus),
        },
    )
