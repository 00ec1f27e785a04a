"""The state of the system: what works, what waits, what failed and what to do about it."""

from typing import TypeVar

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.backoffice import queries, service
from gifting.backoffice.forms import ArchiveForm
from gifting.backoffice.queries import JobRow, JobView
from gifting.backoffice.views import bp, conditions, parts, wording
from gifting.platform import clock, health
from gifting.platform.addresses import read_id
from gifting.platform.backup.runs import get_last
from gifting.platform.outbox import Queue
from gifting.platform.uow import transaction

NONE_OPEN = 0
"""No job has this number: who closes one asks for it."""
T = TypeVar("T", JobView, Queue)
LONGEST_SEARCH = 60


@bp.get("/ufficio/stato")
def system() -> ResponseReturnValue:
    """Show how every part fares, and the jobs of one view."""
    now = clock.now()
    findings = health.examine(now)
    counts = queries.count_jobs(now)
    schedule = queries.list_schedule()
    post = queries.get_post_state()
    is_production = current_app.config["SETTINGS"].is_production
    backup = parts.backup_state(get_last(), is_expected=is_production, now=now)
    found = conditions.list_conditions(findings, queries.list_failures(), schedule, backup)
    view = _one_of(JobView, request.args.get("vista"))
    queue = _one_of(Queue, request.args.get("tipo"))
    search = request.args.get("cerca", "").strip()[:LONGEST_SEARCH]
    page = queries.list_jobs(
        view, now=now, search=search, queue=queue, before=request.args.get("prima", type=read_id)
    )
    return render_template(
        "backoffice/system.html",
        cards=parts.cards(findings, post, backup, now=now),
        conditions=found,
        about=list(dict.fromkeys(one.name for one in found)),
        waits=parts.waits(findings, now=now),
        hours=queries.list_hours(now),
        schedule=[parts.scheduled(name, run, now=now) for name, run in schedule],
        view=view,
        views=[None, *JobView],
        counts={None: sum(counts[one] for one in queries.WATCHED), **counts},
        page=page,
        open_id=request.args.get("aperto", default=_gravest(page.rows), type=read_id),
        search=search,
        queue=queue,
        queues=[Queue.DOCUMENTS, Queue.MAIL, Queue.DEFAULT],
        parts=parts,
        words=wording,
        now=now,
    )


def _gravest(rows: list[JobRow]) -> int:
    """Return the job that is unfolded before anybody chose: the first, if it failed."""
    return rows[0].id if rows and rows[0].view is JobView.FAILED else NONE_OPEN


def _one_of(kind: type[T], asked: str | None) -> T | None:
    return kind(asked) if asked in set(kind) else None


@bp.post("/ufficio/stato/lavori/<int:job_id>/riprova")
def retry_job(job_id: int) -> ResponseReturnValue:
    """Make a job due now."""
    with transaction():
        retried = service.retry_job(job_id, actor_id=current_user.id, now=clock.now())
    if retried:
        flash(_("Il lavoro riparte adesso. Se riesce lo trovi tra i finiti."), "success")
    else:
        flash(_("Questo lavoro era già finito: non c’è niente da riprovare."), "info")
    return redirect(url_for("backoffice.system", vista=request.form.get("view") or None))


@bp.get("/ufficio/stato/lavori/<int:job_id>/archivia")
def confirm_archive_job(job_id: int) -> ResponseReturnValue:
    """Ask why a failed job is put aside."""
    return _ask(job_id, ArchiveForm()), 200


@bp.post("/ufficio/stato/lavori/<int:job_id>/archivia")
def archive_job(job_id: int) -> ResponseReturnValue:
    """Put a failed job aside, with a reason."""
    form = ArchiveForm()
    if not form.validate():
        return _ask(job_id, form), 422
    with transaction():
        archived = service.archive_job(
            job_id, reason=form.reason.data or "", actor_id=current_user.id, now=clock.now()
        )
    if archived:
        flash(_("Lavoro archiviato: il motivo resta nel registro."), "success")
    else:
        flash(_("Questo lavoro non è più tra i falliti: non c’è niente da archiviare."), "info")
    return redirect(url_for("backoffice.system"))


def _ask(job_id: int, form: ArchiveForm) -> str:
    job = queries.find_failed(job_id, now=clock.now())
    if job is None:
        abort(404)
    return render_template("backoffice/archive_job.html", job=job, form=form, words=wording)
