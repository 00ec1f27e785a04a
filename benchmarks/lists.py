"""Lists at 1,000, 100,000 and 1,000,000 rows: the first page and a far one must stay as quick.

Each page is asked in turn with one that reads no list, so that a busy machine slows both.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote_plus

import psycopg
from flask.testing import FlaskClient

from benchmarks import fill
from benchmarks.clients import AGENT
from benchmarks.house import BUYER, SALES, STAFF, House, sign_in
from benchmarks.table import Budget, Row, percentile
from gifting.orders.queries import list_events

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 40
FLAT = 1.2
REFERENCE = "/come-funziona"

LISTS: tuple[tuple[str, str, str, str, tuple[str, str]], ...] = (
    ("queue of sales", "/ufficio/preventivi?vista=all", "dopo", "quote", SALES),
    ("quotes of a buyer", "/preventivi", "prima", "id", BUYER),
    ("orders of a company", "/ordini", "prima", "id", BUYER),
    ("orders, staff", "/ufficio/ordini", "prima", "id", STAFF),
    ("invoices of a company", "/fatture", "dopo", "invoice", BUYER),
    ("invoices, staff", "/ufficio/fatture", "dopo", "invoice", STAFF),
    ("letters", "/ufficio/posta", "prima", "id", STAFF),
    ("jobs", "/ufficio/stato?vista=done", "prima", "id", STAFF),
)
"""Name, address, parameter and kind of the cursor, and whose page it is."""

_CURSORS = {
    "id": "SELECT id FROM quote WHERE submission_key LIKE 'benchmark-%'"
    " ORDER BY id OFFSET 40 LIMIT 1",
    "quote": "SELECT to_char(answer_due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    " || '+00:00~' || id FROM quote ORDER BY answer_due_at DESC, id DESC OFFSET 40 LIMIT 1",
    "invoice": "SELECT issued_on || '.' || id FROM invoice ORDER BY issued_on, id"
    " OFFSET 40 LIMIT 1",
}


def measure(house: House) -> Iterator[Row]:
    """Fill, measure, fill more, measure again."""
    with house.web():
        cookies = {who: sign_in(house.port, who) for who in (BUYER, SALES, STAFF)}
    found: dict[str, list[float]] = {}
    milliseconds: dict[str, float] = {}
    with house.connect() as connection:
        for size in SIZES:
            fill.fill(connection, size)
            for name, ask in _pages(house, connection, cookies):
                ratio, seconds = _against_reference(ask, partial(_get, house, REFERENCE, ""))
                found.setdefault(name, []).append(ratio)
                milliseconds[name] = seconds * 1000
    for name, ratios in found.items():
        yield Row(
            f"{name}, {SIZES[0]:,} → {SIZES[-1]:,} rows",
            f"{milliseconds[name]:.1f} ms",
            "the same page at 1,000",
            ratios[-1] / ratios[0],
            Budget(most=FLAT),
            " ".join(f"{ratio / ratios[0]:.2f}" for ratio in ratios),
        )


def _pages(
    house: House, connection: psycopg.Connection, cookies: dict[tuple[str, str], str]
) -> Iterator[tuple[str, Callable[[], None]]]:
    for name, path, parameter, kind, who in LISTS:
        found = connection.execute(_CURSORS[kind]).fetchone()
        far = f"{path}{'&' if '?' in path else '?'}{parameter}={quote_plus(str(found[0]))}"
        yield name, partial(_get, house, path, cookies[who])
        yield f"{name}, far page", partial(_get, house, far, cookies[who])
    yield "event log of a record", partial(_read_events, house)


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
    ask: Callable[[], None], reference: Callable[[], None]
) -> tuple[float, float]:
    """Return how the page's quick answers stand to the reference's, and their seconds."""
    _time(ask), _time(reference)
    pairs = [(_time(ask), _time(reference)) for _ in range(TIMES)]
    ours = percentile([one for one, _ in pairs], 20)
    return ours / percentile([other for _, other in pairs], 20), ours


def _time(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
