"""A list of invoices as its address asks for it: filters, page, and the choices to filter by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from gifting.billing import queries
from gifting.billing.queries import OWED, PAGE, InvoiceFilter, InvoiceRow
from gifting.core.invoice_lifecycle import PaymentStatus
from gifting.platform.addresses import read_id

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
    text = request.args.get("cerca", "").strip()
    year = request.args.get("anno", type=read_id)
    status = request.args.get("stato", "")
    found = queries.list_invoices(
        InvoiceFilter(text=text, year=year, payments=_payments(status)),
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
        text=text,
        year=year,
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
