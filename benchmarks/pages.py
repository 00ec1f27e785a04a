"""Pages as production serves them, against a bare Flask page with the same template."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from benchmarks import fill
from benchmarks.clients import AGENT, Load, Request, ask, load
from benchmarks.house import BUYER, SALES, STAFF, Browser, House, read_token, sign_in
from benchmarks.table import Budget, Row
from gifting.platform.db import db
from gifting.platform.embedded import free_port

ROUNDS = 5
SECONDS = 0.5
ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page, whose it is, and how near its floor it promises to be."""

    name: str
    path: str
    least: float
    who: tuple[str, str] | None = None


PAGES = (
    Page("catalogue", "/prodotti", 0.7),
    Page("home", "/", 0.45),
    Page("quotes of a buyer", "/preventivi", 0.45, BUYER),
    Page("queue of sales", "/ufficio/preventivi", 0.4, SALES),
    Page("invoices of a company", "/fatture", 0.45, BUYER),
    Page("invoices, staff", "/ufficio/fatture", 0.4, STAFF),
)


def measure(house: House) -> Iterator[Row]:
    """Serve product and floor side by side and ask them in turn."""
    with house.connect() as connection:
        fill.fill(connection, ROWS)
    with house.web():
        cookies = {who: sign_in(house.port, who) for who in (BUYER, SALES, STAFF)}
        requests = {
            page: Request(page.path, cookies[page.who] if page.who else "") for page in PAGES
        }
        builder, update = _builder(house.port)
        floors = {request.path: request.cookie for request in (*requests.values(), builder)}
        port = free_port()
        with house.web("benchmarks.floor:app", port=port, BENCHMARK_PAGES=json.dumps(floors)):
            for page, request in requests.items():
                queries = count_queries(house.app, request)
                yield _row(page.name, page.least, house.port, port, [request], request, queries)
            queries = count_queries(house.app, builder)
            yield _row("builder update", 0.33, house.port, port, update, builder, queries)


def _row(
    name: str,
    least: float,
    port: int,
    floor_port: int,
    asked: list[Request],
    floor_asked: Request,
    queries: int,
) -> Row:
    ask(port, floor_asked.written()), ask(floor_port, floor_asked.written())
    rounds = [
        (load(port, asked, seconds=SECONDS), load(floor_port, [floor_asked], seconds=SECONDS))
        for _ in range(ROUNDS)
    ]
    ours, floor = (_middle(side) for side in zip(*rounds, strict=True))
    ratio = median(one.per_second / other.per_second for one, other in rounds)
    p95 = median(one.p95_ms for one, _ in rounds)
    return Row(
        name,
        f"{ours:.0f} /s",
        f"{floor:.0f} /s",
        ratio,
        Budget(least=least),
        f"p95 {p95:.0f} ms, {queries} queries",
    )


def _middle(loads: tuple[Load, ...]) -> float:
    return median(one.per_second for one in loads)


def _builder(port: int) -> tuple[Request, list[Request]]:
    """Begin a hamper as a visitor does; return its page, and the requests of one change of it."""
    visitor = Browser(port)
    _path, page = visitor.open("/cesti-pronti")
    start = re.findall(r'action="(/cesti-pronti/[^"]+)"', page)[0]
    path, page = visitor.open(start, csrf_token=read_token(page), quantity="200")
    path = path.partition("#")[0].partition("?")[0]
    builder = Request(path, visitor.cookie)
    body = urlencode({"csrf_token": read_token(page), "quantity": "150", "set_quantity": "1"})
    return builder, [Request(path, visitor.cookie, body), builder]


def count_queries(app: Flask, request: Request) -> int:
    """Count what one answer asks of the database, after the first has filled the caches."""
    headers = {"Cookie": request.cookie, "User-Agent": AGENT, "Host": "127.0.0.1"}
    client = app.test_client(use_cookies=False)
    client.get(request.path, headers=headers)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(request.path, headers=headers)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)
