"""The navigation of each role, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from gifting.platform.formats import tally
from gifting.quotes import queries as quotes
from gifting.web.registry import ROUTES


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation; shown to those who may reach its endpoint.

    `count`: how much of what lies there is still open, bounded as counts beside lists are.
    """

    endpoint: str
    label: LazyString
    icon: str = ""
    count: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as the layout draws it."""

    label: LazyString
    href: str
    endpoint: str
    icon: str
    is_current: bool
    count: str = ""


VISITOR = (
    Entry("catalogue.products", _l("Prodotti")),
    Entry("catalogue.ready_hampers", _l("Cesti pronti")),
    Entry("catalogue.producers", _l("Persone e luoghi")),
    Entry("catalogue.how_it_works", _l("Come funziona")),
)
COMPANY = (
    Entry("catalogue.products", _l("Prodotti")),
    Entry("hampers.mine", _l("I miei cesti")),
    Entry("quotes.mine", _l("Preventivi")),
    Entry("orders.mine", _l("Ordini")),
    Entry("billing.mine", _l("Fatture")),
)
STAFF = (
    Entry("quotes.queue", _l("Preventivi"), "file-earmark-text", quotes.count_open),
    Entry("orders.staff_list", _l("Ordini"), "box-seam"),
    Entry("catalogue.staff_products", _l("Prodotti e scorte"), "basket"),
    Entry("catalogue.staff_breaks", _l("Sconti quantità"), "percent"),
    Entry("billing.staff_list", _l("Fatture"), "receipt"),
    Entry("backoffice.mails", _l("Posta"), "envelope"),
    Entry("accounts.staff_people", _l("Persone"), "people"),
    Entry("backoffice.system", _l("Stato del sistema"), "activity"),
)


def nav_items() -> list[NavItem]:
    """Return the places this person may go to, the present one marked."""
    if not current_user.is_authenticated:
        entries: tuple[Entry, ...] = VISITOR
    else:
        entries = STAFF if current_user.is_staff else COMPANY
    return [
        NavItem(
            label=entry.label,
            href=url_for(entry.endpoint),
            endpoint=entry.endpoint,
            icon=entry.icon,
            is_current=_is_current(entry.endpoint),
            count=_count(entry),
        )
        for entry in entries
        if _may_reach(entry.endpoint)
    ]


def _may_reach(endpoint: str) -> bool:
    if endpoint not in ROUTES:
        return False
    roles = ROUTES[endpoint]
    return roles is None or (current_user.is_authenticated and current_user.role in roles)


def _count(entry: Entry) -> str:
    """Write the count; none where there is nothing, or nobody to ask: error pages are drawn too."""
    if entry.count is None:
        return ""
    try:
        count = entry.count()
    except SQLAlchemyError:
        return ""
    return tally(count) if count else ""


def _is_current(endpoint: str) -> bool:
    return request.path == url_for(endpoint) or request.path.startswith(f"{url_for(endpoint)}/")


def install(app: Flask) -> None:
    """Give the layouts their navigation."""
    app.jinja_env.globals["nav_items"] = nav_items
    app.jinja_env.globals["seller"] = app.config["SETTINGS"].seller
