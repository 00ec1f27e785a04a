"""The office's orders: the list to work from, and the page with stock and invoice."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from gifting.accounts import queries as accounts
from gifting.core.calendar import rome_date
from gifting.core.order_lifecycle import OrderState
from gifting.core.roles import BILLING, SALES, Role
from gifting.orders import queries
from gifting.orders.queries import OrderRow
from gifting.orders.views import bp, wording
from gifting.orders.views.page import cut, show
from gifting.platform import exports
from gifting.platform.addresses import read_id
from gifting.platform.exports import Column

IN_PROGRESS = "aperti"


@bp.get("/ufficio/ordini")
def staff_list() -> ResponseReturnValue:
    """List orders by state, newest first; a search looks among all of them."""
    text, asked = _asked()
    orders, older = cut(
        queries.list_orders(
            company_id=None,
            states=_states(asked),
            text=text,
            before=request.args.get("prima", type=read_id),
        ),
        ".staff_list",
    )
    return render_template(
        "orders/staff/list.html",
        orders=orders,
        older=older,
        text=text,
        asked=asked,
        states=[(state.value, wording.state_words(state)) for state in OrderState],
        in_progress=IN_PROGRESS,
    )


@bp.get("/ufficio/esporta/ordini.<any(csv, xlsx):form>")
def export(form: str) -> ResponseReturnValue:
    """Give the list, as it is filtered, to take away."""
    text, asked = _asked()

    def fetch(last: OrderRow | None) -> list[OrderRow]:
        return queries.list_orders(
            company_id=None,
            states=_states(asked),
            text=text,
            before=last.id if last else None,
            limit=exports.PAGE,
        )

    return exports.send(_("Ordini"), COLUMNS, exports.read_pages(fetch, exports.PAGE), form=form)


COLUMNS: tuple[Column[OrderRow], ...] = (
    Column(_l("Ordine"), lambda row: row.reference),
    Column(_l("Azienda"), lambda row: row.company_name),
    Column(_l("Titolo"), lambda row: row.title),
    Column(_l("Stato"), lambda row: wording.state_words(row.state)),
    Column(_l("Cesti"), lambda row: row.hampers),
    Column(_l("Ordinato"), lambda row: rome_date(row.placed_at)),
    Column(_l("Consegna"), lambda row: row.wanted_on),
    Column(_l("Totale con IVA"), lambda row: row.gross_total),
)


def _asked() -> tuple[str, str]:
    """Return what the address asks for: words to look for, and a choice of states."""
    text = request.args.get("q", "").strip()
    return text, request.args.get("stato", "" if text else IN_PROGRESS)


def _states(asked: str) -> tuple[OrderState, ...]:
    """Return the states a choice stands for; none narrows nothing."""
    if asked == IN_PROGRESS:
        return queries.OPEN
    return (OrderState(asked),) if asked in set(OrderState) else ()


@bp.get("/ufficio/ordini/<reference>")
def staff_detail(reference: str) -> ResponseReturnValue:
    """Show an order with its company, what is set aside for it, and its invoice."""
    shown = show(reference, company_id=None, role=current_user.role)
    return render_template(
        "orders/staff/detail.html",
        company=accounts.get_company(shown["order"].company_id),
        may_issue=current_user.role in BILLING,
        may_read_invoice=current_user.role in BILLING | {Role.SALES_MANAGER},
        may_read_quote=current_user.role in SALES,
        is_over=shown["order"].state in (OrderState.CANCELLED, OrderState.LAPSED),
        **shown,
    )
