"""Jobs through the outbox with a real worker: how many a second, and how soon one begins.

The job itself does nothing: what is measured is owing, committing, waking, claiming, finishing.
"""

import time
from collections.abc import Iterator
from statistics import median

import redis
import sqlalchemy as sa

from benchmarks.house import House
from benchmarks.names import NOTHING as JOB
from benchmarks.table import Budget, Row, percentile
from gifting.platform import clock, outbox
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction

ONE_BY_ONE = 150
PAUSE_SECONDS = 0.02
AT_ONCE = 400
WAIT_SECONDS = 60


def measure(house: House) -> Iterator[Row]:
    """First one job at a time with pauses, then many at once."""
    with house.app.app_context(), house.worker():
        broker = redis.Redis.from_url(house.settings.redis_url)
        bare = _bare_round_trip(broker)
        owe(JOB, 3)
        wait_until_done()
        waits = []
        for _ in range(ONE_BY_ONE):
            waits.append(_latency())
            time.sleep(PAUSE_SECONDS)
        p95 = percentile(waits, 95) * 1000
        yield Row(
            "commit to start of a job, p95",
            f"{p95:.1f} ms",
            f"{bare * 1000:.2f} ms through Valkey",
            p95,
            Budget(most=50, unit=" ms"),
            f"p50 {median(waits) * 1000:.1f} ms",
        )
        began = time.perf_counter()
        owe(JOB, AT_ONCE)
        owed = time.perf_counter() - began
        wait_until_done()
        took = time.perf_counter() - began
        yield Row(
            "jobs done a second",
            f"{AT_ONCE / took:.0f} /s",
            f"{AT_ONCE / owed:.0f} /s owed",
            AT_ONCE / took,
            Budget(least=50, unit=" /s"),
            "2 worker processes, owed by one",
        )


def owe(job: str, count: int) -> None:
    """Owe the job so many times in one transaction."""
    now = clock.now()
    with transaction():
        for _ in range(count):
            outbox.owe(job, record_id=0, key=f"benchmark:{time.perf_counter_ns()}", now=now)


def _latency() -> float:
    """Owe a job, wait until it is done, and return how long after the commit it was claimed."""
    owe(JOB, 1)
    committed = time.time()
    row = None
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        row = db.session.execute(
            sa.select(OutboxMessage.payload, OutboxMessage.done_at)
            .where(OutboxMessage.task == JOB)
            .order_by(OutboxMessage.id.desc())
            .limit(1)
        ).one()
        db.session.rollback()
        if row.done_at is not None:
            return row.done_at.timestamp() - committed
        time.sleep(0.002)
    raise TimeoutError("a job was not done in time")


def wait_until_done() -> None:
    """Wait until nothing is owed.

    :raises TimeoutError: if for too long nothing is done
    """
    still_open = sa.select(sa.func.count()).where(OutboxMessage.done_at.is_(None))
    left, end = -1, 0.0
    while left:
        before, left = left, db.session.scalar(still_open)
        db.session.rollback()
        if left != before:
            end = time.monotonic() + WAIT_SECONDS
        elif time.monotonic() > end:
            raise TimeoutError(f"{left} jobs wait, and none is done")
        time.sleep(0.02)


def _bare_round_trip(broker: redis.Redis) -> float:
    """Return the seconds that a word needs into a list of Valkey and out of it."""
    times = []
    for _ in range(200):
        began = time.perf_counter()
        broker.rpush("benchmark", b"1")
        broker.blpop("benchmark")
        times.append(time.perf_counter() - began)
    return median(times)
