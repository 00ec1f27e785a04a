"""How an order's state and history are put into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction, OrderState
from gifting.orders.queries import Event, OrderPage, ReservedProduct
from gifting.platform.formats import date_weekday, number
from gifting.quotes.views.wording import Step

_WAY = (
    OrderState.CONFIRMED,
    OrderState.SOURCING,
    OrderState.IN_PRODUCTION,
    OrderState.PACKING,
    OrderState.SHIPPING,
    OrderState.FULFILLED,
)
_TITLES = {
    OrderState.AWAITING_DEPOSIT: _l("In attesa dell’acconto"),
    OrderState.CONFIRMED: _l("Ordine confermato"),
    OrderState.SOURCING: _l("Ordini ai laboratori"),
    OrderState.IN_PRODUCTION: _l("In produzione"),
    OrderState.PACKING: _l("In confezione"),
    OrderState.SHIPPING: _l("In viaggio"),
    OrderState.FULFILLED: _l("Consegnati"),
    OrderState.ON_HOLD: _l("In pausa"),
    OrderState.LAPSED: _l("Decaduto"),
    OrderState.CANCELLED: _l("Annullato"),
    OrderState.CLOSED: _l("Chiuso"),
}
_ICONS = {
    OrderState.CONFIRMED: "check2-square",
    OrderState.SOURCING: "basket",
    OrderState.IN_PRODUCTION: "shop",
    OrderState.PACKING: "box-seam",
    OrderState.SHIPPING: "truck",
    OrderState.ON_HOLD: "pause",
}
_BROKEN_OFF = (OrderState.ON_HOLD, OrderState.LAPSED, OrderState.CANCELLED)
_TOLD = {
    OrderAction.PLACE: _l("Offerta accettata, ordine confermato."),
    OrderAction.PLACE_AWAITING_DEPOSIT: _l("Offerta accettata: manca l’acconto."),
    OrderAction.RECEIVE_DEPOSIT: _l("Acconto ricevuto."),
    OrderAction.START_SOURCING: _l("Ordini mandati ai laboratori."),
    OrderAction.START_PRODUCTION: _l("I laboratori sono al lavoro."),
    OrderAction.START_PACKING: _l("La merce è arrivata: si confeziona."),
    OrderAction.START_SHIPPING: _l("Primi pacchi affidati al corriere."),
    OrderAction.FULFIL: _l("Tutti i cesti sono arrivati."),
    OrderAction.CLOSE: _l("Ordine chiuso."),
    OrderAction.HOLD: _l("Ordine messo in pausa."),
    OrderAction.RESUME: _l("Ordine ripreso."),
    OrderAction.LAPSE: _l("Ordine decaduto: l’acconto non è arrivato."),
    OrderAction.CANCEL: _l("Ordine annullato."),
    "stock_released": _l("Prodotti tornati a scorta."),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of what an order needs is set aside."""

    needed: int
    reserved: int

    @property
    def missing(self) -> int:
        return self.needed - self.reserved


def stock_of(reservations: Iterable[ReservedProduct]) -> Stock | None:
    """Add the reservations up; None before they are made."""
    made = tuple(reservations)
    if not made:
        return None
    return Stock(sum(r.needed for r in made), sum(r.reserved for r in made))


def stock_words(stock: Stock | None) -> str:
    """Say how much is set aside."""
    if stock is None:
        text = _("stiamo mettendo da parte i prodotti")
    elif stock.missing:
        text = _(
            "messi da parte %(reserved)s pezzi su %(needed)s, gli altri sono da produrre",
            reserved=number(stock.reserved),
            needed=number(stock.needed),
        )
    else:
        text = ngettext(
            "messo da parte il pezzo che serve",
            "messi da parte tutti i %(pieces)s pezzi",
            stock.needed,
            pieces=number(stock.needed),
        )
    return str(text)


def journey(page: OrderPage) -> list[Step]:
    """Tell the way of the hampers: what is done, where they are, what is to come."""
    reached = _reached(page.events)
    state = page.head.state
    if state in _BROKEN_OFF:
        return [*_behind(reached), *_broken_off(state, reached)]
    if state is OrderState.CLOSED:
        return [_step(one, "done", reached, page) for one in _WAY]
    way = [one for one in (OrderState.AWAITING_DEPOSIT,) if one in reached or one is state]
    way += _WAY
    at = way.index(state)
    is_over = state is OrderState.FULFILLED
    return [
        _step(one, "done" if place < at or is_over else _now_or_next(place, at), reached, page)
        for place, one in enumerate(way)
    ]


def _now_or_next(place: int, at: int) -> str:
    return "now" if place == at else "next"


def _reached(events: Iterable[Event]) -> dict[OrderState, datetime]:
    """Return when each state was entered last."""
    targets = {edge.action: edge.target for edge in ORDER_LIFECYCLE.edges}
    return {
        targets[OrderAction(event.action)]: event.happened_at
        for event in events
        if event.action in set(OrderAction)
    }


def _behind(reached: dict[OrderState, datetime]) -> list[Step]:
    done = [one for one in _WAY if one in reached]
    return [Step(str(_TITLES[one]), date_weekday(reached[one]), "done") for one in done]


def _broken_off(state: OrderState, reached: dict[OrderState, datetime]) -> list[Step]:
    day = date_weekday(reached[state]) if state in reached else ""
    return [Step(str(_TITLES[state]), day, "stop", _ICONS.get(state, ""))]


def _step(
    state: OrderState, mark: str, reached: dict[OrderState, datetime], page: OrderPage
) -> Step:
    if mark == "next":
        is_last, day = state is OrderState.FULFILLED, page.head.wanted_on
        text = _("per %(day)s", day=date_weekday(day)) if is_last and day else ""
    else:
        text = date_weekday(reached[state]) if state in reached else ""
    return Step(str(_TITLES[state]), str(text), mark, _ICONS.get(state, ""))


def event_words(event: Event) -> str:
    """Put a line of history into words."""
    if event.action == "stock_reserved":
        short = int(event.data.get("pieces_short", 0))
        text = ngettext(
            "Prodotti messi da parte; un pezzo è da produrre.",
            "Prodotti messi da parte; %(pieces)s pezzi sono da produrre.",
            short,
            pieces=number(short),
        )
        return str(text if short else _("Prodotti messi da parte: c’è tutto."))
    if event.action == "invoiced":
        return str(_("Fattura %(number)s emessa.", number=event.data["number"]))
    return str(_TOLD.get(event.action, event.action))


def actor_words(event: Event) -> str:
    """Name who acted; what happened by itself says so."""
    return event.actor or str(_("in automatico"))


def state_words(state: OrderState) -> str:
    """Name a state in a list of choices."""
    return str(_TITLES[state])
