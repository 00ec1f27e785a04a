"""How an invoice's state and history are put into words."""

from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from gifting.billing.forms import METHODS
from gifting.billing.queries import InvoicePage, InvoiceRow, InvoiceTotals
from gifting.billing.service import PaymentMethod
from gifting.core.invoice_lifecycle import InvoiceAction, PaymentStatus
from gifting.core.vat import VatBreakdown
from gifting.orders.queries import Event
from gifting.platform.formats import date_day, date_long, date_short, money, percent, time_of
from gifting.quotes.views.wording import Step

_TOLD = {
    InvoiceAction.DRAFT: _l("Fattura preparata"),
    InvoiceAction.ISSUE: _l("Emessa"),
    InvoiceAction.SEND_TO_SDI: _l("Inviata a SdI"),
    InvoiceAction.RECORD_DELIVERY: _l("Consegnata da SdI"),
    InvoiceAction.RECORD_NON_DELIVERY: _l("Valida, non recapitata da SdI"),
    InvoiceAction.RECORD_REJECTION: _l("Scartata da SdI"),
    InvoiceAction.REISSUE: _l("Corretta, da reinviare"),
}


def event_words(event: Event) -> str:
    """Put a line of history into words."""
    if event.action == "paid":
        return str(
            _(
                "Incassati %(amount)s il %(day)s",
                amount=money(Decimal(event.data["amount"])),
                day=date_long(date.fromisoformat(event.data["received_on"])),
            )
        )
    return str(_TOLD.get(event.action, event.action))  # type: ignore[call-overload]


def steps(page: InvoicePage) -> list[Step]:
    """Tell what became of the invoice, and what is to come."""
    row = page.row
    told = [
        Step(
            event_words(event),
            f"{date_day(event.happened_at)}, {time_of(event.happened_at)}",
            "done",
        )
        for event in page.events
        if event.action in set(InvoiceAction) - {InvoiceAction.DRAFT}
    ]
    told += [
        Step(
            str(_("Pagati %(amount)s", amount=money(payment.amount))),
            f"{date_day(payment.received_on)}, {method_words(payment.method)}",
            "done",
        )
        for payment in page.payments
    ]
    if row.payment in (PaymentStatus.PAID, PaymentStatus.OVERPAID):
        return told
    if row.payment is PaymentStatus.OVERDUE:
        late = str(_("dal %(day)s", day=date_long(row.due_on)))
        return [*told, Step(str(_("Scaduta")), late, "now", "exclamation-lg")]
    return [
        *told,
        Step(str(_("Saldo")), str(_("entro il %(day)s", day=date_long(row.due_on))), "next"),
    ]


def method_words(method: str) -> str:
    """Name a means of payment."""
    return str(METHODS[PaymentMethod(method)]).lower()


def status_words(row: InvoiceRow, *, today: date) -> str:
    """Say under the state of a row what the state alone does not."""
    if row.payment is PaymentStatus.OVERDUE:
        return str(ngettext("da un giorno", "da %(num)d giorni", (today - row.due_on).days))
    if row.payment is PaymentStatus.PARTLY_PAID:
        return str(_("mancano %(amount)s", amount=money(row.residual)))
    if row.payment is PaymentStatus.OVERPAID:
        return str(_("da rendere %(amount)s", amount=money(-row.residual)))
    return ""


def vat_rows(breakdown: VatBreakdown) -> list[tuple[str, str, str]]:
    """Write the VAT summary out."""
    return [
        (row.vat.nature or percent(row.vat.rate), money(row.net), money(row.tax))
        for row in breakdown.rows
    ]


def overdue_words(totals: InvoiceTotals) -> str:
    """Say what the first figure counts."""
    if not totals.overdue_count:
        return str(_("scaduti, nessuna fattura"))
    return str(ngettext("scaduti, una fattura", "scaduti, %(num)d fatture", totals.overdue_count))


def to_pay_words(totals: InvoiceTotals) -> str:
    """Say what the second figure counts, and which day comes first."""
    if totals.next_due_on is None:
        return str(_("da pagare, nessuna fattura"))
    text = ngettext(
        "da pagare, una fattura entro il %(day)s",
        "da pagare, %(num)d fatture, la prima entro il %(day)s",
        totals.to_pay_count,
        day=date_short(totals.next_due_on),
    )
    return str(text)
