"""Staff pages across slices: owed jobs and letters."""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.backoffice import policy, queries, service
from gifting.backoffice.queries import JobView, Letter
from gifting.backoffice.views.wording import page_of, task_words
from gifting.core.roles import BILLING, Role
from gifting.platform import clock
from gifting.platform.addresses import read_id
from gifting.platform.uow import transaction

bp = Blueprint("backoffice", __name__)

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Letters carry their styles inline; nothing else of them may act."""


@bp.get("/ufficio")
def home() -> ResponseReturnValue:
    """Send each member of staff to the page of their work."""
    role = current_user.role
    if role in BILLING - {Role.ADMINISTRATOR}:
        endpoint = "billing.staff_list"
    elif role is Role.OPERATIONS:
        endpoint = "orders.staff_list"
    else:
        endpoint = "quotes.queue"
    return redirect(url_for(endpoint))


@bp.get("/ufficio/lavori")
def jobs() -> ResponseReturnValue:
    """List the jobs of one view."""
    now = clock.now()
    counts = queries.count_jobs(now)
    asked = request.args.get("vista", "")
    view = JobView(asked) if asked in set(JobView) else _most_urgent(counts)
    rows = queries.list_jobs(view, now=now, before=request.args.get("prima", type=read_id))
    return render_template(
        "backoffice/jobs.html",
        view=view,
        views=list(JobView),
        counts=counts,
        rows=rows[: queries.PAGE],
        has_more=len(rows) > queries.PAGE,
        page_of=page_of,
        task_words=task_words,
        now=now,
    )


def _most_urgent(counts: dict[JobView, int]) -> JobView:
    return next((view for view in JobView if counts[view]), JobView.DONE)


@bp.post("/ufficio/lavori/<int:job_id>/riprova")
def retry_job(job_id: int) -> ResponseReturnValue:
    """Make a job due now."""
    with transaction():
        retried = service.retry_job(job_id, actor_id=current_user.id, now=clock.now())
    if retried:
        flash(_("Il lavoro riparte adesso. Se riesce lo trovi tra i finiti."), "success")
    else:
        flash(_("Questo lavoro era già finito: non c’è niente da riprovare."), "info")
    return redirect(url_for("backoffice.jobs", vista=request.form.get("view") or None))


@bp.get("/ufficio/posta")
def mails() -> ResponseReturnValue:
    """List the letters that left, of the slices this person's work is about."""
    rows = queries.list_letters(
        policy.areas_for(current_user.role), before=request.args.get("prima", type=read_id)
    )
    return render_template(
        "backoffice/mails.html",
        rows=rows[: queries.PAGE],
        has_more=len(rows) > queries.PAGE,
    )


@bp.get("/ufficio/posta/<int:letter_id>")
def mail(letter_id: int) -> ResponseReturnValue:
    """Show one letter; its HTML part stands in a frame."""
    return render_template(
        "backoffice/mail.html", letter=_get_letter(letter_id), letter_id=letter_id
    )


def _get_letter(letter_id: int) -> Letter:
    return queries.get_letter(
        letter_id, areas=policy.areas_for(current_user.role), personal=policy.PERSONAL
    )


@bp.get("/ufficio/posta/<int:letter_id>/html")
def mail_html(letter_id: int) -> ResponseReturnValue:
    """Serve the HTML part of a letter, which may run and load nothing."""
    letter = _get_letter(letter_id)
    if not letter.html:
        abort(404)
    response = make_response(letter.html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response
