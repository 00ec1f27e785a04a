"""What is not as it should be, each in one sentence with what to do: the top of the system page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.backoffice.queries import Failure
from gifting.backoffice.views.parts import BackupState, duration, scheduled_words
from gifting.backoffice.views.wording import failure_words
from gifting.platform import failures
from gifting.platform.formats import number
from gifting.platform.health import Finding, Part
from gifting.platform.periodic import LastRun

STORAGE = _l("l’archivio dei file")
PARTS: dict[Part, tuple[LazyString, LazyString, LazyString]] = {
    Part.DATABASE: (
        _l("la base dati"),
        _l("La base dati non risponde o non ha più connessioni libere."),
        _l("Guarda che PostgreSQL giri e quante connessioni ha: appena torna, tutto riparte."),
    ),
    Part.MIGRATIONS: (
        _l("lo schema della base dati"),
        _l("Lo schema della base dati è rimasto indietro: questa versione non può servire pagine."),
        _l("Lancia «flask --app wsgi database prepare» su uno dei server."),
    ),
    Part.BROKER: (
        _l("il centralino dei lavori (Valkey)"),
        _l("Il centralino dei lavori (Valkey) non risponde."),
        _l("Riavvialo: intanto le pagine vanno, i lavori aspettano e poi ripartono da soli."),
    ),
    Part.WORKERS: (
        _l("gli esecutori"),
        _l("Nessun esecutore risponde, o manca per una delle code."),
        _l("Riavvia «worker»: i lavori aspettano, e quelli lasciati a metà ricominciano da soli."),
    ),
    Part.BEAT: (
        _l("l’orologio"),
        _l("L’orologio dei lavori (beat) non batte più."),
        _l("Riavvia «beat»: i lavori nuovi vanno, quelli a orario e da riprovare lo aspettano."),
    ),
    Part.DISK: (
        _l("il disco"),
        _l("Il disco di questo server è quasi pieno."),
        _l("Libera spazio o ingrandiscilo: senza posto i documenti non si conservano."),
    ),
    Part.WEB: (
        _l("il server web"),
        _l("Negli ultimi minuti sono stati uccisi processi del server web: %(killed)s."),
        _l("Ripartono da soli. Se ricapita, di solito manca memoria: guarda il log di gunicorn."),
    ),
    Part.CLOCK: (
        _l("l’ora del server"),
        _l("L’ora di questo server e quella della base dati sono lontane %(apart)s."),
        _l("Rimettila con NTP dove è sbagliata: i lavori vanno, ma date e scadenze sbagliano."),
    ),
    Part.QUEUES: (
        _l("una coda in ritardo"),
        _l("Una coda aspetta più del suo limite."),
        _l("Se gli esecutori sono carichi avviane un altro; se no guarda i lavori falliti."),
    ),
}
"""Part → its name in the headline, what is wrong, what to do; gravest first.

The storage has no row: it says of itself by which name of a failure it fails.
"""
EXPLAINED_BY = {
    Part.MIGRATIONS: {Part.DATABASE},
    Part.CLOCK: {Part.DATABASE},
    Part.QUEUES: {Part.DATABASE},
    Part.WORKERS: {Part.BROKER},
    Part.BEAT: {Part.DATABASE, Part.BROKER, Part.WORKERS},
}
"""Part → those whose trouble is the cause of its own: then only the cause is shown."""
POST = frozenset(
    {
        failures.MailServerAway.__name__,
        failures.MailDeferred.__name__,
        failures.MailLoginRefused.__name__,
    }
)
KEEPING = frozenset({failures.StorageFull.__name__, failures.StorageAway.__name__})


@dataclass(frozen=True, slots=True)
class Condition:
    """Something to look at: its key, its name in the headline, what is wrong and what to do."""

    key: str
    name: str
    what: str
    then: str


def list_conditions(
    findings: dict[Part, Finding],
    failed: list[Failure],
    schedule: list[tuple[str, LastRun | None]],
    backup: BackupState,
) -> list[Condition]:
    """List what is to be looked at, gravest first and each once; empty when all is well."""
    found = (
        *_of_jobs(failed),
        *_of_parts(findings),
        *_of_backup(backup),
        *_of_schedule(schedule),
    )
    return list({one.key: one for one in reversed(found)}.values())[::-1]


def _of_jobs(failed: Iterable[Failure]) -> Iterator[Condition]:
    given_up = sum(failure.given_up for failure in failed)
    for failure in failed:
        what, then = failure_words(failure.name)
        name = _failed(given_up) if failure.given_up else _waiting(failure.name)
        yield Condition(failure.name, name, what, then)


def _failed(jobs: int) -> str:
    if jobs == 1:
        return str(_("un lavoro fallito"))
    return str(_("%(count)s lavori falliti", count=number(jobs)))


def _waiting(failure: str) -> str:
    if failure in POST:
        return str(_("la posta"))
    return str(STORAGE) if failure in KEEPING else str(_("lavori da riprovare"))


def _of_parts(findings: dict[Part, Finding]) -> Iterator[Condition]:
    bad = {part for part, finding in findings.items() if not finding.is_ok}
    if Part.STORAGE in bad:
        failure = findings[Part.STORAGE].facts.get("failure", failures.StorageAway.__name__)
        yield Condition(failure, str(STORAGE), *failure_words(failure))
    for part, (name, what, then) in PARTS.items():
        if part in bad and not EXPLAINED_BY.get(part, set()) & bad:
            facts = _facts(findings[part])
            yield Condition(part.value, str(name), str(what) % facts, str(then))


def _facts(finding: Finding) -> dict[str, Any]:
    """Return what the sentences say in figures."""
    facts = finding.facts
    return {**facts, "apart": duration(abs(facts["ahead"]))} if "ahead" in facts else facts


def _of_backup(backup: BackupState) -> Iterator[Condition]:
    if not backup.is_ok:
        yield Condition(
            "backup",
            str(_("la copia di sicurezza")),
            str(_("La copia di sicurezza manca, è vecchia o non è intera.")),
            str(_("Lancia «flask --app wsgi backup nightly» e leggi che cosa dice.")),
        )


def _of_schedule(schedule: Iterable[tuple[str, LastRun | None]]) -> Iterator[Condition]:
    for name, run in schedule:
        if run and run.error:
            what, then = failure_words(run.error.partition(":")[0])
            words = str(_("«%(job)s» non riuscito", job=scheduled_words(name)))
            yield Condition(name, words, f"{words}. {what}", then)
