"""Clients that ask as fast as they are answered, a new connection for each request."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.table import percentile

CLIENTS = 2
AGENT = "gifting-benchmarks"
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Request:
    """One request, written out; `body` is a form."""

    path: str
    cookie: str = ""
    body: str = ""

    def written(self) -> bytes:
        """Return its bytes, as HTTP/1.1 without keep-alive."""
        head = [
            f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"User-Agent: {AGENT}",
            "Connection: close",
        ]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        if self.body:
            head.append("Content-Type: application/x-www-form-urlencoded")
            head.append(f"Content-Length: {len(self.body.encode())}")
        return ("\r\n".join(head) + "\r\n\r\n" + self.body).encode()


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: seconds of each round of requests, and how many rounds a second."""

    seconds: tuple[float, ...]
    per_second: float

    @property
    def p95_ms(self) -> float:
        return percentile(self.seconds, 95) * 1000


class WrongAnswer(RuntimeError):
    """The server answered something that is not measured."""


def ask(port: int, written: bytes) -> tuple[int, bytes]:
    """Send one request, read all of its answer; return its status and bytes."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS) as connection:
        connection.sendall(written)
        parts = []
        while part := connection.recv(262_144):
            parts.append(part)
    answer = b"".join(parts)
    if not answer:
        raise WrongAnswer("no answer")
    return int(answer.split(b" ", 2)[1]), answer


def load(port: int, requests: Sequence[Request], *, seconds: float) -> Load:
    """Send these requests one after the other, again and again, from every client.

    :raises WrongAnswer: at an answer that is neither 2xx nor a redirect
    """
    written = [request.written() for request in requests]
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(pool.map(_client, *zip(*[(port, written, seconds)] * CLIENTS, strict=True)))
    times = tuple(took for one in found for took in one)
    return Load(times, sum(len(one) / sum(one) for one in found))


def _client(port: int, requests: Sequence[bytes], seconds: float) -> list[float]:
    times = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        for written in requests:
            status, answer = ask(port, written)
            if not 200 <= status < 400:
                raise WrongAnswer(f"{status}: {answer[:500]!r}")
        times.append(time.perf_counter() - began)
    return times
