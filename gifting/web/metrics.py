"""What Prometheus reads: requests of this host, and what the database and the broker know.

Gunicorn's processes share their counts through files (`PROMETHEUS_MULTIPROC_DIR`, set in
`gunicorn_conf`); jobs, letters and papers are counted by the broker for all hosts; what waits is
asked of the database at the moment of reading.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import redis
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from gifting.backoffice import queries
from gifting.backoffice.queries import JobView
from gifting.platform import broker, health, tallies
from gifting.platform.health import Part
from gifting.platform.outbox import Queue

CONTENT_TYPE = CONTENT_TYPE_LATEST
IS_SHARED = values.ValueClass is not values.MutexValue
"""Whether this process keeps its counts in files, beside others."""
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10)
QUERIES = (0, 2, 5, 10, 15, 20, 30, 50, 100)

OWN = CollectorRegistry()
REQUESTS = Counter("gifting_requests", "Requests answered", ("route", "status"), registry=OWN)
REQUEST_SECONDS = Histogram(
    "gifting_request_seconds", "Time to answer a request", ("route",), buckets=SECONDS, registry=OWN
)
REQUEST_QUERIES = Histogram(
    "gifting_request_queries",
    "SQL statements of a request",
    ("route",),
    buckets=QUERIES,
    registry=OWN,
)
UNCOUNTED = (OSError, IndexError, struct.error)
"""What the client raises on a full disk: at first, and of a file that did not grow when it was."""
TALLIES = {
    "jobs": ("Attempts at jobs, by how they ended", ("task", "outcome")),
    "job_seconds": ("Time spent on jobs", ("task",)),
    "letters": ("Letters that left", ()),
    "letter_seconds": ("Time spent handing letters to the mail server", ()),
    "papers": ("PDFs set", ()),
    "paper_seconds": ("Time spent setting PDFs", ()),
    "slow_queries": ("SQL statements over the limit of SLOW_QUERY_MS", ()),
}


def observe(route: str, status: int, seconds: float, queries_run: int) -> None:
    """Count one answered request; where its file cannot grow it is lost, and the page is not."""
    with suppress(*UNCOUNTED):
        REQUESTS.labels(route, str(status)).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        REQUEST_QUERIES.labels(route).observe(queries_run)


def expose(now: datetime) -> bytes:
    """Return everything in Prometheus' text format."""
    requests = OWN
    if IS_SHARED:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    facts = CollectorRegistry()
    facts.register(_Facts(now))
    return generate_latest(requests) + generate_latest(facts)


class _Facts:
    """Gathers what is known elsewhere; a part that is away leaves its figures out."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        findings = health.examine(self.now)
        works = GaugeMetricFamily("gifting_part_ok", "1 if the part works", labels=["part"])
        for part, finding in findings.items():
            works.add_metric([part.value], float(finding.is_ok))
        yield works
        yield from _ages(findings, self.now)
        if findings[Part.DATABASE].is_ok:
            yield from _jobs(self.now)
        if findings[Part.BROKER].is_ok:
            yield from _broker_counts()


def _ages(findings: dict[Part, health.Finding], now: datetime) -> Iterator[Metric]:
    beat_at = findings[Part.BEAT].facts.get("at")
    if beat_at:
        age = (now - beat_at).total_seconds()
        yield GaugeMetricFamily("gifting_beat_age_seconds", "Since beat was last heard", value=age)
    jobs = GaugeMetricFamily("gifting_queue_jobs", "Due jobs nobody works on", labels=["queue"])
    oldest = GaugeMetricFamily(
        "gifting_queue_oldest_seconds", "How long the oldest due job has waited", labels=["queue"]
    )
    for wait in findings[Part.QUEUES].facts.get("waits", ()):
        jobs.add_metric([wait.queue.value], wait.jobs)
        oldest.add_metric([wait.queue.value], wait.waits(now).total_seconds())
    yield jobs
    yield oldest
    alive = [one for one in findings[Part.WORKERS].facts.get("workers", ()) if one.is_alive(now)]
    yield GaugeMetricFamily("gifting_workers", "Workers alive", value=len(alive))


def _jobs(now: datetime) -> Iterator[Metric]:
    open_jobs = GaugeMetricFamily("gifting_open_jobs", "Jobs not done, by state", labels=["state"])
    for view, jobs in queries.count_jobs(now).items():
        if view is not JobView.DONE:
            open_jobs.add_metric([view.value], jobs)
    yield open_jobs


def _broker_counts() -> Iterator[Metric]:
    try:
        told = tallies.read()
        calls = {queue: broker.count_waiting(queue.value) for queue in Queue}
    except redis.RedisError:
        return
    waiting = GaugeMetricFamily("gifting_broker_calls", "Calls no worker took", labels=["queue"])
    for queue, count in calls.items():
        waiting.add_metric([queue.value], count)
    yield waiting
    by_name = defaultdict(list)
    for tally in told:
        by_name[tally.name].append(tally)
    for name, (meaning, labels) in TALLIES.items():
        family = CounterMetricFamily(f"gifting_{name}", meaning, labels=labels)
        for tally in by_name[name]:
            family.add_metric([tally.labels.get(label, "") for label in labels], tally.value)
        yield family
