"""Why a move was refused, in words: what state the record is in now, and where to see it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from gifting.core.invoice_lifecycle import InvoiceState
from gifting.core.lifecycle import MoveRefused, TransitionNotAllowed
from gifting.core.order_lifecycle import OrderState
from gifting.core.quote_lifecycle import QuoteState
from gifting.quotes.service import NewerOfferExists, NotEditable, OfferChanged
from gifting.web.registry import ROUTES, VERB_TABLES

_Q, _O, _I = QuoteState, OrderState, InvoiceState
SENTENCES: dict[type[StrEnum], dict[Any, LazyString]] = {
    QuoteState: {
        _Q.REQUESTED: _l("Questo preventivo è ancora una richiesta: l’offerta non c’è."),
        _Q.INFO_NEEDED: _l("Questo preventivo aspetta la risposta a un chiarimento."),
        _Q.PREPARING: _l("Questo preventivo è in preparazione."),
        _Q.IN_REVIEW: _l("Questo preventivo è in preparazione: lo stiamo rileggendo."),
        _Q.APPROVED: _l("Questo preventivo è pronto e aspetta l’invio."),
        _Q.SENT: _l("L’offerta di questo preventivo è partita e aspetta una decisione."),
        _Q.BUYER_REVIEW: _l("L’offerta di questo preventivo aspetta l’approvazione in azienda."),
        _Q.CHANGE_REQUESTED: _l("Per questo preventivo sono state chieste modifiche."),
        _Q.ACCEPTED: _l("Questo preventivo è già stato accettato."),
        _Q.DECLINED: _l("Questo preventivo è stato rifiutato."),
        _Q.EXPIRED: _l("L’offerta è scaduta: per riaprirla basta un messaggio."),
        _Q.WITHDRAWN: _l("Questo preventivo è stato ritirato."),
    },
    OrderState: {
        _O.AWAITING_DEPOSIT: _l("Questo ordine aspetta l’acconto."),
        _O.CONFIRMED: _l("Questo ordine è confermato."),
        _O.SOURCING: _l("Per questo ordine stiamo ordinando ai laboratori."),
        _O.IN_PRODUCTION: _l("Questo ordine è in produzione."),
        _O.PACKING: _l("Questo ordine è in confezione."),
        _O.SHIPPING: _l("Questo ordine è in viaggio."),
        _O.FULFILLED: _l("Questo ordine è stato consegnato."),
        _O.CLOSED: _l("Questo ordine è chiuso."),
        _O.ON_HOLD: _l("Questo ordine è in pausa."),
        _O.LAPSED: _l("Questo ordine è decaduto: l’acconto non è arrivato."),
        _O.CANCELLED: _l("Questo ordine è annullato: non si prepara e non si fattura."),
    },
    InvoiceState: {
        _I.DRAFT: _l("Questa fattura non è ancora emessa."),
        _I.ISSUED: _l("Questa fattura è emessa."),
        _I.SENT_TO_SDI: _l("Questa fattura è stata inviata a SdI."),
        _I.DELIVERED: _l("Questa fattura è stata consegnata da SdI."),
        _I.NOT_DELIVERED: _l("Questa fattura è valida, anche se SdI non l’ha recapitata."),
        _I.REJECTED: _l("Questa fattura è stata scartata da SdI."),
        _I.REISSUED: _l("Questa fattura è corretta e aspetta un nuovo invio."),
    },
}
"""What each state means to whoever asked for something it does not have."""

_PAGES = {
    QuoteState: ("quotes.detail", "quotes.editor"),
    OrderState: ("orders.detail", "orders.staff_detail"),
    InvoiceState: ("billing.detail", "billing.staff_detail"),
}
"""Where the company and the office read a record."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused move in words. `state` and `allowed` where one is known: what may be done instead.

    `page` is the address of the record, None where this person has none.
    """

    detail: str
    page: str | None
    state: str | None = None
    allowed: tuple[str, ...] = ()


def explain(refusal: MoveRefused) -> Refusal:
    """Say why, in the language of the request."""
    if isinstance(refusal, TransitionNotAllowed) and refusal.state is not None:
        kind, state = type(refusal.state), refusal.state
        allowed = sorted(_allowed(state))
        detail = f"{SENTENCES[kind][state]} {_('Non abbiamo cambiato niente.')}"
        return Refusal(detail, _page_of(kind), state.value, tuple(allowed))
    return Refusal(_words(refusal), _page_of(QuoteState))


def _words(refusal: MoveRefused) -> str:
    if isinstance(refusal, NewerOfferExists):
        text = _(
            "C’è un’offerta più nuova, la revisione %(number)s: "
            "leggi che cosa cambia, poi decidi su quella.",
            number=refusal.current,
        )
    elif isinstance(refusal, OfferChanged):
        text = _("Il PDF dell’offerta non è quello che hai letto: non abbiamo accettato niente.")
    elif isinstance(refusal, NotEditable):
        text = _(
            "Questo preventivo non è più in preparazione, o la sua offerta sta partendo: "
            "quello che hai scritto non è stato salvato."
        )
    else:
        text = _("Da qui non si può: ecco a che punto è.")
    return str(text)


def _allowed(state: StrEnum) -> frozenset[StrEnum]:
    """Return what this person may do in this state."""
    for table in VERB_TABLES:
        if isinstance(state, type(table.lifecycle.initial)) and current_user.is_authenticated:
            return table.actions_for(state, current_user.role)
    return frozenset()


def _page_of(kind: type[StrEnum]) -> str | None:
    """Return the address of the record that the request was about, where this person reads it."""
    reference = (request.view_args or {}).get("reference")
    if reference is None or not current_user.is_authenticated:
        return None
    endpoint = _PAGES[kind][bool(current_user.is_staff)]
    roles = ROUTES[endpoint]
    if roles is not None and current_user.role not in roles:
        return None
    return url_for(endpoint, reference=reference)
