"""How jobs and what goes wrong with them are put into words."""

from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.backoffice.queries import JobRow
from gifting.billing.policy import ROUTES as BILLING_ROUTES
from gifting.core.roles import Role, Roles
from gifting.orders.policy import ROUTES as ORDERS_ROUTES
from gifting.platform import failures
from gifting.quotes.policy import ROUTES as QUOTES_ROUTES

_PAGES: dict[str, tuple[str, Roles | None]] = {
    "billing": ("billing.staff_detail", BILLING_ROUTES["billing.staff_detail"]),
    "orders": ("orders.staff_detail", ORDERS_ROUTES["orders.staff_detail"]),
    "quotes": ("quotes.editor", QUOTES_ROUTES["quotes.editor"]),
}
_TASKS = {
    "accounts.mail_already": _l("E-mail, chi scrive ha già un accesso"),
    "accounts.mail_asked_again": _l("E-mail, invito chiesto di nuovo"),
    "accounts.mail_code": _l("E-mail, codice per entrare"),
    "accounts.mail_factor": _l("E-mail, verifica in due passaggi"),
    "accounts.mail_email_changed": _l("E-mail, indirizzo cambiato"),
    "accounts.mail_link": _l("E-mail, link per entrare o per la password"),
    "accounts.mail_new_email": _l("E-mail, conferma del nuovo indirizzo"),
    "accounts.mail_password_changed": _l("E-mail, password cambiata"),
    "accounts.mail_confirmation": _l("E-mail, conferma dell’indirizzo"),
    "accounts.mail_invitation": _l("E-mail, invito"),
    "accounts.mail_office": _l("E-mail all’ufficio, azienda da verificare"),
    "accounts.mail_to_verify": _l("E-mail, azienda da verificare"),
    "backoffice.mail_alarm": _l("E-mail, allarme"),
    "billing.mail_invoice": _l("E-mail, fattura"),
    "billing.render_invoice": _l("PDF della fattura"),
    "orders.keep_certificate": _l("PDF dell’attestato d’impatto"),
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
    "quotes.pack_offers": _l("PDF delle offerte in un file ZIP"),
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


FAILURES: dict[str, tuple[LazyString, LazyString]] = {
    failures.MailServerAway.__name__: (
        _l("Il server di posta non risponde."),
        _l("La lettera parte da sola appena torna. Se dura, chi cura la posta guardi SMTP_URL."),
    ),
    failures.MailDeferred.__name__: (
        _l("Il server di posta dice «non adesso»."),
        _l("Il lavoro riprova da solo. Se dura più di un’ora, forse la casella d’arrivo è piena."),
    ),
    failures.MailLoginRefused.__name__: (
        _l("Il server di posta non accetta il nostro accesso."),
        _l("Utente o password in SMTP_URL non valgono più: corretti quelli, le lettere partono."),
    ),
    failures.MailRefused.__name__: (
        _l("Il server di posta ha rifiutato questa lettera per sempre."),
        _l("Di solito l’indirizzo è sbagliato: correggilo dal cliente, poi riprova."),
    ),
    failures.StorageFull.__name__: (
        _l("Non c’è più posto per i documenti."),
        _l("Libera spazio o ingrandisci il disco: il lavoro riparte da solo e niente è perso."),
    ),
    failures.StorageAway.__name__: (
        _l("L’archivio dei documenti non si raggiunge."),
        _l("Il lavoro riprova da solo. Se dura, controlla il disco o l’indirizzo in STORAGE_URL."),
    ),
    failures.WorkerLost.__name__: (
        _l("L’esecutore si è fermato a metà, più di una volta."),
        _l("Niente è rimasto a metà. Riprova; se ricapita, al lavoro può mancare memoria."),
    ),
    failures.FromBackup.__name__: (
        _l("Era da fare quando è stata fatta la copia di sicurezza che ora è tornata."),
        _l("Forse poi è stato fatto: se non lo era, riprova; se lo era, archivialo."),
    ),
    failures.DATABASE_AWAY: (
        _l("La base dati non rispondeva."),
        _l("Il lavoro riparte da solo appena risponde. Niente è rimasto a metà."),
    ),
    failures.TOO_SLOW: (
        _l("Il lavoro ci ha messo troppo ed è stato fermato."),
        _l("Riprova più tardi. Se ricapita, chi segue il programma guardi."),
    ),
    "StoredFileDamaged": (
        _l("Un documento conservato non è più quello di prima."),
        _l("Va rimesso dalla copia di sicurezza: riprovare non basta. Non mandarlo a nessuno."),
    ),
    "FileNotFoundError": (
        _l("Manca un documento che doveva esserci."),
        _l("Va rimesso dalla copia di sicurezza, poi riprova."),
    ),
    "IntegrityError": (
        _l("I dati non lo permettono: contraddicono una regola della base dati."),
        _l("Niente è stato scritto. Chi segue il programma guardi la riga qui sotto."),
    ),
    "ForbiddenResource": (
        _l("Il documento chiedeva qualcosa da fuori, e non si apre niente da fuori."),
        _l("Il modello va corretto: chi segue il programma guardi la riga qui sotto."),
    ),
}
_TEMPLATE = (
    _l("Il modello della lettera o del documento ha un errore."),
    _l("Niente è partito. Corretto il modello con un aggiornamento, riprova."),
)
_UNKNOWN = (
    _l("È successo qualcosa che nessuno aveva previsto."),
    _l("Niente è rimasto a metà. Riprova una volta; se ricapita, chi segue il programma guardi."),
)
_TEMPLATE_ERRORS = frozenset(
    {"TemplateNotFound", "TemplateSyntaxError", "TemplateAssertionError", "UndefinedError"}
)


def failure_words(failure: str) -> tuple[str, str]:
    """Say in plain words what went wrong, and what becomes of it or is to be done."""
    if failure in _TEMPLATE_ERRORS:
        what, then = _TEMPLATE
    else:
        what, then = FAILURES.get(failure, _UNKNOWN)
    return str(what), str(then)


def technical(job: JobRow) -> dict[str, Any]:
    """Return what a person who knows the code wants to know of a job."""
    return {
        "lavoro": job.task,
        **{name: value for name, value in job.payload.items() if isinstance(value, int)},
        "tentativo": job.attempts,
        "coda": job.queue.value,
        **({"richiesta": job.request_id} if job.request_id else {}),
    }
