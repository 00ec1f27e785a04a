"""What a company's person finds first: what waits for them, by deadline, then what is under way."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from gifting.accounts.queries import Person
from gifting.billing import queries as billing
from gifting.billing.queries import OWED, InvoiceFilter, InvoiceRow
from gifting.core.calendar import rome_date
from gifting.core.invoice_lifecycle import PaymentStatus
from gifting.core.quote_lifecycle import LIVE_STATES, QuoteAction
from gifting.hampers import queries as hampers
from gifting.hampers.models import Hamper
from gifting.orders import queries as orders
from gifting.orders.queries import OrderRow
from gifting.platform.formats import date_long, date_weekday, money
from gifting.quotes import queries as quotes
from gifting.quotes.policy import VERBS
from gifting.quotes.queries import Correspondent, QuoteRow

SHOWN = 5
"""Rows of each list; the whole list is a click away."""
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that waits for this person. `by` None: nobody set a day for it."""

    tone: str
    icon: str
    title: str
    text: str
    action: str
    href: str
    by: date | None


@dataclass(frozen=True, slots=True)
class BuyerHome:
    """Everything on the page, assembled from what each slice says of itself."""

    todo: list[ToDo]
    quotes: list[QuoteRow]
    orders: list[OrderRow]
    invoices: list[InvoiceRow]
    hampers: list[Hamper]
    contact: Correspondent | None

    @property
    def is_empty(self) -> bool:
        """Tell whether this company has not begun yet."""
        return not (self.quotes or self.orders or self.invoices or self.hampers)


def get_home(person: Person, company_id: int, *, now: datetime) -> BuyerHome:
    """Assemble the home of a company's person."""
    today = rome_date(now)
    asked = quotes.list_for_company(company_id, now=now, limit=_LOOKED_AT).rows
    owed = billing.list_invoices(
        InvoiceFilter(payments=OWED), company_id=company_id, today=today, limit=_LOOKED_AT
    )
    owed.sort(key=lambda invoice: (invoice.due_on, invoice.id))
    waiting = [*_quotes_to_answer(asked, person), *_invoices_to_pay(owed)]
    return BuyerHome(
        todo=sorted(waiting, key=lambda todo: (todo.by or date.max, todo.title)),
        quotes=[row for row in asked if row.state in LIVE_STATES][:SHOWN],
        orders=orders.list_orders(company_id=company_id, states=orders.OPEN)[:SHOWN],
        invoices=owed[:SHOWN],
        hampers=hampers.list_hampers(
            company_id=company_id, user_id=person.id, visitor_key=None, limit=SHOWN
        ),
        contact=_contact(asked, company_id),
    )


def _quotes_to_answer(rows: tuple[QuoteRow, ...], person: Person) -> list[ToDo]:
    todo = []
    for row in rows:
        href = url_for("quotes.detail", reference=row.reference)
        actions = VERBS.actions_for(row.state, person.role)
        if QuoteAction.ACCEPT in actions and row.gross and row.valid_until:
            title = _("Rispondi all’offerta «%(title)s»", title=row.title)
            text = _(
                "%(reference)s, %(total)s IVA inclusa. Vale fino a %(day)s.",
                reference=row.reference,
                total=money(row.gross),
                day=date_weekday(row.valid_until),
            )
            todo.append(
                ToDo(
                    "", "hourglass-split", title, text, _("Leggi l’offerta"), href, row.valid_until
                )
            )
        elif QuoteAction.ANSWER in actions:
            title = _("Rispondi alla domanda su «%(title)s»", title=row.title)
            text = _("%(reference)s: l’offerta aspetta la tua risposta.", reference=row.reference)
            todo.append(ToDo("", "chat-left-text", title, text, _("Rispondi"), href, None))
    return todo


def _invoices_to_pay(rows: list[InvoiceRow]) -> list[ToDo]:
    return [
        ToDo(
            tone="e",
            icon="exclamation-circle-fill",
            title=_("Salda la fattura %(number)s", number=row.reference),
            text=_(
                "%(amount)s, scaduta il %(day)s.",
                amount=money(row.residual),
                day=date_long(row.due_on),
            ),
            action=_("Vedi la fattura"),
            href=url_for("billing.detail", reference=row.reference),
            by=row.due_on,
        )
        for row in rows
        if row.payment is PaymentStatus.OVERDUE
    ]


def _contact(rows: tuple[QuoteRow, ...], company_id: int) -> Correspondent | None:
    """Return who follows the latest quote."""
    if not rows:
        return None
    owner_id = quotes.get_quote(rows[0].reference, company_id=company_id).owner_id
    return quotes.get_correspondent(owner_id) if owner_id else None
