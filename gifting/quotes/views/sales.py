"""Pages of the office about one quote: the editor and every move of sales."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from gifting.core.calendar import rome_date
from gifting.core.quote_lifecycle import QuoteAction, QuoteState
from gifting.core.vat import ZERO
from gifting.platform import clock
from gifting.platform.addresses import read_id
from gifting.platform.transitions import expect_version
from gifting.platform.uow import transaction
from gifting.quotes import policy, queries, service
from gifting.quotes.documents import Editor, LineView, get_editor
from gifting.quotes.documents.deadline import deadline_of
from gifting.quotes.forms.sales import (
    DraftForm,
    MessageForm,
    QuestionForm,
    ReasonForm,
    VersionForm,
    draft_form,
)
from gifting.quotes.models import Quote
from gifting.quotes.views import bp
from gifting.quotes.views.sales_wording import (
    MARGIN_FLOOR,
    deadline_words,
    event_detail,
    event_words,
    problem_words,
)
from gifting.quotes.views.wording import line_drawing


@bp.get("/ufficio/preventivi/<reference>")
def editor(reference: str) -> ResponseReturnValue:
    """Show a quote: what was asked, what we offer, what it earns."""
    return _show(_load(reference))


@bp.post("/ufficio/preventivi/<reference>")
def save_draft(reference: str) -> ResponseReturnValue:
    """Save every cell, then do what the pressed button says."""
    page = _load(reference)
    step = Step.read(request.form)
    if not page.is_editable:
        raise service.NotEditable(reference)
    form = draft_form(page, sent=request.form)
    if not form.validate():
        return _show(page, draft=form, status=422)
    try:
        with transaction():
            quote = queries.lock_quote(reference, company_id=None)
            expect_version(quote, form.version.data or 0)
            service.save_draft(quote, entry=form.entry(page, drop_charge=step.dropped_charge))
            _take(step, quote, page)
    except StaleDataError:
        return _show_conflict(reference)
    except (service.HamperWouldBeEmpty, service.PriceOutOfRange) as refusal:
        flash(_refusal_words(refusal), "error")
        return _show(_load(reference), draft=form, status=422)
    return redirect(step.next_address(reference))


def _refusal_words(refusal: Exception) -> str:
    if isinstance(refusal, service.HamperWouldBeEmpty):
        return str(_("È l’ultimo prodotto del cesto: aggiungine un altro prima di toglierlo."))
    return str(_("Di questo prodotto ci sono già 99 pezzi nel cesto."))


def _number(text: str) -> int:
    """Return the number of a row; 0, which no row has, for anything else."""
    try:
        return read_id(text)
    except ValueError:
        return 0


class Verb(StrEnum):
    """What the buttons of the editor do after everything is saved."""

    SAVE = "save"
    SEND = "send"
    SEARCH = "search"
    ADD = "add"
    REMOVE = "remove"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Step:
    """The pressed button. `key`: a hamper's, a component's or a row's number, by the verb."""

    verb: Verb
    key: int = 0
    text: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Self:
        """Read «add:12:GIO-001»; words in a search field make of plain saving a search."""
        verb, _colon, rest = sent.get("do", "").partition(":")
        key, _colon, text = rest.partition(":")
        known = Verb(verb) if verb in set(Verb) else Verb.SAVE
        place = _number(key)
        if known is Verb.SEARCH:
            return cls(known, place, sent.get(f"search_{place}", "").strip())
        if known is Verb.SAVE:
            for name, value in sent.items():
                hamper = name.removeprefix("search_")
                if hamper != name and _number(hamper) and value.strip():
                    return cls(Verb.SEARCH, _number(hamper), value.strip())
        return cls(known, place, text)

    @property
    def dropped_charge(self) -> int | None:
        return self.key if self.verb is Verb.DROP else None

    def next_address(self, reference: str) -> str:
        """Return the page that follows, at the place where the person was."""
        if self.verb is Verb.SEND:
            return url_for("quotes.send", reference=reference)
        if self.verb is Verb.SEARCH:
            anchor = f"cesto-{self.key}-aggiungi"
            return _at(reference, aggiungi=self.text, cesto=self.key, _anchor=anchor)
        if self.verb is Verb.ADD:
            return _at(reference, _anchor=f"cesto-{self.key}")
        return _at(reference)


def _take(step: Step, quote: Quote, page: Editor) -> None:
    if step.verb is Verb.REMOVE:
        line = _line_of(page, step.key)
        minutes = line.product.work_minutes if line and line.product else 0
        service.remove_component(quote, component_id=step.key, work_minutes=minutes)
        if line:
            flash(_("Tolto dal cesto: %(name)s.", name=line.name), "success")
    elif step.verb is Verb.ADD:
        facts = queries.find_addable(step.text, on=rome_date(clock.now()))
        if facts is None:
            flash(_("Questo prodotto non è più in vendita."), "error")
            return
        discount = _usual_discount(page, step.key)
        service.add_component(quote, hamper_id=step.key, facts=facts, discount=discount)
        flash(_("Aggiunto al cesto: %(name)s.", name=facts.name(str(get_locale()))), "success")


def _line_of(page: Editor, component_id: int) -> LineView | None:
    """Return the line with the catalogue's estimate of today, or None if a colleague took it."""
    lines = (line.view for hamper in page.hampers for line in hamper.lines)
    return next((line for line in lines if line.id == component_id), None)


def _usual_discount(page: Editor, hamper_id: int) -> Decimal:
    """Return the discount that all lines of the hamper have; zero if they differ."""
    for hamper in page.hampers:
        if hamper.view.id == hamper_id and len(hamper.view.discounts) == 1:
            return hamper.view.discounts[0]
    return ZERO


@bp.post("/ufficio/preventivi/<reference>/prepara")
def revise(reference: str) -> ResponseReturnValue:
    """Open the request, or the next revision, for editing."""
    now = clock.now()
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.bring_up_to_date(quote, now=now)
        service.revise(quote, actor_id=current_user.id, now=now)
    return redirect(_at(reference))


@bp.post("/ufficio/preventivi/<reference>/chiarimento")
def ask(reference: str) -> ResponseReturnValue:
    """Ask the buyer something; the clock stops until they answer."""
    page, form = _load_to(QuoteAction.ASK, reference), QuestionForm()
    if not form.validate_on_submit():
        return _show(page, question=form, status=422)
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.ask(quote, actor_id=current_user.id, comment=form.comment.data, now=clock.now())
    flash(
        _("Domanda inviata: il tempo di risposta si ferma finché il cliente risponde."), "success"
    )
    return redirect(_at(reference))


@bp.post("/ufficio/preventivi/<reference>/scrivi")
def write_to_buyer(reference: str) -> ResponseReturnValue:
    """Write in the thread; the buyer gets it by e-mail."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _show(_load(reference), message=form, status=422)
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.post_message(
            quote,
            author_id=current_user.id,
            is_staff=True,
            body=form.body.data,
            now=clock.now(),
        )
    flash(_("Messaggio inviato: il cliente lo riceve anche per e-mail."), "success")
    return redirect(_at(reference, _anchor="messaggi"))


@bp.get("/ufficio/preventivi/<reference>/invia")
def send(reference: str) -> ResponseReturnValue:
    """Show what will be sent and to whom, before it is."""
    return _show_sending(_load_to(QuoteAction.SEND, reference))


@bp.post("/ufficio/preventivi/<reference>/invia")
def request_send(reference: str) -> ResponseReturnValue:
    """Close the draft and have a worker send it, if it is still what was shown."""
    _load_to(QuoteAction.SEND, reference)
    form = VersionForm()
    if not form.validate_on_submit():
        return redirect(url_for("quotes.send", reference=reference))
    try:
        with transaction():
            quote = queries.lock_quote(reference, company_id=None)
            if not _is_sending(quote):
                expect_version(quote, form.version.data or 0)
            service.request_send(quote, actor_id=current_user.id, now=clock.now())
    except StaleDataError:
        flash(_("Un collega ha cambiato questo preventivo: rileggilo prima di inviarlo."), "error")
        return _show_sending(_load_to(QuoteAction.SEND, reference), status=409)
    except service.OfferNotReady:
        return _show_sending(_load(reference), status=422)
    return redirect(_at(reference))


def _is_sending(quote: Quote) -> bool:
    draft = queries.find_draft(quote.id)
    return draft is not None and draft.send_requested_at is not None


@bp.post("/ufficio/preventivi/<reference>/invia/riprova")
def retry_send(reference: str) -> ResponseReturnValue:
    """Run a sending that failed again."""
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.retry_send(quote, now=clock.now())
    return redirect(_at(reference))


@bp.post("/ufficio/preventivi/<reference>/invia/ferma")
def stop_send(reference: str) -> ResponseReturnValue:
    """Take a sending back and open the draft again."""
    with transaction():
        quote = queries.lock_quote(reference, company_id=None)
        service.resume_editing(quote, actor_id=current_user.id, now=clock.now())
    return redirect(_at(reference))


@bp.route("/ufficio/preventivi/<reference>/ritira", methods=["GET", "POST"])
def withdraw(reference: str) -> ResponseReturnValue:
    """Ask for the reason, then take the quote back."""
    page, form = _load_to(QuoteAction.WITHDRAW, reference), ReasonForm()
    if form.validate_on_submit():
        with transaction():
            quote = queries.lock_quote(reference, company_id=None)
            service.withdraw(
                quote, actor_id=current_user.id, reason=form.reason.data, now=clock.now()
            )
        flash(_("Preventivo ritirato: il cliente lo sa per e-mail."), "success")
        return redirect(_at(reference))
    status = 422 if form.is_submitted() else 200
    return render_template("quotes/staff/withdraw.html", page=page, form=form), status


def _at(reference: str, **more: Any) -> str:
    return url_for("quotes.editor", reference=reference, **more)


def _load(reference: str) -> Editor:
    return get_editor(reference, role=current_user.role, locale=str(get_locale()), now=clock.now())


def _load_to(action: QuoteAction, reference: str) -> Editor:
    """Return what the page of a move shows.

    :raises TransitionNotAllowed: if the move is no longer possible: it is not even asked about
    """
    page = _load(reference)
    policy.VERBS.expect(action, page.state, current_user.role)
    return page


def _show_conflict(reference: str) -> ResponseReturnValue:
    """Show a colleague's version with what was typed here still in the cells."""
    page = _load(reference)
    if not page.is_editable:
        raise service.NotEditable(reference)
    form = draft_form(page, sent=request.form)
    form.version.raw_data, form.version.data = None, page.version
    return _show(page, draft=form, is_conflict=True, status=409)


def _show(
    page: Editor,
    *,
    draft: DraftForm | None = None,
    question: QuestionForm | None = None,
    message: MessageForm | None = None,
    is_conflict: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    deadline = deadline_of(
        page.state, page.answer_due_at, is_email_confirmed=page.is_email_confirmed, now=now
    )
    if draft is None and page.is_editable:
        draft = draft_form(page)
    sought = request.args.get("aggiungi", "").strip() if page.is_editable else ""
    rendered = render_template(
        "quotes/staff/editor.html",
        page=page,
        draft=draft,
        form=next((f for f in (draft, question, message) if f is not None and f.errors), None),
        question=question or QuestionForm(formdata=None),
        message=message or MessageForm(formdata=None),
        is_conflict=is_conflict,
        deadline=deadline,
        deadline_text=deadline_words(deadline, now=now),
        sought=sought,
        sought_in=request.args.get("cesto", type=int),
        found=queries.list_addable(sought, on=rome_date(now)) if sought else (),
        picture=line_drawing,
        event_words=event_words,
        event_detail=event_detail,
        floor=MARGIN_FLOOR,
        now=now,
    )
    return rendered, status


def _show_sending(page: Editor, *, status: int = 200) -> ResponseReturnValue:
    """Show the last step before the offer leaves; if it is leaving already, that it is."""
    if page.state is QuoteState.PREPARING and not page.is_editable:
        return redirect(_at(page.reference))
    draft = queries.get_revision(page.revision_id)
    problems = service.list_problems(draft, now=clock.now())
    rendered = render_template(
        "quotes/staff/send.html",
        page=page,
        problems=[problem_words(problem, name) for problem, name in problems],
        floor=MARGIN_FLOOR,
    )
    return rendered, status
