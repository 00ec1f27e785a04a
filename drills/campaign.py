"""The main job through the pages: a company asks, sales offers, it accepts and is billed."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count

from drills.visitor import Page, Visitor

BUYER = ("chiara@meridiana.example", "panettone e taralli")
SALES = ("elena@vialedeimille.example", "nastro e carta velina")
ADMINISTRATOR = ("luca@vialedeimille.example", "nastro e carta velina")
ACCOUNTING = ("giulia@vialedeimille.example", "nastro e carta velina")
LOGINS = (BUYER, SALES, ACCOUNTING, ADMINISTRATOR)
READY = "HAM-SOTTO50"
_serial = count(int(time.time()))
"""So that no two requests or messages of any drill bear the same words."""


class NotDone(Exception):
    """A page refused what a person asked for: the words of the page."""


@dataclass
class People:
    """The people of the main job and the administrator, signed in."""

    base: str
    buyer: Visitor = field(init=False)
    sales: Visitor = field(init=False)
    accounting: Visitor = field(init=False)
    administrator: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.buyer, self.sales, self.accounting, self.administrator = self.everybody = tuple(
            Visitor(self.base) for _ in range(4)
        )
        self.sign_in()

    def sign_in(self) -> None:
        """Sign everybody in, with fresh cookies."""
        for person, login in zip(self.everybody, LOGINS, strict=True):
            person.forget()
            person.sign_in(*login)

    @property
    def troubles(self) -> list[Page]:
        return [page for person in self.everybody for page in person.troubles]

    def forget_troubles(self) -> None:
        for person in self.everybody:
            person.troubles.clear()

    def take_slowest(self) -> float:
        """Return the seconds of the slowest answer to any of them since this was last asked."""
        slowest = max(person.slowest for person in self.everybody)
        for person in self.everybody:
            person.slowest = 0.0
        return slowest

    def disturb(self, act: Callable[[], None] | None) -> None:
        """Have this happen whenever one of them sends a form."""
        for person in self.everybody:
            person.disturb = act

    def ask(self, *, title: str = "", ready: str = READY, quantity: int = 20) -> str:
        """Start from a ready-made hamper, ask for a quote; return its reference."""
        page = self.buyer.fill(
            f"/cesti-pronti/{ready}", f"/cesti-pronti/{ready}/inizia", quantity=str(quantity)
        )
        key = page.path.rpartition("/")[2]
        form = self.buyer.open(f"/preventivi/richiesta?cesto={key}").form("/preventivi/richiesta")
        title = title or f"Prova {next(_serial)}"
        form |= {"title": title, "action": "send", "delivery_note": "Milano"}
        page = self.buyer.send("/preventivi/richiesta", form)
        return _find(r"P-\d{4}-\d{4,}", page, at="/preventivi/ricevuta")

    def offer(self, reference: str) -> None:
        """Prepare the offer and have it sent.

        Sent again after the server died, a form may find its work done: the page says so (409).
        """
        at = f"/ufficio/preventivi/{reference}"
        self.sales.fill(at, f"{at}/prepara")
        page = self.sales.fill(f"{at}/invia", f"{at}/invia")
        if page.path != at and page.status != HTTPStatus.CONFLICT:
            raise NotDone(f"{page.status} {page.heading}")

    def accept(self, reference: str) -> str:
        """Accept the offer; return the order's reference."""
        at = f"/preventivi/{reference}"
        page = self.buyer.fill(at, f"{at}/accetta", is_agreed="y")
        return _find(r"O-\d{4}-\d{4,}", page, at="/ordini/")

    def bill(self, order: str) -> str:
        """Issue the order's invoice and register its payment; return the number."""
        at = f"/ufficio/ordini/{order}/fattura"
        page = self.accounting.fill(at, at)
        number = _find(r"\d{4}/\d{4,}", page, at="/ufficio/fatture/")
        self.accounting.fill(f"/ufficio/fatture/{number}", f"/ufficio/pagamenti/{number}")
        return number

    def administer_retry(self, jobs: list[int]) -> None:
        """Press «Riprova» at each of these jobs."""
        for job in jobs:
            address = f"/ufficio/stato/lavori/{job}/riprova"
            self.administrator.fill(f"/ufficio/stato?vista=failed&aperto={job}", address)

    def read_system(self) -> dict[str, str]:
        """Return what the system page tells staff to look at, by its key.

        Where nothing is wrong, its headline; nothing at all where the page does not come.
        """
        page = self.administrator.get("/ufficio/stato")
        if page.status != HTTPStatus.OK:
            return {}
        headline = page.words(lambda _tag, facts: facts.get("class") == "headline")
        return page.conditions or {"headline": headline}

    def change_logo(self, picture: bytes) -> Page:
        """Send the company's logo."""
        form = self.buyer.open("/azienda").form("/azienda/marchio")
        return self.buyer.upload("/azienda/marchio", form, field="logo", content=picture)

    def write(self, reference: str) -> Page:
        """Leave a message in the thread."""
        at = f"/preventivi/{reference}"
        return self.buyer.fill(at, f"{at}/messaggi", body=f"Messaggio {next(_serial)}")


def _find(pattern: str, page: Page, *, at: str) -> str:
    if at not in page.path:
        raise NotDone(f"{page.path}: {page.status} {page.heading}")
    found = re.search(pattern, page.path) or re.search(pattern, page.text)
    if found is None:
        raise NotDone(f"{page.path}: {page.status} {page.heading}")
    return found[0]
