"""What Prometheus reads: requests of this host, and what the database and the broker know.

Gunicorn's processes share their counts through files (`PROMETHEUS_MULTIPROC_DIR`, set in
`gunicorn_conf`); jobs, letters and papers are counted by the broker for all hosts.
"""

from prometheus_client import Counter, Histogram

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10)
QUERIES = (0, 2, 5, 10, 15, 20, 30, 50, 100)

REQUESTS = Counter("gifting_requests", "Requests answered", ("route", "status"))
REQUEST_SECONDS = Histogram(
    "gifting_request_seconds", "Time to answer a request", ("route",), buckets=SECONDS
)
REQUEST_QUERIES = Histogram(
    "gifting_request_queries", "SQL statements of a request", ("route",), buckets=QUERIES
)


def observe(route: str, status: int, seconds: float, queries: int) -> None:
    """Count one answered request."""
    REQUESTS.labels(route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    REQUEST_QUERIES.labels(route).observe(queries)
