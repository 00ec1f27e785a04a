"""The buyer's orders: the list, and how far each one is."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gifting.orders import queries
from gifting.orders.views import bp
from gifting.orders.views.page import cut, show
from gifting.platform.addresses import read_id


@bp.get("/ordini")
def mine() -> ResponseReturnValue:
    """List the company's orders, newest first."""
    before = request.args.get("prima", type=read_id)
    orders, older = cut(
        queries.list_orders(company_id=current_user.company_id, before=before), ".mine"
    )
    return render_template("orders/mine.html", orders=orders, older=older)


@bp.get("/ordini/<reference>")
def detail(reference: str) -> ResponseReturnValue:
    """Show what was ordered and how far it is."""
    shown = show(reference, company_id=current_user.company_id, role=current_user.role)
    return render_template("orders/detail.html", **shown)
