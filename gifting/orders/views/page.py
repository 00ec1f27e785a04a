"""What the buyer's and the office's page of an order share."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from gifting.core.order_lifecycle import OrderState
from gifting.core.roles import Role
from gifting.documents import policy as reading
from gifting.documents import queries as stored
from gifting.orders import documents
from gifting.orders.queries import PAGE, OrderPage, OrderRow
from gifting.orders.views import wording
from gifting.platform.formats import money, percent
from gifting.quotes import queries as quotes
from gifting.quotes.views.wording import line_drawing

_NEVER_MADE = (OrderState.CANCELLED, OrderState.LAPSED)
"""Orders whose hampers give nobody work."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the list at the side. No `href`: it is still being made."""

    icon: str
    label: str
    href: str | None


def show(reference: str, *, company_id: int | None, role: Role) -> dict[str, Any]:
    """Return what both templates need.

    :raises NoResultFound: if there is no such order for this company
    """
    page = documents.get_page(reference, company_id=company_id, locale=str(get_locale() or "it"))
    stock = wording.stock_of(page.reservations)
    return {
        "page": page,
        "order": page.head,
        "stock": stock,
        "stock_words": wording.stock_words(stock),
        "steps": wording.journey(page),
        "papers": list_papers(page, role=role),
        "vat_rows": [
            (row.vat.nature or percent(row.vat.rate), money(row.net), money(row.tax))
            for row in page.document.breakdown.rows
        ],
        "event_words": wording.event_words,
        "actor_words": wording.actor_words,
        "line_drawing": line_drawing,
    }


def list_papers(page: OrderPage, *, role: Role) -> list[Paper]:
    """List the order's documents that this person may read."""
    head = page.head
    quote = quotes.get_quote(head.quote_reference, company_id=head.company_id)
    kept = {
        document.kind: document
        for document in stored.list_for([head.subject, quote.subject])
        if document.kind != "offer" or document.revision == head.revision_number
    }
    labels = (
        ("order_confirmation", "file-earmark-check", _("Conferma d’ordine")),
        ("offer", "file-earmark-text", _("Offerta accettata")),
        ("impact_certificate", "award", _("Attestato d’impatto")),
        ("purchase_order", "paperclip", _("Ordine d’acquisto")),
    )
    return [
        Paper(
            icon,
            label,
            url_for("documents.download", document_id=kept[kind].id) if kind in kept else None,
        )
        for kind, icon, label in labels
        if reading.may_read(kind, role) and (kind in kept or kind == "order_confirmation")
        if kind != "impact_certificate" or head.state not in _NEVER_MADE
    ]


def cut(rows: list[OrderRow], endpoint: str) -> tuple[list[OrderRow], str | None]:
    """Return one page of the rows, and the address of the next, with the filters kept."""
    if len(rows) <= PAGE:
        return rows, None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "prima"}
    return rows[:PAGE], url_for(endpoint, prima=rows[PAGE - 1].id, **kept)
