"""What the office reads about a quote, in words: deadlines, history, what is missing."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QuoteState
from gifting.platform.formats import date_short, time_of
from gifting.quotes.documents.deadline import Deadline, DeadlineKind
from gifting.quotes.queries import Event, QueueRow
from gifting.quotes.service import SendProblem

MARGIN_FLOOR = 28
"""Per cent; where margins are marked as low."""
HOUR = 60
WORKING_DAY = 9 * HOUR


def deadline_words(deadline: Deadline, *, now: datetime) -> str:
    """«fra 1 h 10», «oggi, 18:00», «in ritardo di 40 min», «in pausa»; empty if none."""
    if deadline.kind is DeadlineKind.LATE:
        return _late_words(deadline.minutes)
    if deadline.kind is DeadlineKind.SOON:
        return str(_("fra %(time)s", time=_span(deadline.minutes)))
    if deadline.due_at is not None:
        return _moment_words(deadline.due_at, now=now)
    return {
        DeadlineKind.PAUSED: str(_("in pausa: risponde il cliente")),
        DeadlineKind.UNCONFIRMED: str(_("e-mail da confermare")),
    }.get(deadline.kind, "")


def _moment_words(due_at: datetime, *, now: datetime) -> str:
    days = (rome_date(due_at) - rome_date(now)).days
    if days == 0:
        return str(_("oggi, %(time)s", time=time_of(due_at)))
    if days == 1:
        return str(_("domani, %(time)s", time=time_of(due_at)))
    return f"{date_short(due_at)}, {time_of(due_at)}"


def _late_words(minutes: int) -> str:
    if minutes < 1:
        return str(_("in ritardo"))
    if minutes < WORKING_DAY:
        return str(_("in ritardo di %(time)s", time=_span(minutes)))
    days = minutes // WORKING_DAY
    return str(ngettext("in ritardo di un giorno", "in ritardo di %(num)d giorni", days))


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def waiting_words(row: QueueRow) -> str:
    """Say how long an offer stands and whether it was read."""
    if row.valid_until is None:
        return ""
    until = date_short(row.valid_until)
    if row.seen_at is None:
        return str(_("vale fino al %(day)s, non ancora vista", day=until))
    return str(
        _("vale fino al %(day)s, vista il %(seen)s", day=until, seen=date_short(row.seen_at))
    )


def event_words(event: Event) -> str:
    """Tell a line of history as a sentence."""
    who = event.actor_name or str(_("Il sistema"))
    revision = event.data.get("revision", "")
    sentence = {
        "submit": _("%(who)s ha chiesto il preventivo.", who=who),
        "ask": _("%(who)s ha chiesto un chiarimento.", who=who),
        "answer": _("%(who)s ha risposto al chiarimento.", who=who),
        "revise": _("%(who)s ha aperto la revisione %(revision)s.", who=who, revision=revision),
        "send_requested": _(
            "%(who)s ha chiesto l’invio della revisione %(revision)s.", who=who, revision=revision
        ),
        "send_stopped": _(
            "%(who)s ha fermato l’invio della revisione %(revision)s.", who=who, revision=revision
        ),
        "send": _("L’offerta, revisione %(revision)s, è partita.", revision=revision),
        "seen": _("%(who)s ha aperto l’offerta.", who=who),
        "ask_change": _("%(who)s ha chiesto modifiche.", who=who),
        "request_approval": _("%(who)s ha chiesto l’approvazione in azienda.", who=who),
        "accept": _("%(who)s ha accettato la revisione %(revision)s.", who=who, revision=revision),
        "decline": _("%(who)s ha rifiutato l’offerta.", who=who),
        "expire": _("L’offerta è scaduta."),
        "withdraw": _("%(who)s ha ritirato il preventivo.", who=who),
        "cancel": _("%(who)s ha annullato la richiesta.", who=who),
        "assigned": _assigned_words(event, who),
    }.get(event.action, "")
    return str(sentence)


def _assigned_words(event: Event, who: str) -> str:
    owner_id = event.data.get("owner_id")
    if owner_id is None:
        return str(_("%(who)s ha rimesso il preventivo in coda.", who=who))
    if owner_id == event.actor_id:
        return str(_("%(who)s ha preso il preventivo.", who=who))
    return str(_("%(who)s ha cambiato chi lo segue.", who=who))


def event_detail(event: Event) -> str:
    """Return what somebody wrote with the move, if they did."""
    return str(event.data.get("reason") or event.data.get("comment") or "")


def problem_words(problem: SendProblem, name: str) -> str:
    """Say what the offer lacks and how to mend it."""
    return str(
        {
            SendProblem.NOT_PRICED: _("«%(name)s» non ha un prezzo: scrivi il listino.", name=name),
            SendProblem.NOTHING_TO_PAY: _("Il totale è zero: controlla prezzi e sconti."),
            SendProblem.NO_VALIDITY: _("Manca la data fino a cui vale l’offerta."),
            SendProblem.VALIDITY_PAST: _(
                "La data di validità è già passata: scegline una da oggi."
            ),
        }[problem]
    )


def state_words(state: QuoteState) -> str:
    """Name a state as the office sees it, in the words of its pill."""
    return str(_STATES[state])


_STATES = {
    QuoteState.REQUESTED: _l("Nuovo"),
    QuoteState.INFO_NEEDED: _l("Aspetta una risposta"),
    QuoteState.PREPARING: _l("In preparazione"),
    QuoteState.IN_REVIEW: _l("Aspetta approvazione"),
    QuoteState.APPROVED: _l("Approvato, da inviare"),
    QuoteState.SENT: _l("Aspetta il cliente"),
    QuoteState.BUYER_REVIEW: _l("Aspetta il cliente"),
    QuoteState.CHANGE_REQUESTED: _l("Modifiche chieste"),
    QuoteState.ACCEPTED: _l("Accettato"),
    QuoteState.DECLINED: _l("Rifiutato"),
    QuoteState.EXPIRED: _l("Scaduto"),
    QuoteState.WITHDRAWN: _l("Ritirato"),
}
