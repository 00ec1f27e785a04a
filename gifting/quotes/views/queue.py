"""The office's queue: a part of the quotes, in an order, to look through and to take."""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from gifting.core.calendar import rome_date
from gifting.platform import clock, exports
from gifting.platform.addresses import read_id
from gifting.platform.counting import MOST
from gifting.platform.exports import Column
from gifting.platform.uow import transaction
from gifting.quotes import queries, service
from gifting.quotes.documents import get_queue
from gifting.quotes.documents.deadline import deadline_of
from gifting.quotes.queries import QueueFilter, QueueRow
from gifting.quotes.views import bp, queue_address
from gifting.quotes.views.sales_wording import (
    MARGIN_FLOOR,
    deadline_words,
    state_words,
    waiting_words,
)


@bp.get("/ufficio/preventivi")
def queue() -> ResponseReturnValue:
    """List a part of the quotes, the answer due first unless asked otherwise."""
    now, wanted = clock.now(), _wanted()
    page = get_queue(wanted, person_id=current_user.id, now=now, after=request.args.get("dopo"))
    counts = queries.count_queue(person_id=current_user.id)
    return render_template(
        "quotes/staff/queue.html",
        wanted=wanted,
        asked=queue_address.asked(request.args),
        sorts=queue_address.sorts(request.args, wanted),
        page=page,
        counts=counts,
        is_cut=wanted.is_bounded and counts[wanted.view] > MOST,
        newest_id=queries.get_newest_id(),
        summary=queries.get_queue_summary(now=now),
        owners=[(queue_address.NOBODYS, _("Nessuno")), *_sales()],
        states=_states(wanted),
        within=[
            (str(days), _("Consegna entro %(days)s giorni", days=days))
            for days in queue_address.WITHIN_DAYS
        ],
        filters=queries.list_filters(current_user.id),
        here=queue_address.written(request.args),
        deadlines={
            row.id: deadline_of(
                row.state, row.answer_due_at, is_email_confirmed=row.is_email_confirmed, now=now
            )
            for row in page.rows
        },
        to=queue_address.to,
        deadline_words=deadline_words,
        waiting_words=waiting_words,
        floor=MARGIN_FLOOR,
        now=now,
    )


@bp.get("/ufficio/preventivi/novita")
def queue_news() -> ResponseReturnValue:
    """Say how many quotes came into the part somebody looks at since they opened it."""
    try:
        newest_id = read_id(request.args.get("da", ""))
    except ValueError:
        newest_id = queries.get_newest_id()
    count = queries.count_newer(_wanted(), person_id=current_user.id, than_id=newest_id)
    return render_template(
        "quotes/staff/news.html", count=count, href=queue_address.to(request.args)
    )


@bp.get("/ufficio/esporta/preventivi.<any(csv, xlsx):form>")
def export_queue(form: str) -> ResponseReturnValue:
    """Give a part of the quotes to take away."""
    wanted = _wanted()

    def read() -> Iterator[QueueRow]:
        after: str | None = None
        while True:
            page = get_queue(
                wanted,
                person_id=current_user.id,
                now=clock.now(),
                after=after,
                limit=_EXPORTED_AT_ONCE,
            )
            yield from page.rows
            if page.next_after is None:
                return
            after = page.next_after

    return exports.send(_("Preventivi"), QUEUE_COLUMNS, read(), form=form)


_EXPORTED_AT_ONCE = 100  # each comes with its whole latest revision
QUEUE_COLUMNS: tuple[Column[QueueRow], ...] = (
    Column(_l("Preventivo"), lambda row: row.reference),
    Column(_l("Azienda"), lambda row: row.company_name),
    Column(_l("Titolo"), lambda row: row.title),
    Column(_l("Stato"), lambda row: state_words(row.state)),
    Column(_l("Chi lo segue"), lambda row: row.owner_name),
    Column(_l("Richiesto"), lambda row: rome_date(row.requested_at)),
    Column(_l("Consegna"), lambda row: row.wanted_on),
    Column(_l("Vale fino al"), lambda row: row.valid_until),
    Column(_l("Revisione"), lambda row: row.revision),
    Column(_l("Cesti"), lambda row: row.hampers_count),
    Column(_l("Imponibile"), lambda row: row.net),
    Column(_l("Totale con IVA"), lambda row: row.gross),
)


@bp.post("/ufficio/preventivi/<reference>/prendi")
def take(reference: str) -> ResponseReturnValue:
    """Make the quote mine."""
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.assign(quote, owner_id=current_user.id, actor_id=current_user.id, now=clock.now())
    flash(_("Hai preso il preventivo %(reference)s.", reference=reference), "success")
    if "coda" in request.form:
        return redirect(queue_address.to(request.form))
    return redirect(url_for("quotes.editor", reference=reference))


@bp.post("/ufficio/preventivi/viste")
def keep_filter() -> ResponseReturnValue:
    """Keep what the queue shows as a view of mine, under a name; the same name is written over."""
    name = " ".join(request.form.get("nome", "").split())[:NAME_LENGTH]
    if not name:
        flash(_("Dai un nome alla vista."), "error")
        return redirect(queue_address.to(request.form))
    try:
        with transaction():
            service.keep_filter(
                current_user.id, name=name, asked=queue_address.written(request.form)
            )
    except service.TooManyFilters:
        flash(
            _("Hai già %(count)s viste: eliminane una.", count=service.MAX_FILTERS),
            "error",
        )
    else:
        flash(_("Vista salvata: «%(name)s».", name=name), "success")
    return redirect(queue_address.to(request.form))


@bp.post("/ufficio/preventivi/viste/<int:filter_id>/elimina")
def drop_filter(filter_id: int) -> ResponseReturnValue:
    """Forget a view of mine."""
    with transaction():
        service.drop_filter(filter_id, user_id=current_user.id)
    flash(_("Vista eliminata."), "success")
    return redirect(url_for("quotes.queue"))


NAME_LENGTH = 40


def _wanted() -> QueueFilter:
    return queue_address.read(request.args, person_id=current_user.id, today=rome_date(clock.now()))


def _states(wanted: QueueFilter) -> list[tuple[str, str]]:
    """List the states of the view as choices, one for each word the office has for them."""
    by_words: dict[str, str] = {}
    for state in queries.list_states(wanted.view):
        by_words.setdefault(state_words(state), state.value)
    return [(value, words) for words, value in by_words.items()]


def _sales() -> list[tuple[str, str]]:
    """List who may be given a quote, as choices."""
    return [(str(person.id), person.name) for person in queries.list_sales()]
