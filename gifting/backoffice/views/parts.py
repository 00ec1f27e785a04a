"""How the parts of the system are put into words: cards, waits, what runs at its times."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gifting.backoffice.queries import PostState
from gifting.core.calendar import rome_date
from gifting.platform.backup.runs import LastBackup
from gifting.platform.formats import date_day, time_of, weekday
from gifting.platform.health import BEAT_LIMIT, WAIT_LIMITS, Finding, Part
from gifting.platform.outbox import Queue, Wait
from gifting.platform.periodic import LastRun
from gifting.platform.workers import Worker

QUEUES: dict[Queue, LazyString] = {
    Queue.DOCUMENTS: _l("Documenti"),
    Queue.MAIL: _l("E-mail"),
    Queue.DEFAULT: _l("Altri lavori"),
    Queue.PERIODIC: _l("A orario"),
}
_SCHEDULE = {
    "accounts.purge": _l("Accessi finiti"),
    "documents.sweep_drafts": _l("File lasciati a metà"),
    "backoffice.purge_jobs": _l("Lavori vecchi, da togliere"),
    "backoffice.watch": _l("Allarmi"),
    "quotes.drop_packs": _l("File ZIP di offerte, da togliere"),
    "quotes.expire_due": _l("Offerte scadute e promemoria"),
}


BACKUP_LIMIT = timedelta(hours=36)
"""A night's backup may be late by half a day."""


def scheduled_words(name: str) -> str:
    """Name one of beat's jobs; one that has no words yet keeps its own name."""
    return str(_SCHEDULE.get(name, name))


def scheduled(name: str, run: LastRun | None, *, now: datetime) -> tuple[str, str, bool]:
    """Return the name of one of beat's jobs, when and how it last ran, and whether that is well."""
    if run is None:
        return scheduled_words(name), str(_("non ancora")), True
    moment = run.ended_at or run.started_at
    is_today = rome_date(moment) == rome_date(now)
    when = time_of(moment) if is_today else f"{date_day(moment)} {time_of(moment)}"
    if run.error:
        return scheduled_words(name), str(_("%(when)s, non riuscito", when=when)), False
    if run.ended_at is None:
        return scheduled_words(name), str(_("%(when)s, in corso", when=when)), True
    return scheduled_words(name), str(_("%(when)s, fatto", when=when)), True


def duration(length: timedelta) -> str:
    """«40 s», «7 min», «3 h», «2 giorni»."""
    seconds = int(length.total_seconds())
    for size, unit in ((86_400, _("giorni")), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (size < 86_400 and seconds >= size):  # noqa: PLR2004
            return f"{seconds // size}\u00a0{unit}"
    return f"{seconds}\u00a0s"


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the system as the page shows it."""

    icon: str
    title: str
    text: str
    is_ok: bool


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is said of backups: empty where none is expected and none was made."""

    text: str
    is_ok: bool


def backup_state(last: LastBackup, *, is_expected: bool, now: datetime) -> BackupState:
    """Say when the last backup was made, when one was last played back, and whether that is well.

    Where none is expected, as of the embedded sample, an old one is no trouble.
    """
    if last.made_at is None:
        return BackupState(str(_("nessuna copia ancora")) if is_expected else "", not is_expected)
    at = time_of(last.made_at)
    days = (rome_date(now) - rome_date(last.made_at)).days
    if days == 0:
        text = _("copia alle %(time)s", time=at)
    elif days == 1:
        text = _("copia di ieri alle %(time)s", time=at)
    else:
        text = _("ultima copia il %(day)s", day=date_day(last.made_at))
    if last.problem:
        text = _("%(copy)s, incompleta", copy=text)
    proved = _proved(last.verified_at, now)
    is_late = is_expected and now - last.made_at > BACKUP_LIMIT
    return BackupState(f"{text}, {proved}", is_ok=not is_late and not last.problem)


def _proved(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return str(_("mai provata"))
    days = (rome_date(now) - rome_date(moment)).days
    if days == 0:
        return str(_("provata oggi"))
    if days < 7:  # noqa: PLR2004 - a week: its day has that name once
        return str(_("provata %(weekday)s", weekday=weekday(moment)))
    return str(_("provata il %(day)s", day=date_day(moment)))


def cards(
    findings: dict[Part, Finding], post: PostState, backup: BackupState, *, now: datetime
) -> list[Card]:
    """Say of each part how it fares."""
    return [
        _beat(findings[Part.BEAT], now),
        _workers(findings[Part.WORKERS], now),
        _database(findings[Part.DATABASE], findings[Part.MIGRATIONS], backup),
        _post(post, now),
        _disk(findings[Part.DISK], findings[Part.STORAGE]),
    ]


def _card(
    title: LazyString | str, text: str, *, is_ok: bool, icon: str = "check-circle-fill"
) -> Card:
    return Card(icon if is_ok else "exclamation-triangle-fill", title, text, is_ok)


def _beat(finding: Finding, now: datetime) -> Card:
    at: datetime | None = finding.facts.get("at")
    if at and finding.is_ok:
        text = _("batte ogni 30 s, ultimo %(ago)s fa", ago=duration(now - at))
    elif not at:
        text = _("non ha ancora battuto: entro un minuto dall’avvio deve farlo")
    else:
        text = _("fermo da %(ago)s", ago=duration(now - at))
    return _card(_("Orologio"), text, is_ok=finding.is_ok, icon="heart-pulse-fill")


def _workers(finding: Finding, now: datetime) -> Card:
    seen: list[Worker] = finding.facts.get("workers", [])
    alive = [worker for worker in seen if worker.is_alive(now)]
    if not alive:
        return _card(_("Esecutori"), _("nessuno risponde"), is_ok=False)
    load = max(worker.load for worker in alive)
    text = _(
        "%(alive)s su %(all)s, il più carico al %(load)s%%",
        alive=len(alive),
        all=len(seen),
        load=load,
    )
    if not finding.is_ok:
        served = {name for worker in alive for name in worker.queues}
        missing = [str(words) for queue, words in QUEUES.items() if queue.value not in served]
        text = _("%(text)s; nessuno per: %(queues)s", text=text, queues=", ".join(missing))
    return _card(_("Esecutori"), text, is_ok=finding.is_ok and len(alive) == len(seen))


def _database(database: Finding, migrations: Finding, backup: BackupState) -> Card:
    if not database.is_ok:
        text = _("non risponde")
    elif not migrations.is_ok:
        text = _("lo schema non è di questa versione")
    else:
        text = _("risponde in %(ms)s ms, schema aggiornato", ms=max(1, round(database.facts["ms"])))
    text = f"{text}; {backup.text}" if backup.text else text
    is_ok = database.is_ok and migrations.is_ok and backup.is_ok
    return _card(_("Base dati"), text, is_ok=is_ok)


def _post(post: PostState, now: datetime) -> Card:
    if post.retrying:
        text = ngettext(
            "%(num)s lettera da riprovare", "%(num)s lettere da riprovare", post.retrying
        )
        return _card(_("Posta"), text, is_ok=False)
    if post.last_at is None:
        return _card(_("Posta"), _("nessuna lettera ancora"), is_ok=True)
    ago = duration(now - post.last_at)
    return _card(_("Posta"), _("ultima lettera %(ago)s fa", ago=ago), is_ok=True)


def _disk(disk: Finding, storage: Finding) -> Card:
    used = _("%(percent)s%% usato", percent=disk.facts.get("percent", "?"))
    files = _("file leggibili") if storage.is_ok else _("l’archivio dei file non risponde")
    return _card(_("Disco"), f"{used}, {files}", is_ok=disk.is_ok and storage.is_ok)


@dataclass(frozen=True, slots=True)
class WaitBar:
    """A queue's wait as a bar: per cent of its length, the limit at two thirds."""

    name: str
    text: str
    percent: float
    is_late: bool
    has_limit: bool


LIMIT_PERCENT = 66


def waits(findings: dict[Part, Finding], *, now: datetime) -> list[WaitBar]:
    """Say of each queue how long its oldest job waits."""
    waiting: list[Wait] = findings[Part.QUEUES].facts.get("waits", [])
    return [
        _wait_bar(wait, now) for wait in sorted(waiting, key=lambda w: [*QUEUES].index(w.queue))
    ]


def _wait_bar(wait: Wait, now: datetime) -> WaitBar:
    limit = WAIT_LIMITS.get(wait.queue)
    length = wait.waits(now)
    share = length / (limit or BEAT_LIMIT)
    return WaitBar(
        name=str(QUEUES[wait.queue]),
        text=duration(length) if wait.jobs else str(_("vuota")),
        percent=min(100.0, share * LIMIT_PERCENT) if wait.jobs else 0.0,
        is_late=limit is not None and length > limit,
        has_limit=limit is not None,
    )
