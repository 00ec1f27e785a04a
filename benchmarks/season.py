"""`python -m benchmarks.season [--short]`: a hundred people browse while offers are sent.

The product runs as `make run` starts it. Everybody thinks between two pages; every six seconds
sales opens a prepared offer and sends it, which a worker renders, stores and mails.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

import config
from benchmarks.clients import Request
from benchmarks.house import BUYER, SALES, DidNotStart, own_folder, read_token, sign_in
from benchmarks.table import Budget, Row, draw, percentile
from gifting.accounts.models import User
from gifting.accounts.queries import get_person
from gifting.catalogue.queries import list_boxes, list_shelf
from gifting.core.calendar import rome_date
from gifting.hampers import service as hampers
from gifting.hampers.documents import compose
from gifting.hampers.queries import Owner, get_hamper
from gifting.platform import clock, embedded
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.quotes import service as quotes
from gifting.quotes.models import DeliveryMode, QuoteRevision
from gifting.web.app import create_app

PEOPLE = 100
OFFERS_A_MINUTE = 10
MINUTES = 5.0
SHORT_MINUTES = 0.5
THINKING = (2.0, 8.0)
"""Seconds between two pages of one person, evenly spread."""
DRAIN_SECONDS = 60
START_SECONDS = 120
SHELF = 12
VISITED = ("/", "/prodotti", "/cesti-pronti", "/persone-e-luoghi", "/prodotti?categoria=biscotti")
SIGNED_IN = ("/", "/preventivi", "/ordini", "/fatture", "/cesti", "/prodotti")


@dataclass
class Seen:
    """What came back: seconds of each answer, and those that were errors of ours."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main() -> int:
    """Play the season, print the table, exit 1 if a promise is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.season", description=__doc__)
    parser.add_argument("--short", action="store_true", help="half a minute, to try it")
    minutes = SHORT_MINUTES if parser.parse_args().short else MINUTES
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    rows = list(_play(own_folder() / "instance", minutes))
    print(draw(rows))
    return 0 if all(row.is_met for row in rows) else 1


def _play(instance: Path, minutes: float) -> Iterator[Row]:
    port = embedded.free_port()
    with _running(instance, port):
        app = _join(instance, port)
        offers = int(OFFERS_A_MINUTE * minutes)
        with app.app_context():
            references = [_prepare_offer() for _ in range(offers)]
            skus = [facts.sku for facts in list_shelf(on=clock.today())]
        seen = asyncio.run(_live(port, minutes * 60, references, skus))
        ended = time.monotonic()
        with app.app_context():
            drained = _wait_for_calm(ended)
            sent = db.session.scalar(
                sa.select(sa.func.count()).where(QuoteRevision.sent_at.is_not(None))
            )
            db.session.rollback()
            db.engine.dispose()
    rate = f"{len(seen.seconds) / (minutes * 60):.1f} pages/s"
    p50, p95 = (percentile(seen.seconds, percent) * 1000 for percent in (50, 95))
    yield _row(
        "page, p95", f"{p95:.0f} ms", p95, Budget(most=400, unit=" ms"), f"p50 {p50:.0f} ms, {rate}"
    )
    wrong = "; ".join(sorted(set(seen.failures)))[:200]
    yield _row("failed pages", str(len(seen.failures)), len(seen.failures), Budget(most=0), wrong)
    yield _row("queue empty after", f"{drained:.1f} s", drained, Budget(most=60, unit=" s"))
    yield _row(
        "offers not sent",
        f"{offers - (sent or 0)}",
        offers - (sent or 0),
        Budget(most=0),
        f"of {offers}",
    )


def _row(name: str, figure: str, judged: float, budget: Budget, more: str = "") -> Row:
    return Row(name, figure, "", judged, budget, more)


@contextmanager
def _running(instance: Path, port: int) -> Iterator[None]:
    """Start the product as `make run` does, and stop it as Ctrl-C does."""
    log = instance.with_suffix(".log")
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    own = {"GIFTING_INSTANCE": str(instance), "PORT": str(port), "RATE_FACTOR": "10000"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gifting.web.run"],
            cwd=config.ROOT,
            env=clean | own,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        for _ in range(START_SECONDS * 5):
            if f"running at http://127.0.0.1:{port}" in log.read_text():
                break
            time.sleep(0.2)
        else:
            raise DidNotStart(log.read_text()[-3000:])
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _join(instance: Path, port: int) -> Flask:
    """Return the application inside this process, over the running servers."""
    servers = embedded.start(instance)
    base = config.load({"GIFTING_INSTANCE": str(instance), "PORT": str(port)})
    return create_app(replace(base, log_level="WARNING", **asdict(servers)))


def _prepare_offer() -> str:
    """Request a hamper as a buyer does and prepare its offer as sales does; its reference."""
    now = clock.now()
    people = {
        user.email: user
        for user in db.session.scalars(sa.select(User).where(User.email.in_([BUYER[0], SALES[0]])))
    }
    buyer, sales = people[BUYER[0]], people[SALES[0]]
    owner = Owner(company_id=buyer.company_id, user_id=buyer.id)
    with transaction():
        box = list_boxes()[-1]
        hamper = hampers.create(owner=owner, box_id=box.id, name="Natale", now=now, quantity=100)
        hamper = get_hamper(hamper.key, **asdict(owner))
        for product in list_shelf(on=rome_date(now))[:SHELF]:
            hampers.add_product(hamper, product_id=product.id, now=now)
        composition = compose(get_hamper(hamper.key, **asdict(owner)), on=rome_date(now), now=now)
        quote = quotes.submit(
            company_id=buyer.company_id,
            user=get_person(buyer.id),
            hampers=[composition],
            quantities={composition.key: composition.quantity},
            delivery_mode=DeliveryMode.ONE_ADDRESS,
            delivery_note="",
            wanted_on=None,
            purchase_order_number="",
            notes="",
            title="",
            submission_key=f"season-{time.perf_counter_ns()}",
            now=now,
        )
        quotes.revise(quote, actor_id=sales.id, now=now)
        reference: str = quote.reference
    return reference


async def _live(port: int, seconds: float, references: Sequence[str], skus: Sequence[str]) -> Seen:
    seen, until = Seen(), time.monotonic() + seconds
    buyer, sales = sign_in(port, BUYER), sign_in(port, SALES)
    chance = random.Random(1)  # noqa: S311 - the same people every time
    visitors = [*VISITED, *(f"/prodotti/{sku}" for sku in skus)]
    people = [
        _browse(
            port, until, seen, *((SIGNED_IN, buyer) if number % 4 == 0 else (visitors, "")), chance
        )
        for number in range(PEOPLE)
    ]
    await asyncio.gather(*people, _send(port, sales, seconds, references, seen))
    return seen


async def _browse(
    port: int, until: float, seen: Seen, paths: Sequence[str], cookie: str, chance: random.Random
) -> None:
    await asyncio.sleep(chance.uniform(0, THINKING[1]))
    while time.monotonic() < until:
        await _ask(port, Request(chance.choice(paths), cookie), seen)
        await asyncio.sleep(chance.uniform(*THINKING))


async def _send(
    port: int, cookie: str, seconds: float, references: Sequence[str], seen: Seen
) -> None:
    """Send the prepared offers at even intervals: read the page, press its button."""
    began = time.monotonic()
    for number, reference in enumerate(references):
        await asyncio.sleep(max(began + number * seconds / len(references) - time.monotonic(), 0))
        path = f"/ufficio/preventivi/{reference}/invia"
        page = await _ask(port, Request(path, cookie), seen)
        version = re.search(r'name="version" value="(\d+)"', page)
        if version is None:
            seen.failures.append(f"{path}: nothing to send")
            continue
        form = f"csrf_token={read_token(page)}&version={version[1]}"
        await _ask(port, Request(path, cookie, form), seen)


async def _ask(port: int, request: Request, seen: Seen) -> str:
    """Ask on a new connection, note how long it took and whether it failed; return the answer."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.written())
        answer = (await reader.read()).decode()
        writer.close()
    except OSError as error:
        seen.failures.append(f"{request.path}: {type(error).__name__}")
        return ""
    seen.seconds.append(time.perf_counter() - began)
    status = answer.split(" ", 2)[1] if answer else "nothing"
    if not status.startswith(("2", "3")):
        seen.failures.append(f"{request.path.partition('?')[0]}: {status}")
    return answer


def _wait_for_calm(ended: float) -> float:
    """Return how long after the end nothing was left to do; no more than is allowed and a bit."""
    left = sa.select(sa.func.count()).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.available_at <= sa.func.now()
    )
    while time.monotonic() < ended + DRAIN_SECONDS + 5:
        count = db.session.scalar(left)
        db.session.rollback()
        if not count:
            break
        time.sleep(0.2)
    return time.monotonic() - ended


if __name__ == "__main__":
    sys.exit(main())
