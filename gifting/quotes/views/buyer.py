"""Pages of the buyer: the request, the list, the quote and its moves."""

import json
import secrets
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from gifting.accounts import queries as accounts
from gifting.accounts.queries import Person
from gifting.accounts.service import on_confirmed, open_account_or_explain
from gifting.core.calendar import add_business_days, rome_date
from gifting.core.drawing import box_svg
from gifting.core.gift_meter import GiftState
from gifting.core.pricing import PricedDocument
from gifting.core.quote_lifecycle import QuoteAction
from gifting.hampers import queries as hampers
from gifting.hampers import service as composing
from gifting.hampers.documents import Composition, compose_all
from gifting.hampers.models import Hamper
from gifting.hampers.views.visitor import VISITOR, find_owner
from gifting.platform import clock, settings
from gifting.platform.addresses import read_id
from gifting.platform.uow import transaction
from gifting.quotes import documents, policy, queries, service
from gifting.quotes.forms.buyer import (
    AnswerForm,
    ChangeForm,
    DeclineForm,
    MessageForm,
    ReasonForm,
    RequestForm,
    RevisionRead,
)
from gifting.quotes.models import Quote
from gifting.quotes.views import bp, wording

DRAFT = "quote_request"
RECEIVED = "quote_received"
KEYS = "cesto"
MOST_HAMPERS = 50
COOKIE_ROOM = 2600
_NEVER_KEPT = {
    "csrf_token",
    "submission_key",
    "person-password",
    "action",
    "has_read_privacy",
    KEYS,
}


@on_confirmed.append
def start_clock(person: Person, now: datetime) -> None:
    """The hours of our answer count from the moment the address is known to be the buyer's."""
    service.start_clock(user_id=person.id, now=now)


def _locale() -> str:
    return str(get_locale() or "it")


@bp.route("/preventivi/richiesta", methods=["GET", "POST"])
def request_form() -> ResponseReturnValue:
    """Ask for a quote of one or several hampers, with or without an account."""
    if current_user.is_authenticated and current_user.is_staff:
        abort(403)  # the office asks for nobody: a request is its company's own
    now = clock.now()
    asked = (key for value in request.values.getlist(KEYS) for key in value.split(",") if key)
    keys = list(islice(asked, MOST_HAMPERS))
    if request.method == "GET":
        return _show_request(keys, *_read_request(keys, now=now), now=now)
    _keep_draft()
    with transaction():
        _set_quantities(_chosen(keys), now=now)
        form, compositions = _read_request(keys, now=now)
        return _take_request(keys, form, compositions, now=now)


def _read_request(keys: list[str], *, now: datetime) -> tuple[RequestForm, list[Composition]]:
    """Return the form and what is asked for; the form knows from which day that can be there."""
    form = _request_form()
    compositions = compose_all(_chosen(keys), on=rome_date(now), now=now)
    form.today = rome_date(now)
    form.earliest_on = max((c.earliest_on for c in compositions), default=None)
    return form, compositions


def _take_request(
    keys: list[str], form: RequestForm, compositions: list[Composition], *, now: datetime
) -> ResponseReturnValue:
    """Do what the pressed button says."""
    action = request.form.get("action", "")
    if action == "save":
        flash(_("Abbiamo tenuto quello che hai scritto: lo ritrovi qui."), "success")
        return redirect(url_for(".request_form", cesto=keys))
    if action == "earliest" and form.earliest_on is not None:
        form.wanted_on.day = form.earliest_on
        form.wanted_on.data = form.earliest_on.strftime("%d/%m/%Y")
    elif action == "send" and form.validate() and compositions:
        failure = _submit(form, compositions, now=now)
        if failure is None:
            return redirect(url_for(".received"))
        form.form_errors.append(failure)
    return _show_request(keys, form, compositions, now=now)


def _show_request(
    keys: list[str], form: RequestForm, compositions: list[Composition], *, now: datetime
) -> ResponseReturnValue:
    return render_template(
        "quotes/request.html",
        form=form,
        compositions=compositions,
        choices=_choices(keys),
        keys=keys,
        document=PricedDocument(tuple(c.priced for c in compositions)),
        hours=sum(c.hours for c in compositions),
        answer_due=service.answer_due(now),
        note_about=_date_note(form.wanted_on.day, compositions, today=rome_date(now)),
        GiftState=GiftState,
        validity_days=settings.current().offer_validity_days,
        drawing=_drawing,
    ), 422 if form.errors else 200


def _request_form() -> RequestForm:
    """Show what was typed before, on this page or on an earlier visit; never the password."""
    kept = session.get(DRAFT, {}) if request.method == "GET" else {}
    form = RequestForm(formdata=_as_form(kept)) if kept else RequestForm()
    if not form.submission_key.data:
        form.submission_key.data = secrets.token_urlsafe(24)
    if current_user.is_authenticated:
        del form.company, form.person, form.has_read_privacy
    if not form.delivery_mode.data:
        form.delivery_mode.data = form.delivery_mode.default
    return form


def _as_form(kept: dict[str, str]) -> MultiDict[str, str]:
    return MultiDict(kept)


def _keep_draft() -> None:
    """Keep what was typed, the short fields first, as far as the session's cookie holds it.

    Browsers drop a cookie over 4 KB whole, and with it who the visitor is.
    """
    kept, room = {}, COOKIE_ROOM
    for name, value in sorted(request.form.items(), key=lambda item: len(item[1])):
        if value and name not in _NEVER_KEPT and not name.startswith("quantity-"):
            room -= len(json.dumps({name: value}))
            if room < 0:
                break
            kept[name] = value
    session[DRAFT] = kept


def _chosen(keys: list[str]) -> list[Hamper]:
    owner = find_owner()
    if keys:
        return hampers.list_by_keys(keys, owner=owner)
    return _all_mine()[:1]


def _all_mine() -> list[Hamper]:
    owner = find_owner()
    return hampers.list_hampers(
        company_id=owner.company_id, user_id=owner.user_id, visitor_key=owner.visitor_key
    )


def _choices(keys: list[str]) -> list[Hamper]:
    """Return the hampers that could be asked for together with these."""
    return [hamper for hamper in _all_mine() if keys and hamper.key not in keys]


def _set_quantities(chosen: list[Hamper], *, now: datetime) -> None:
    """Keep the numbers of hampers that were typed; what is no number leaves the old one."""
    for hamper in chosen:
        typed = request.form.get(f"quantity-{hamper.key}", type=read_id)
        if typed is not None and typed != hamper.quantity:
            composing.set_quantity(hamper, quantity=typed, now=now)


def _submit(form: RequestForm, compositions: list[Composition], *, now: datetime) -> str | None:
    """Make the request, with an account if there is none yet; return what stood in the way."""
    quantities = {c.key: c.quantity for c in compositions}
    quote = service.claim_submission(form.submission_key.data)
    if quote is None:
        try:
            service.check_hampers(compositions, quantities)
        except (service.NotOnSale, service.DoesNotFit, service.TooFewForExtra) as error:
            return _word(error)
        user = _asking(form, now=now)
        if user is not None:
            quote = _make(form, compositions, user, now=now)
    session.pop(DRAFT, None)
    is_known = current_user.is_authenticated and quote is not None
    session[RECEIVED] = quote.reference if is_known and quote else ""
    return None


def _word(error: service.NotOnSale | service.DoesNotFit | service.TooFewForExtra) -> str:
    """Say what keeps a hamper from being asked for, and what to do."""
    if isinstance(error, service.NotOnSale):
        text = _(
            "Nel cesto «%(hamper)s» non è più in vendita: %(names)s. Sostituiscilo e riprova.",
            hamper=error.hamper,
            names=", ".join(error.names),
        )
    elif isinstance(error, service.DoesNotFit):
        text = _(
            "Il contenuto di «%(hamper)s» non sta nella scatola: aprilo e sistemalo.",
            hamper=error.hamper,
        )
    else:
        text = ngettext(
            "«%(extra)s» si fa da %(num)d pezzo: aumenta i cesti «%(hamper)s» o toglilo.",
            "«%(extra)s» si fa da %(num)d pezzi: aumenta i cesti «%(hamper)s» o toglilo.",
            error.min_quantity,
            extra=error.extra,
            hamper=error.hamper,
        )
    return str(text)


def _asking(form: RequestForm, *, now: datetime) -> Person | None:
    """Return who asks: the person signed in, or one whose account is made now.

    None where the address or the company is known: the letter says what to do, the page nothing.
    """
    if current_user.is_authenticated:
        return accounts.get_person(current_user.id)
    user = open_account_or_explain(
        company=form.company.form.details(),
        person=form.person.form.details(),
        password=form.person.form.password.data,
        locale=_locale(),
        now=now,
    )
    if user is None or user.company_id is None:
        return None
    visitor_key = session.get(VISITOR)
    if visitor_key:
        composing.adopt(visitor_key, user.company_id, user.id, now)
    return accounts.get_person(user.id)


def _make(
    form: RequestForm, compositions: list[Composition], user: Person, *, now: datetime
) -> Quote:
    if user.company_id is None:
        raise ValueError(f"user {user.id} asks for no company")
    return service.submit(
        company_id=user.company_id,
        user=user,
        hampers=compositions,
        quantities={c.key: c.quantity for c in compositions},
        delivery_mode=form.delivery_mode.data,
        delivery_note=form.delivery_note.data,
        wanted_on=form.wanted_on.day,
        purchase_order_number=form.purchase_order_number.data,
        notes=form.notes.data,
        title=form.title.data,
        submission_key=form.submission_key.data,
        now=now,
    )


def _drawing(composition: Composition) -> Markup:
    shapes = [facts.shape(pieces) for facts, pieces, _component in composition.lines]
    drawn = box_svg(composition.box.shape, shapes, label=None, width_px=172)
    return Markup(drawn)  # noqa: S704 - our own drawing


def _date_note(
    wanted_on: date | None, compositions: list[Composition], *, today: date
) -> dict[str, Any] | None:
    """Say whether the wanted day can be kept, and until when it must be confirmed."""
    if not compositions:
        return None
    slowest = max(compositions, key=lambda c: c.lead_time_days)
    earliest_on = max(c.earliest_on for c in compositions)
    terms = settings.current()
    needed = slowest.lead_time_days + terms.packing_days + terms.transit_days
    if wanted_on is None or wanted_on < earliest_on:
        return {"is_kept": False, "is_asked": wanted_on is not None, "earliest_on": earliest_on}
    confirm_by = max(add_business_days(wanted_on, -needed), today)
    return {"is_kept": True, "wanted_on": wanted_on, "confirm_by": confirm_by}


@bp.get("/preventivi/ricevuta")
def received() -> ResponseReturnValue:
    """Thank for the request. The number is shown to people signed in; others have it by mail."""
    if RECEIVED not in session:
        return redirect(url_for(".request_form"))
    return render_template("quotes/received.html", reference=session[RECEIVED])


@bp.get("/preventivi")
def mine() -> ResponseReturnValue:
    """List the company's quotes."""
    page = queries.list_for_company(
        current_user.company_id, now=clock.now(), before=request.args.get("prima", type=read_id)
    )
    return render_template("quotes/mine.html", page=page)


@bp.get("/preventivi/<reference>")
def detail(reference: str) -> ResponseReturnValue:
    """Show a quote; its current offer counts as seen, and as expired if it is."""
    _open(reference)
    return render_detail(reference, number=_asked_revision())


def _asked_revision() -> int | None:
    return request.args.get("revisione", type=read_id)


def _open(reference: str) -> None:
    """Write what reading an offer changes, and nothing if it changes nothing."""
    quote = queries.get_quote(reference, company_id=current_user.company_id)
    if quote.state not in queries.OFFERED:
        return
    now = clock.now()
    with transaction():
        quote = queries.lock_quote(reference, company_id=current_user.company_id)
        if not service.bring_up_to_date(quote, now=now) and _asked_revision() is None:
            service.mark_seen(quote, actor_id=current_user.id, now=now)


def render_detail(
    reference: str,
    *,
    message: MessageForm | None = None,
    answer: AnswerForm | None = None,
    acceptance: FlaskForm | None = None,
    number: int | None = None,
) -> ResponseReturnValue:
    """Render the page of a quote, with a form that was refused in its place.

    `acceptance` is the form of who accepts: orders, which owns the verb, hands it back here.
    """
    page = documents.get_page(
        reference,
        company_id=current_user.company_id,
        role=current_user.role,
        locale=_locale(),
        now=clock.now(),
        number=number,
    )
    refused = next((form for form in (message, answer, acceptance) if form is not None), None)
    message = message or MessageForm(formdata=None)
    return render_template(
        "quotes/detail.html",
        quote=page,
        message=message,
        answer=answer or AnswerForm(formdata=None),
        acceptance=acceptance,
        form=refused or message,
        Action=QuoteAction,
        steps=wording.steps(page),
        thread=wording.thread(page),
        vat_rows=wording.vat_rows(page),
        hamper_drawing=wording.hamper_drawing,
        line_drawing=wording.line_drawing,
    ), 422 if refused else 200


@bp.post("/preventivi/<reference>/messaggi")
def post_message(reference: str) -> ResponseReturnValue:
    """Write to sales in the thread."""
    form = MessageForm()
    if not form.validate():
        return render_detail(reference, message=form)
    now = clock.now()
    with transaction():
        quote = queries.lock_quote(reference, company_id=current_user.company_id)
        service.post_message(
            quote, author_id=current_user.id, is_staff=False, body=form.body.data, now=now
        )
    flash(_("Messaggio inviato."), "success")
    return redirect(url_for(".detail", reference=reference, _anchor="messaggi"))


@bp.post("/preventivi/<reference>/risposta")
def answer(reference: str) -> ResponseReturnValue:
    """Answer what sales asked."""
    _page_to(QuoteAction.ANSWER, reference)
    form = AnswerForm()
    if not form.validate():
        return render_detail(reference, answer=form)
    _move(reference, service.answer, body=form.body.data)
    flash(_("Risposta inviata: ci rimettiamo al lavoro."), "success")
    return redirect(url_for(".detail", reference=reference))


@bp.route("/preventivi/<reference>/modifiche", methods=["GET", "POST"])
def ask_change(reference: str) -> ResponseReturnValue:
    """Say which lines of the offer should be different, and how."""
    page = _page_to(QuoteAction.ASK_CHANGE, reference)
    form = ChangeForm(revision=page.revision_number)
    names = {line.sku: line.name for hamper in page.hampers for line in hamper.lines}
    form.lines.choices = [SelectChoice(sku, name) for sku, name in names.items()]
    if not form.validate_on_submit():
        return _ask_again("quotes/change.html", page, form)
    ticked = [names[sku] for sku in dict.fromkeys(form.lines.data or ())]
    lead = _("Da cambiare: %(names)s.", names=", ".join(ticked)) + "\n" if ticked else ""
    reason = lead + form.reason.data
    _move(reference, service.ask_change, revision_number=form.revision.data, reason=reason)
    flash(_("Richiesta inviata: prepariamo una nuova revisione."), "success")
    return redirect(url_for(".detail", reference=reference))


@bp.route("/preventivi/<reference>/rifiuto", methods=["GET", "POST"])
def decline(reference: str) -> ResponseReturnValue:
    """Ask for the reason, then refuse the offer."""
    page = _page_to(QuoteAction.DECLINE, reference)
    form = DeclineForm(revision=page.revision_number)
    if not form.validate_on_submit():
        return _ask_again("quotes/decline.html", page, form)
    _move(
        reference,
        service.decline,
        revision_number=form.revision.data,
        reason=form.reason.data,
    )
    flash(_("Hai rifiutato l’offerta. Grazie di averci detto perché."), "info")
    return redirect(url_for(".detail", reference=reference))


@bp.route("/preventivi/<reference>/annulla", methods=["GET", "POST"])
def cancel(reference: str) -> ResponseReturnValue:
    """Ask for the reason, then take the request back."""
    page, form = _page_to(QuoteAction.CANCEL, reference), ReasonForm()
    if not form.validate_on_submit():
        return _ask_again("quotes/cancel.html", page, form)
    _move(reference, service.cancel, reason=form.reason.data)
    flash(_("Hai annullato la richiesta."), "info")
    return redirect(url_for(".detail", reference=reference))


def _page_to(action: QuoteAction, reference: str) -> documents.QuotePage:
    """Return what the page of a move shows.

    :raises TransitionNotAllowed: if the move is no longer possible: it is not even asked about
    """
    page = documents.get_page(
        reference,
        company_id=current_user.company_id,
        role=current_user.role,
        locale=_locale(),
        now=clock.now(),
    )
    policy.VERBS.expect(action, page.state, current_user.role)
    return page


def _ask_again(template: str, page: documents.QuotePage, form: FlaskForm) -> ResponseReturnValue:
    """Show the page that asks, with what is wrong in the form if it was sent."""
    if isinstance(form, RevisionRead) and form.is_forged:
        abort(400)
    return render_template(template, quote=page, form=form), 422 if form.errors else 200


def _move(reference: str, verb: Callable[..., Any], **words: Any) -> None:
    """Make one move on the company's quote, in one transaction."""
    with transaction():
        quote = queries.lock_quote(reference, company_id=current_user.company_id)
        verb(quote, actor_id=current_user.id, now=clock.now(), **words)
