"""What the broker says of itself: whether it answers, and how many calls wait in each queue."""

from functools import lru_cache

import redis
from flask import current_app

ANSWER_SECONDS = 0.3
"""A page that asks it several things is still there within a second when it hangs."""


def client() -> redis.Redis:
    """Return this process's client of the application's broker."""
    return at(current_app.config["REDIS_URL"])


@lru_cache(maxsize=4)
def at(url: str) -> redis.Redis:
    """Return a client that gives up soon."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
    )


def count_waiting(queue: str) -> int:
    """Count the calls in a queue that no worker has taken.

    :raises redis.RedisError: if the broker does not answer
    """
    return int(client().llen(queue))
