"""What has happened before the photographs: quotes, an order and an invoice in every state."""

from dataclasses import dataclass
from typing import Any

from drills.campaign import People
from tests.support.running import Product

QUOTES: dict[str, dict[str, Any]] = {
    "requested": {"title": "Colleghi di Torino", "ready": "HAM-VEGANO", "quantity": 60},
    "preparing": {"title": "Natale in Meridiana", "quantity": 350},
    "sent": {"title": "Agenti e periti", "quantity": 350},
    "change_asked": {"title": "Fornitori", "quantity": 80},
    "revised": {"title": "Direzione", "quantity": 30},
    "declined": {"title": "Prova per marzo"},
    "withdrawn": {"title": "Sede di Padova"},
    "accepted": {"title": "Sede di Milano", "quantity": 214},
    "unbilled": {"title": "Sede di Roma", "quantity": 120},
}
OFFERED = tuple(QUOTES)[2:]
CHANGE = "Possiamo togliere la grappa e avere un biglietto per ognuno?"


@dataclass(frozen=True, slots=True)
class Story:
    """References to put into addresses: one quote for each state that has a face of its own."""

    requested: str
    preparing: str
    sent: str
    change_asked: str
    revised: str
    declined: str
    withdrawn: str
    accepted: str
    order: str
    unbilled: str
    invoice: str
    hamper: str

    def address(self, pattern: str) -> str:
        """Fill `{sent}` and its like into an address."""
        return pattern.format_map({name: getattr(self, name) for name in self.__slots__})


def play(product: Product) -> Story:
    """Play the main job up to each of its states; people do it through the pages."""
    people = People(product.address)
    quotes = {name: people.ask(**asked) for name, asked in QUOTES.items()}
    at = f"/ufficio/preventivi/{quotes['preparing']}"
    people.sales.fill(at, f"{at}/prepara")
    for name in OFFERED:
        _offer(product, people, quotes[name])
    for name in ("change_asked", "revised"):
        at = f"/preventivi/{quotes[name]}/modifiche"
        people.buyer.send(at, people.buyer.open(at).form("") | {"reason": CHANGE})
    _offer(product, people, quotes["revised"])
    at = f"/preventivi/{quotes['declined']}/rifiuto"
    people.buyer.fill(at, at, reason="Quest’anno facciamo da noi.")
    at = f"/ufficio/preventivi/{quotes['withdrawn']}/ritira"
    people.sales.fill(at, at, reason="Il laboratorio ha chiuso il forno.")
    orders = {}
    for name in ("accepted", "unbilled"):
        orders[name] = people.accept(quotes[name])
    invoice = people.bill(orders["accepted"])
    product.wait_for("SELECT 1 FROM stored_document WHERE kind = 'invoice'")
    hamper = str(product.ask("SELECT key FROM hamper ORDER BY id LIMIT 1")[0][0])
    facts = quotes | {"order": orders["accepted"], "invoice": invoice, "hamper": hamper}
    return Story(**facts | {"unbilled": orders["unbilled"]})


def _offer(product: Product, people: People, reference: str) -> None:
    people.offer(reference)
    product.wait_for("SELECT 1 FROM quote WHERE reference = %s AND state = 'sent'", reference)
