"""What is kept of people, why, and how long: the page says what the code and the settings do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from gifting.accounts.service import factors, invitations, links, sessions
from gifting.accounts.views import guessing
from gifting.platform import settings


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: what it is, what for, and until when."""

    what: str
    why: str
    until: str


def list_kept() -> Iterator[Kept]:
    """Yield what is kept, in the reader's language; periods are those the code works by."""
    known = settings.current()
    yield Kept(
        _("Il tuo accesso: nome, e-mail, telefono, lingua, che cosa fai in azienda."),
        _("Per farti entrare e scriverti di preventivi, ordini e fatture."),
        _(
            "Finché hai un accesso. Poi il nome resta accanto a quello che hai fatto, e nessuno "
            "può più entrare."
        ),
    )
    yield Kept(
        _("La password e, se li usi, il telefono e i codici di riserva del secondo passaggio."),
        _("Per essere sicuri che sei tu. La password e i codici non li conosciamo nemmeno noi."),
        _("Finché non li cambi o li togli."),
    )
    yield Kept(
        _("Da dove sei entrato: indirizzo di rete, tipo di browser, quando."),
        _("Per mostrarti i dispositivi collegati e lasciarteli scollegare."),
        _(
            "%(period)s dopo che ne sei uscito. Del tuo ultimo accesso resta il giorno.",
            period=_days(sessions.KEPT),
        ),
    )
    yield Kept(
        _("I dati dell’azienda: nome, indirizzo, partita IVA, codice destinatario, PEC, marchio."),
        _("Per le offerte e le fatture."),
        _("Finché l’azienda è nostra cliente; sui documenti restano quanto i documenti."),
    )
    yield Kept(
        _("Cesti, richieste, messaggi, offerte, ordini."),
        _("Per preparare quello che chiedi, e perché tu possa ritrovarlo."),
        _("Restano all’azienda, anche quando una persona se ne va."),
    )
    yield Kept(
        _("Chi ha accettato un’offerta: nome, ruolo, quando, da quale indirizzo di rete."),
        _("Perché un’accettazione ci impegna tutti e due."),
        _("Quanto l’offerta e l’ordine."),
    )
    yield Kept(
        _("Le fatture e i pagamenti."),
        _("Perché la legge lo chiede."),
        _("Per tutto il tempo che la legge chiede: non si possono cancellare prima."),
    )
    yield Kept(
        _("Le e-mail che ti mandiamo: a chi, quando, con quale oggetto."),
        _("Per non mandarle due volte e per sapere che sono partite."),
        _(
            "Il registro resta. I lavori che le preparano si tolgono dopo %(jobs)s, i link che "
            "contengono %(links)s dopo la loro scadenza; un invito vale %(invitation)s.",
            jobs=_days(timedelta(days=known.jobs_keep_days)),
            links=_days(links.KEPT),
            invitation=_days(invitations.VALID_FOR),
        ),
    )
    yield Kept(
        _("Le copie di sicurezza di tutto questo."),
        _("Per non perdere niente se una macchina si rompe."),
        ngettext("L’ultima copia.", "Le ultime %(num)d copie.", known.backup_keep),
    )


def list_cookies() -> Iterator[Kept]:
    """Yield what a browser is asked to keep: each is needed for the page to work."""
    yield Kept(
        _("La sessione"),
        _("Ricorda chi sei, la lingua e i cesti che componi prima di entrare."),
        _(
            "Finché chiudi il browser; %(period)s se chiedi di essere ricordato.",
            period=_days(current_app.permanent_session_lifetime),
        ),
    )
    yield Kept(
        _("Il dispositivo conosciuto"),
        _("Chi prova password a caso da altrove non blocca te."),
        _days(guessing.DEVICE_LIFE),
    )
    yield Kept(
        _("Il dispositivo di fiducia"),
        _("Non ti chiede il codice ogni volta, se l’hai scelto."),
        _days(factors.TRUSTED_FOR),
    )


def _days(period: timedelta) -> str:
    return str(ngettext("%(num)d giorno", "%(num)d giorni", period.days))
