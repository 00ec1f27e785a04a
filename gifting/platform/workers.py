"""Workers say every few seconds that they live, which queues they serve and how busy they are.

They tell the broker, from their main process, which must not hold a database connection when it
forks. What the broker forgets is said again a moment later.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from celery import bootsteps
from celery.worker import state
from kombu.exceptions import OperationalError

from gifting.platform import broker, clock, outbox

KEY = "gifting:workers"
PULSE_SECONDS = 10
ALIVE = timedelta(seconds=30)
FORGOTTEN = timedelta(hours=24)
"""A worker that ended by itself takes leave; one that vanished is missed for a day."""


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    queues: tuple[str, ...]
    busy: int
    processes: int
    seen_at: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether it was heard of lately."""
        return now - self.seen_at < ALIVE

    @property
    def load(self) -> int:
        """Share of its processes that work, in per cent."""
        return round(100 * self.busy / self.processes) if self.processes else 0


class Pulse(bootsteps.StartStopStep):  # type: ignore[misc]
    """The worker's part that speaks."""

    requires = frozenset({"celery.worker.components:Timer"})

    def start(self, worker: Any) -> None:
        every = worker.timer.call_repeatedly
        self.timers = [every(PULSE_SECONDS, _speak, (worker,), priority=10)]
        for name in outbox.RUNG_BY_WORKERS:
            seconds = outbox.PERIODIC[name][0].total_seconds()
            self.timers.append(every(seconds, _ring, (worker, name, seconds), priority=10))
        _speak(worker)

    def stop(self, worker: Any) -> None:
        for timer in self.timers:
            timer.cancel()
        forget(broker.at(worker.app.conf.broker_url), worker.hostname)


def _ring(worker: Any, name: str, seconds: float) -> None:
    """Call for a periodic job; without a broker it is called for again next time."""
    with suppress(OperationalError, redis.RedisError):
        worker.app.send_task(
            "gifting.run_periodic",
            (name,),
            queue=outbox.Queue.PERIODIC.value,
            expires=seconds,
            retry=False,
        )


def _speak(worker: Any) -> None:
    told = Worker(
        name=worker.hostname,
        queues=tuple(sorted(worker.app.amqp.queues.consume_from)),
        busy=len(state.active_requests),
        processes=worker.concurrency,
        seen_at=clock.now(),
    )
    remember(broker.at(worker.app.conf.broker_url), told)


def remember(client: Any, worker: Worker) -> None:
    """Write down what a worker says; without a broker it is said again later."""
    words = {
        "queues": worker.queues,
        "busy": worker.busy,
        "processes": worker.processes,
        "seen_at": worker.seen_at.isoformat(),
    }
    try:
        client.hset(KEY, worker.name, json.dumps(words))
    except redis.RedisError:
        return


def forget(client: Any, name: str) -> None:
    """Take a worker that ends off the list."""
    try:
        client.hdel(KEY, name)
    except redis.RedisError:
        return


def list_seen(*, now: datetime) -> list[Worker]:
    """Return the workers of the last day, living or missed, by name.

    :raises redis.RedisError: if the broker does not answer
    """
    client: Any = broker.client()
    found = []
    for name, told in sorted(client.hgetall(KEY).items()):
        words = json.loads(told)
        seen_at = datetime.fromisoformat(words.pop("seen_at"))
        if now - seen_at > FORGOTTEN:
            forget(client, name)
            continue
        queues = tuple(words.pop("queues"))
        found.append(Worker(name=name, queues=queues, seen_at=seen_at, **words))
    return found
