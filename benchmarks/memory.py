"""Whether web and worker keep growing: resident memory after warm-up and at the end."""

from collections.abc import Iterator

import psutil

from benchmarks.clients import Request, WrongAnswer, ask
from benchmarks.house import House
from benchmarks.jobs import owe, wait_until_done
from benchmarks.names import PAPER
from benchmarks.table import Budget, Row

MIB = 1024 * 1024
REQUESTS = 1_000
PAPERS = 200
"""As many as a worker process may make before another takes its place."""
LOOKS = 5
WARM = 0.1
"""The share of the work that is done before the first look."""
GROWTH_MIB = 10
PATHS = ("/prodotti", "/", "/cesti-pronti", "/persone-e-luoghi", "/prodotti?categoria=biscotti")


def measure(house: House) -> Iterator[Row]:
    """Let one web and one worker process work side by side, and look at them on the way."""
    with (
        house.app.app_context(),
        house.web(workers=1) as master,
        house.worker(processes=1) as parent,
    ):
        _work(house.port, WARM)
        processes = [*master.children(), *parent.children()]
        looks = [_sizes(processes)]
        for _ in range(LOOKS):
            _work(house.port, 1 / LOOKS)
            looks.append(_sizes(processes))
    web, worker = zip(*looks, strict=True)
    yield _row("web", REQUESTS, "requests", web)
    yield _row("worker", PAPERS, "PDFs", worker)


def _work(port: int, share: float) -> None:
    """Owe a share of the PDFs, ask a share of the pages while they are rendered, and wait."""
    owe(PAPER, round(PAPERS * share))
    for number in range(round(REQUESTS * share)):
        path = PATHS[number % len(PATHS)]
        status, _answer = ask(port, Request(path).written())
        if status != 200:
            raise WrongAnswer(f"{path}: {status}")
    wait_until_done()


def _sizes(processes: list[psutil.Process]) -> list[float]:
    return [process.memory_info().rss / MIB for process in processes]


def _row(name: str, count: int, unit: str, sizes: tuple[float, ...]) -> Row:
    return Row(
        f"memory of {name} over {count} {unit}",
        f"{sizes[-1]:.0f} MiB",
        f"{sizes[0]:.0f} MiB warm",
        sizes[-1] - sizes[0],
        Budget(most=GROWTH_MIB, unit=" MiB"),
        " ".join(f"{size:.0f}" for size in sizes),
    )
