"""What the buyer's pages say of a quote's history, and what they draw."""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from gifting.core.drawing import box_icon_svg, box_svg, extra_svg, product_svg
from gifting.core.pricing import ComponentKind
from gifting.core.quote_lifecycle import QuoteAction, QuoteState
from gifting.platform.formats import date_short, date_weekday, percent, time_of
from gifting.platform.formats import money as money_text
from gifting.quotes.documents import HamperView, LineView, QuotePage
from gifting.quotes.queries import Event, Message

MAX_STEPS = 6
_BOX_PX = 432


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the line at the top of the page."""

    title: str
    text: str
    state: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """A message of the thread, or a fact between messages."""

    message: Message | None
    text: str = ""


def steps(quote: QuotePage) -> list[Step]:
    """Tell what happened so far, and what comes next, in at most six steps."""
    told = [_told(event) for event in quote.history]
    past = [Step(title, text, "done") for title, text in told if title]
    if len(past) >= MAX_STEPS:
        past = [past[0], *past[-(MAX_STEPS - 2) :]]
    coming = _coming(quote)
    if not past:
        return coming
    last = past.pop()
    now = "now" if coming else "stop" if quote.state in _OVER else "done"
    return [*past, Step(last.title, last.text, now, _ICONS.get(quote.state, "")), *coming]


_OVER = (QuoteState.DECLINED, QuoteState.EXPIRED, QuoteState.WITHDRAWN)
_ICONS = {
    QuoteState.SENT: "envelope-open",
    QuoteState.REQUESTED: "send",
    QuoteState.INFO_NEEDED: "chat-left-text",
    QuoteState.PREPARING: "pencil",
    QuoteState.CHANGE_REQUESTED: "arrow-repeat",
}


def _told(event: Event) -> tuple[str, str]:
    """Word an event for the buyer; an empty title leaves it out."""
    when = f"{date_short(event.happened_at)}, {time_of(event.happened_at)}"
    number = event.data.get("revision")
    titles = {
        QuoteAction.SUBMIT: _("Richiesto"),
        QuoteAction.ASK: _("Domanda per te"),
        QuoteAction.ANSWER: _("Hai risposto"),
        QuoteAction.SEND: _("Offerta, rev. %(number)s", number=number),
        QuoteAction.ASK_CHANGE: _("Modifiche chieste"),
        QuoteAction.ACCEPT: _("Accettato"),
        QuoteAction.DECLINE: _("Rifiutato"),
        QuoteAction.EXPIRE: _("Scaduto"),
        QuoteAction.WITHDRAW: _("Ritirato"),
        QuoteAction.CANCEL: _("Annullato"),
    }
    if event.action == QuoteAction.REVISE and event.source == QuoteState.REQUESTED:
        day = date_short(event.happened_at)
        return _("Preso in carico"), f"{event.actor_name}, {day}"
    return titles.get(event.action, ""), when  # type: ignore[call-overload]


def _coming(quote: QuotePage) -> list[Step]:
    if quote.state in (QuoteState.SENT, QuoteState.BUYER_REVIEW) and quote.valid_until:
        return [Step(_("La tua decisione"), _until(date_short(quote.valid_until)), "next")]
    if quote.state is QuoteState.INFO_NEEDED:
        return [Step(_("La tua risposta"), "", "next"), Step(_("L’offerta"), "", "next")]
    if quote.state in _OVER or quote.state is QuoteState.ACCEPTED:
        return []
    due = quote.answer_due_at
    text = _until(f"{date_weekday(due)}, {time_of(due)}") if due else ""
    return [Step(_("L’offerta"), text, "next"), Step(_("La tua decisione"), "", "next")]


def _until(moment: str) -> str:
    return str(_("entro %(moment)s", moment=moment))


def thread(quote: QuotePage) -> list[ThreadEntry]:
    """Weave the messages and what happened between them, oldest first."""
    woven = [(message.written_at, 0, ThreadEntry(message)) for message in quote.thread]
    for event in quote.history:
        text = _between(event)
        if text:
            woven.append((event.happened_at, 1, ThreadEntry(None, text)))
    return [entry for _moment, _order, entry in sorted(woven, key=lambda item: item[:2])]


def _between(event: Event) -> str:
    when = {"day": date_weekday(event.happened_at), "time": time_of(event.happened_at)}
    if event.action == "seen":
        return str(_("Offerta aperta %(day)s alle %(time)s", **when))
    if event.action == QuoteAction.SEND:
        number = event.data.get("revision")
        return str(
            _("Offerta inviata, revisione %(number)s, %(day)s alle %(time)s", number=number, **when)
        )
    return ""


def vat_rows(quote: QuotePage) -> list[tuple[str, str, str]]:
    """Write the VAT summary out."""
    if quote.document is None:
        return []
    return [
        (
            row.vat.nature or percent(row.vat.rate),
            money_text(row.net),
            money_text(row.tax),
        )
        for row in quote.document.breakdown.rows
    ]


def hamper_drawing(hamper: HamperView) -> Markup:
    """Draw the open box with what is in it; nothing if the catalogue no longer knows the box."""
    if hamper.box is None:
        return Markup()
    shapes = [line.product.shape(line.quantity) for line in hamper.lines if line.product]
    return Markup(box_svg(hamper.box.shape, shapes, label=None, width_px=_BOX_PX))  # noqa: S704 - our own drawing


def line_drawing(line: LineView) -> Markup:
    """Draw a product, the box or an extra, small."""
    if line.kind is ComponentKind.PRODUCT and line.product:
        return Markup(product_svg(line.product.shape(), size="tiny"))  # noqa: S704 - our own drawing
    if line.box:
        return Markup(box_icon_svg(line.box.shape))  # noqa: S704 - our own drawing
    return Markup(extra_svg(line.extra_kind))  # noqa: S704 - our own drawing
