"""How jobs are put into words."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.backoffice.queries import JobRow
from gifting.billing.policy import ROUTES as BILLING_ROUTES
from gifting.core.roles import Role, Roles
from gifting.orders.policy import ROUTES as ORDERS_ROUTES
from gifting.quotes.policy import ROUTES as QUOTES_ROUTES

_PAGES: dict[str, tuple[str, Roles | None]] = {
    "billing": ("billing.staff_detail", BILLING_ROUTES["billing.staff_detail"]),
    "orders": ("orders.staff_detail", ORDERS_ROUTES["orders.staff_detail"]),
    "quotes": ("quotes.editor", QUOTES_ROUTES["quotes.editor"]),
}
_TASKS = {
    "accounts.mail_already": _l("E-mail, chi scrive ha già un accesso"),
    "accounts.mail_confirmation": _l("E-mail, conferma dell’indirizzo"),
    "accounts.mail_office": _l("E-mail all’ufficio, azienda da verificare"),
    "accounts.mail_to_verify": _l("E-mail, azienda da verificare"),
    "billing.mail_invoice": _l("E-mail, fattura"),
    "billing.render_invoice": _l("PDF della fattura"),
    "orders.mail_confirmation": _l("E-mail, conferma d’ordine"),
    "orders.release_stock": _l("Scorte da liberare"),
    "orders.reserve_stock": _l("Scorte da mettere da parte"),
    "quotes.mail_expired": _l("E-mail, offerta scaduta"),
    "quotes.mail_message": _l("E-mail, messaggio al cliente"),
    "quotes.mail_offer": _l("E-mail, offerta"),
    "quotes.mail_question": _l("E-mail, domanda al cliente"),
    "quotes.mail_receipt": _l("E-mail, richiesta ricevuta"),
    "quotes.mail_reminder": _l("E-mail, offerta in scadenza"),
    "quotes.mail_withdrawn": _l("E-mail, preventivo ritirato"),
    "quotes.render_and_send": _l("PDF e invio dell’offerta"),
}
_NOTICES = "quotes.notify_sales_of_"


def task_words(task: str) -> str:
    """Name a job in plain words; one that has none yet keeps its own name."""
    if task.startswith(_NOTICES):
        return str(_("E-mail, avviso alle vendite"))
    return str(_TASKS.get(task, task))


def page_of(job: JobRow, role: Role) -> str | None:
    """Return the address of what the job is for, if there is one this role may read."""
    endpoint, roles = _PAGES.get(job.area, ("", frozenset()))
    if not job.about or roles is None or role not in roles:
        return None
    return url_for(endpoint, reference=job.about)
