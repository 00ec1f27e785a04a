"""Whether web and worker keep growing: resident memory after warm-up and at the end."""

from collections.abc import Callable, Iterator

import psutil

from benchmarks.clients import Request, WrongAnswer, ask
from benchmarks.house import House
from benchmarks.jobs import owe, wait_until_done
from benchmarks.names import PAPER
from benchmarks.table import Budget, Row

MIB = 1024 * 1024
REQUESTS = 1_000
PAPERS = 500
GROWTH_MIB = 10
PATHS = ("/prodotti", "/", "/cesti-pronti", "/persone-e-luoghi", "/prodotti?categoria=biscotti")


def measure(house: House) -> Iterator[Row]:
    """Ask one web process, then one worker process, and look at it every fifth of the way."""
    with house.web(workers=1) as master:
        (web,) = master.children()
        yield _row("web", REQUESTS, "requests", web, lambda count: _browse(house.port, count))
    with house.app.app_context(), house.worker(processes=1) as parent:
        _print(1)
        (worker,) = parent.children()
        yield _row("worker", PAPERS, "PDFs", worker, _print)


def _row(
    name: str, count: int, unit: str, process: psutil.Process, work: Callable[[int], None]
) -> Row:
    work(count // 5)
    points = [process.memory_info().rss / MIB]
    for _ in range(5):
        work(count // 5)
        points.append(process.memory_info().rss / MIB)
    return Row(
        f"memory of {name} over {count} {unit}",
        f"{points[-1]:.0f} MiB",
        f"{points[0]:.0f} MiB warm",
        points[-1] - points[0],
        Budget(most=GROWTH_MIB, unit=" MiB"),
        " ".join(f"{point:.0f}" for point in points),
    )


def _browse(port: int, count: int) -> None:
    for number in range(count):
        path = PATHS[number % len(PATHS)]
        status, _answer = ask(port, Request(path).written())
        if status != 200:
            raise WrongAnswer(f"{path}: {status}")


def _print(count: int) -> None:
    for _ in range(0, count, 50):
        owe(PAPER, min(count, 50))
        wait_until_done()
