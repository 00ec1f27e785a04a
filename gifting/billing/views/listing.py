"""A list of invoices as its address asks for it: filters, page, and the choices to filter by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.billing import queries
from gifting.billing.queries import OWED, PAGE, InvoiceFilter, InvoiceRow
from gifting.core.invoice_lifecycle import PaymentStatus
from gifting.platform import exports
from gifting.platform.addresses import read_id
from gifting.platform.exports import Column

TO_PAY = "da-pagare"
"""Not paid in full, and not yet late: what the figure «da pagare» adds up."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of invoices with the state of its filters."""

    rows: list[InvoiceRow]
    older: str | None
    newest: str | None
    text: str
    year: int | None
    status: str
    years: list[int]
    statuses: list[tuple[str, str]]


def list_asked(endpoint: str, *, company_id: int | None, today: date) -> Listing:
    """Return the page of invoices that the request's address asks for."""
    wanted, status = _asked()
    found = queries.list_invoices(
        wanted,
        company_id=company_id,
        today=today,
        after=_read_cursor(request.args.get("dopo", "")),
    )
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "dopo"}
    rows = found[:PAGE]
    has_more = len(found) > PAGE
    return Listing(
        rows=rows,
        older=url_for(endpoint, dopo=_cursor(rows[-1]), **kept) if has_more else None,
        newest=url_for(endpoint, **kept) if "dopo" in request.args else None,
        text=wanted.text,
        year=wanted.year,
        status=status,
        years=queries.list_years(company_id=company_id),
        statuses=[
            (TO_PAY, _("Da pagare, non scadute")),
            (PaymentStatus.OVERDUE, _("Scadute")),
            (PaymentStatus.PARTLY_PAID, _("Pagate in parte")),
            (PaymentStatus.PAID, _("Pagate")),
            (PaymentStatus.OVERPAID, _("Pagate in più")),
        ],
    )


def export_asked(*, company_id: int | None, today: date, form: str) -> Response:
    """Return the invoices that the request's address asks for, to take away."""
    wanted, _status = _asked()

    def fetch(last: InvoiceRow | None) -> list[InvoiceRow]:
        return queries.list_invoices(
            wanted,
            company_id=company_id,
            today=today,
            after=(last.issued_on, last.id) if last else None,
            limit=exports.PAGE,
        )

    columns = COLUMNS if company_id is None else [c for c in COLUMNS if c is not _COMPANY]
    return exports.send(_("Fatture"), columns, exports.read_pages(fetch, exports.PAGE), form=form)


_COMPANY: Column[InvoiceRow] = Column(_l("Azienda"), lambda row: row.company_name)
COLUMNS: tuple[Column[InvoiceRow], ...] = (
    Column(_l("Fattura"), lambda row: row.reference),
    _COMPANY,
    Column(_l("Ordine"), lambda row: row.order_reference),
    Column(_l("Titolo"), lambda row: row.title),
    Column(_l("Numero d’ordine dell’azienda"), lambda row: row.purchase_order_number),
    Column(_l("Data"), lambda row: row.issued_on),
    Column(_l("Scadenza"), lambda row: row.due_on),
    Column(_l("Imponibile"), lambda row: row.net_total),
    Column(_l("IVA"), lambda row: row.vat_total),
    Column(_l("Totale"), lambda row: row.gross_total),
    Column(_l("Pagato"), lambda row: row.paid),
    Column(_l("Da pagare"), lambda row: row.residual),
)


def _asked() -> tuple[InvoiceFilter, str]:
    """Return what the address narrows the list to, and its choice of state as it is written."""
    status = request.args.get("stato", "")
    wanted = InvoiceFilter(
        text=request.args.get("cerca", "").strip(),
        year=request.args.get("anno", type=read_id),
        payments=_payments(status),
    )
    return wanted, status


def _payments(status: str) -> tuple[PaymentStatus, ...]:
    if status == TO_PAY:
        return tuple(one for one in OWED if one is not PaymentStatus.OVERDUE)
    return (PaymentStatus(status),) if status in set(PaymentStatus) else ()


def _cursor(row: InvoiceRow) -> str:
    return f"{row.issued_on.isoformat()}.{row.id}"


def _read_cursor(text: str) -> tuple[date, int] | None:
    """Return where a page starts; an address somebody has cut short starts at the beginning."""
    day, _dot, number = text.partition(".")
    try:
        return date.fromisoformat(day), read_id(number)
    except ValueError:
        return None
