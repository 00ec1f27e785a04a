"""Lists at 1,000, 100,000 and 1,000,000 rows: the first page and a far one must cost the same.

What counts is the processor's time, the page's and the database's: it does not grow with what
others do on the machine. Each page is asked in turn with one that reads no list, which takes out
how fast the processor happens to be.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote_plus

import psycopg
from flask.testing import FlaskClient

from benchmarks import fill
from benchmarks.clients import AGENT
from benchmarks.house import BUYER, SALES, STAFF, House, sign_in
from benchmarks.table import Budget, Row
from gifting.orders.queries import list_events
from gifting.platform.embedded import APPLICATION

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 20
FLAT = 1.2
REFERENCE = "/come-funziona"


@dataclass(frozen=True, slots=True)
class List:
    """A list, or one narrowed; `cursor` names the parameter of a far page and what it holds."""

    name: str
    path: str
    who: tuple[str, str]
    cursor: tuple[str, str] | None = None
    since: int = SIZES[0]
    """The size it is held against; a search reads a fixed number of rows, if there are so many."""


LISTS = (
    List("queue of sales", "/ufficio/preventivi?vista=all", SALES, ("dopo", "quote")),
    List("queue, to answer", "/ufficio/preventivi", SALES),
    List("queue, unassigned", "/ufficio/preventivi?vista=unassigned", SALES),
    List("queue, closed", "/ufficio/preventivi?vista=closed", SALES),
    List(
        "queue, by number", "/ufficio/preventivi?vista=all&cerca=P-10000040", SALES, since=SIZES[1]
    ),
    List(
        "queue, by a word nobody wrote",
        "/ufficio/preventivi?vista=all&cerca=zzz",
        SALES,
        since=SIZES[1],
    ),
    List("quotes of a buyer", "/preventivi", BUYER, ("prima", "id")),
    List("orders of a company", "/ordini", BUYER, ("prima", "id")),
    List("orders, staff", "/ufficio/ordini?stato=", STAFF, ("prima", "id")),
    List("orders in progress", "/ufficio/ordini", STAFF),
    List("orders cancelled", "/ufficio/ordini?stato=cancelled", STAFF),
    List("orders, by a word nobody wrote", "/ufficio/ordini?q=zzz", STAFF, since=SIZES[1]),
    List("invoices of a company", "/fatture", BUYER, ("dopo", "invoice")),
    List("invoices of a company, to pay", "/fatture?stato=da-pagare", BUYER),
    List("invoices, staff", "/ufficio/fatture", STAFF, ("dopo", "invoice")),
    List("invoices overdue", "/ufficio/fatture?stato=overdue", STAFF),
    List("invoices paid too much", "/ufficio/fatture?stato=overpaid", STAFF),
    List("invoices, by a word nobody wrote", "/ufficio/fatture?cerca=zzz", STAFF, since=SIZES[1]),
    List("letters", "/ufficio/posta", STAFF, ("prima", "id")),
    List("jobs done", "/ufficio/stato?vista=done", STAFF, ("prima", "id")),
    List("jobs, by number", "/ufficio/stato?vista=done&cerca=P-10000040", STAFF),
)

_CURSORS = {
    "id": "SELECT id FROM quote WHERE submission_key LIKE 'benchmark-%' ORDER BY id"
    " OFFSET 40 LIMIT 1",
    "quote": "SELECT to_char(answer_due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    " || '+00:00~' || id FROM quote ORDER BY answer_due_at DESC, id DESC OFFSET 40 LIMIT 1",
    "invoice": "SELECT issued_on || '.' || id FROM invoice ORDER BY issued_on, id"
    " OFFSET 40 LIMIT 1",
}


def measure(house: House) -> Iterator[Row]:
    """Fill, measure, fill more, measure again."""
    with house.web():
        cookies = {who: sign_in(house.port, who) for who in (BUYER, SALES, STAFF)}
    found: dict[str, dict[int, float]] = {}
    milliseconds: dict[str, float] = {}
    since: dict[str, int] = {}
    with house.connect() as connection:
        for size in SIZES:
            fill.fill(connection, size)
            for name, held_against, ask in _pages(house, connection, cookies):
                spent = partial(_spent, _backends(connection))
                ratio, cost = _against_reference(ask, partial(_get, house, REFERENCE, ""), spent)
                found.setdefault(name, {})[size] = ratio
                milliseconds[name], since[name] = cost / 1e6, held_against
    for name, ratios in found.items():
        yield Row(
            f"{name}, {since[name]:,} → {SIZES[-1]:,} rows",
            f"{milliseconds[name]:.1f} ms of CPU",
            f"the same page at {since[name]:,}",
            max(ratios[size] for size in SIZES if size > since[name]) / ratios[since[name]],
            Budget(most=FLAT),
            " ".join(f"{ratio / ratios[since[name]]:.2f}" for ratio in ratios.values()),
        )


def _pages(
    house: House, connection: psycopg.Connection, cookies: dict[tuple[str, str], str]
) -> Iterator[tuple[str, int, Callable[[], None]]]:
    """Yield the pages: name, the size it is held against, and how it is asked for."""
    for one in LISTS:
        cookie = cookies[one.who]
        yield one.name, one.since, partial(_get, house, one.path, cookie)
        if one.cursor:
            parameter, kind = one.cursor
            place = quote_plus(str(connection.execute(_CURSORS[kind]).fetchone()[0]))
            far = f"{one.path}{'&' if '?' in one.path else '?'}{parameter}={place}"
            yield f"{one.name}, far page", one.since, partial(_get, house, far, cookie)
    yield "event log of a record", SIZES[0], partial(_read_events, house)


def _read_events(house: House) -> None:
    with house.app.app_context():
        list_events(f"quote:{fill.FIRST_ID + 500}")


def _get(house: House, path: str, cookie: str) -> None:
    client: FlaskClient = house.app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "User-Agent": AGENT, "Host": "127.0.0.1"}
    response = client.get(path, headers=headers)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status}")


def _against_reference(
    ask: Callable[[], None], reference: Callable[[], None], spent: Callable[[], int]
) -> tuple[float, float]:
    """Return how the page's cheapest answer stands to the reference's, and its nanoseconds."""

    def cost(call: Callable[[], None]) -> int:
        before = spent()
        call()
        return spent() - before

    ask(), reference()
    pairs = [(cost(ask), cost(reference)) for _ in range(TIMES)]
    ours, other = (min(costs) for costs in zip(*pairs, strict=True))
    return ours / other, ours


def _backends(connection: psycopg.Connection) -> list[Path]:
    """Return where the kernel says how long each backend of the application has run."""
    rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", (APPLICATION,))
    return [Path(f"/proc/{pid}/schedstat") for (pid,) in rows]


def _spent(backends: Iterable[Path]) -> int:
    """Return the nanoseconds that the processor gave this process and the backends so far."""
    given = sum(int(backend.read_text().split()[0]) for backend in backends)
    return time.process_time_ns() + given
