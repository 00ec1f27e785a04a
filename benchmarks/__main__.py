"""`python -m benchmarks [name …]`: run them, print the table, exit 1 if a promise is missed."""

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterable

from benchmarks import drawings, jobs, lists, memory, pages, papers, prices
from benchmarks.house import House, house
from benchmarks.table import Row, draw

BENCHMARKS: dict[str, Callable[[House], Iterable[Row]]] = {
    "prices": prices.measure,
    "drawings": drawings.measure,
    "pages": pages.measure,
    "papers": papers.measure,
    "jobs": jobs.measure,
    "memory": memory.measure,
    "lists": lists.measure,  # last: it fills the tables
}


def main() -> int:
    """Run what was asked for, all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    asked = parser.parse_args().names
    if unknown := set(asked) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    began, rows = time.monotonic(), []
    with house() as place:
        for name, measure in BENCHMARKS.items():
            if asked and name not in asked:
                continue
            for row in measure(place):
                rows.append(row)
                print(" · ".join(cell for cell in row.cells() if cell), flush=True)
    print(f"\n{draw(rows)}\n")
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()},",
        end="",
    )
    print(f" {time.strftime('%-d %B %Y')}, {time.monotonic() - began:.0f} s")
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
