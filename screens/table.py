"""Every page to be photographed, and whose it is. A new page is a new row."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]

VISITOR = ""
BUYER = "chiara@meridiana.example"
APPROVER = "marta@meridiana.example"
FINANCE = "paolo@meridiana.example"
SALES = "elena@vialedeimille.example"
MANAGER = "marta@vialedeimille.example"
OPERATIONS = "davide@vialedeimille.example"
ACCOUNTING = "giulia@vialedeimille.example"
ADMINISTRATOR = "luca@vialedeimille.example"


@dataclass(frozen=True, slots=True)
class Screen:
    """One page in one state.

    `path` may hold names of the story in braces; `act` brings the page into its state.
    """

    name: str
    path: str
    who: str = VISITOR
    act: Act | None = None
    language: str = "it"
    javascript: bool = True


def _press(selector: str) -> Act:
    def press(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")

    return press


def _start(page: Page) -> None:
    """Start a hamper from the ready-made one that is shown."""
    _press("form[action$='/inizia'] button")(page)


def _crowd(page: Page) -> None:
    """Put in what the shelf offers until much does not fit any more."""
    _start(page)
    for _ in range(6):
        add = page.locator("#shelf .add[name=add]:not([disabled])").first
        add.evaluate("button => button.click()")
        page.wait_for_load_state("networkidle")


def _too_small(page: Page) -> None:
    """Choose a box that what is inside does not fit."""
    _crowd(page)
    page.locator("#boxes-large button").first.evaluate("button => button.click()")
    page.wait_for_load_state("networkidle")


def _share(page: Page) -> None:
    """Share the hamper: the page shows its link."""
    _start(page)
    page.locator("[name=share]").first.evaluate("button => button.click()")
    page.locator("#share-link").wait_for(state="attached")
    page.wait_for_load_state("networkidle")


def _read_shared(page: Page) -> None:
    """Share the hamper and read it where the link leads."""
    _share(page)
    page.goto(page.locator("#share-link").input_value())


def _request(page: Page) -> None:
    """Go on from the builder to the request."""
    _start(page)
    _press("a[href^='/preventivi/richiesta']")(page)


def _leave_unsaved(page: Page) -> None:
    """Type into the editor and reload before it is saved."""
    page.locator("#message").fill("Buongiorno Chiara, ecco la proposta.")
    page.reload()


def _tick(page: Page) -> None:
    """Tick the first rows of the queue."""
    for place in range(3):
        page.locator("[data-row]").nth(place).check()


def _list_keys(page: Page) -> None:
    """Go down a row and ask for the list of keys."""
    page.keyboard.press("j")
    page.keyboard.press("?")


def _keep_view(page: Page) -> None:
    """Keep what the queue shows under a name, unless it is kept already."""
    if page.locator("#nome").count():
        page.locator("#nome").fill("Miei, dal cliente")
        _press(".keep button")(page)


def _remind(page: Page) -> None:
    """Remind the buyers of what is ticked, whether or not they have an offer."""
    _tick(page)
    _press("[name=fai][value=promemoria]")(page)


def _pack(page: Page) -> None:
    """Ask for the offers of the first rows in one file and wait for it."""
    _tick(page)
    _press("[name=fai][value=pdf]")(page)
    page.locator(".spin").wait_for(state="detached")


def _request_wrongly(page: Page) -> None:
    """Send the request with nothing filled in."""
    _request(page)
    page.locator("main form button[value=send]").click()
    page.wait_for_load_state("networkidle")


def _sign_in_wrongly(page: Page) -> None:
    page.locator("input[type=email]").fill("chiara@meridiana.example")
    page.locator("input[type=password]").fill("non me la ricordo")
    page.locator("input[type=password]").press("Enter")
    page.wait_for_load_state("networkidle")


READY = "/cesti-pronti/HAM-SOTTO50?pezzi=350"

SCREENS = (
    Screen("home", "/"),
    Screen("home-en", "/", language="en"),
    Screen("products", "/prodotti"),
    Screen("products-found", "/prodotti?q=panetone"),
    Screen("products-none", "/prodotti?q=xilofono"),
    Screen("product", "/prodotti/GIO-PAN-1000"),
    Screen("ready-hampers", "/cesti-pronti"),
    Screen("ready-hamper", READY),
    Screen("producers", "/persone-e-luoghi"),
    Screen("producer", "/laboratori/pasticceria-giotto"),
    Screen("shop", "/negozio"),
    Screen("how-it-works", "/come-funziona"),
    Screen("impact-method", "/come-contiamo-le-ore"),
    Screen("privacy", "/privacy"),
    Screen("builder", READY, act=_start),
    Screen("builder-en", READY, act=_start, language="en"),
    Screen("builder-full", READY, act=_crowd),
    Screen("builder-too-small", READY, act=_too_small),
    Screen("builder-plain", READY, act=_start, javascript=False),
    Screen("builder-shared", READY, act=_share),
    Screen("hamper-shared", READY, act=_read_shared),
    Screen("hamper-link-gone", "/condiviso/di-nessuno"),
    Screen("new-hamper", "/cesti/nuovo"),
    Screen("my-hampers-none", "/cesti"),
    Screen("request", READY, act=_request),
    Screen("request-errors", READY, act=_request_wrongly),
    Screen("sign-in", "/accedi"),
    Screen("sign-in-wrong", "/accedi", act=_sign_in_wrongly),
    Screen("sign-in-link", "/accedi/link"),
    Screen("sign-in-help", "/accedi/aiuto"),
    Screen("link-expired", "/link/di-nessuno"),
    Screen("invitation-expired", "/invito/di-nessuno"),
    Screen("not-found", "/una-pagina-che-non-esiste"),
    Screen("buyer-home", "/casa", BUYER),
    Screen("buyer-home-en", "/casa", BUYER, language="en"),
    Screen("my-hampers", "/cesti", BUYER),
    Screen("builder-saved", "/cesti/{hamper}", BUYER),
    Screen("request-buyer", "/preventivi/richiesta?cesto={hamper}", BUYER),
    Screen("my-quotes", "/preventivi", BUYER),
    Screen("quote-requested", "/preventivi/{requested}", BUYER),
    Screen("quote-offer", "/preventivi/{sent}", BUYER),
    Screen("quote-offer-en", "/preventivi/{sent}", BUYER, language="en"),
    Screen("quote-change", "/preventivi/{sent}/modifiche", BUYER),
    Screen("quote-decline", "/preventivi/{sent}/rifiuto", BUYER),
    Screen("quote-cancel", "/preventivi/{sent}/annulla", BUYER),
    Screen("quote-change-asked", "/preventivi/{change_asked}", BUYER),
    Screen("quote-revised", "/preventivi/{revised}", BUYER),
    Screen("quote-declined", "/preventivi/{declined}", BUYER),
    Screen("quote-withdrawn", "/preventivi/{withdrawn}", BUYER),
    Screen("quote-accepted", "/preventivi/{accepted}", BUYER),
    Screen("my-orders", "/ordini", BUYER),
    Screen("order", "/ordini/{order}", BUYER),
    Screen("my-invoices", "/fatture", FINANCE),
    Screen("invoice", "/fatture/{invoice}", FINANCE),
    Screen("profile", "/profilo", BUYER),
    Screen("second-factor", "/profilo/codice", BUYER),
    Screen("company", "/azienda", BUYER),
    Screen("company-history", "/azienda/registro", BUYER),
    Screen("company-invoicing", "/azienda/fatturazione", BUYER),
    Screen("invite", "/persone/invita", BUYER),
    Screen("forbidden", "/azienda/registro", FINANCE),
    Screen("approver-home", "/casa", APPROVER),
    Screen("finance-home", "/casa", FINANCE),
    Screen("office", "/ufficio", SALES),
    Screen("office-administrator", "/ufficio", ADMINISTRATOR),
    Screen("office-operations", "/ufficio", OPERATIONS),
    Screen("office-accounting", "/ufficio", ACCOUNTING),
    Screen("queue", "/ufficio/preventivi", SALES),
    Screen("queue-all", "/ufficio/preventivi?vista=all", SALES),
    Screen("queue-none", "/ufficio/preventivi?cerca=xilofono", SALES),
    Screen("queue-narrowed", "/ufficio/preventivi?vista=all&stato=sent&ordine=-totale", SALES),
    Screen("queue-nothing", "/ufficio/preventivi?vista=closed&miei=sì&consegna=7", SALES),
    Screen("queue-ticked", "/ufficio/preventivi?vista=all", SALES, _tick),
    Screen("queue-keys", "/ufficio/preventivi?vista=all", SALES, _list_keys),
    Screen("queue-view", "/ufficio/preventivi?vista=waiting&miei=sì", SALES, _keep_view),
    Screen("queue-reminded", "/ufficio/preventivi?vista=all", SALES, _remind),
    Screen("queue-pack", "/ufficio/preventivi?vista=all", SALES, _pack),
    Screen("editor-requested", "/ufficio/preventivi/{requested}", SALES),
    Screen("editor", "/ufficio/preventivi/{preparing}", SALES),
    Screen("editor-kept", "/ufficio/preventivi/{preparing}", SALES, _leave_unsaved),
    Screen("editor-send", "/ufficio/preventivi/{preparing}/invia", SALES),
    Screen("editor-sent", "/ufficio/preventivi/{sent}", SALES),
    Screen("editor-change-asked", "/ufficio/preventivi/{change_asked}", SALES),
    Screen("editor-withdraw", "/ufficio/preventivi/{sent}/ritira", SALES),
    Screen("office-orders", "/ufficio/ordini", OPERATIONS),
    Screen("office-order", "/ufficio/ordini/{order}", OPERATIONS),
    Screen("office-products", "/ufficio/prodotti", MANAGER),
    Screen("office-product", "/ufficio/prodotti/GIO-PAN-1000", MANAGER),
    Screen("office-count", "/ufficio/prodotti/conta", MANAGER),
    Screen("office-breaks", "/ufficio/sconti-quantita", MANAGER),
    Screen("office-invoices", "/ufficio/fatture", ACCOUNTING),
    Screen("office-invoice", "/ufficio/fatture/{invoice}", ACCOUNTING),
    Screen("office-issue", "/ufficio/ordini/{unbilled}/fattura", ACCOUNTING),
    Screen("system", "/ufficio/stato", ADMINISTRATOR),
    Screen("design", "/design", ADMINISTRATOR),
    Screen("letters", "/ufficio/posta", ADMINISTRATOR),
    Screen("staff-people", "/ufficio/persone", ADMINISTRATOR),
    Screen("staff-history", "/ufficio/persone/registro", ADMINISTRATOR),
    Screen("office-forbidden", "/ufficio/persone", SALES),
    Screen("office-not-found", "/ufficio/niente", SALES),
)
