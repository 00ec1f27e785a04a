"""`python -m drills [names] [--full]`: play the fault drills and print their table."""

import argparse
import importlib
import pkgutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from drills import faults, table
from drills.play import Play
from drills.stage import ROOT, Stage, stage
from gifting.platform import clock
from gifting.platform.embedded import free_port

REPORT = ROOT / "docs" / "drills.md"
NAMES = [module.name for module in pkgutil.iter_modules(faults.__path__)]


def main() -> int:
    """Play the drills named, or all; return 1 if a verdict is bad."""
    parser = argparse.ArgumentParser(prog="drills", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which drills: {', '.join(NAMES)}")
    parser.add_argument(
        "--full",
        action="store_true",
        help="stop the broker for ten minutes, wait until beat is missed",
    )
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name} in docs/")
    parser.add_argument("--instance", type=Path, help="a folder to keep, to look into afterwards")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by the way that stops all parts
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no drill named {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="drills-") as folder:
        instance = asked.instance or Path(folder) / "instance"
        with stage(instance.resolve(), port=free_port(), is_full=asked.full) as scene:
            plays = [_play(name, scene) for name in asked.names or NAMES]
    done = [play for play in plays if play is not None]
    seconds = time.monotonic() - start
    is_good = len(done) == len(plays) and all(play.is_good for play in done)
    print(f"{len(plays)} drills in {seconds:.0f} s: {'all good' if is_good else 'NOT GOOD'}")
    if asked.report:
        REPORT.write_text(_report(done, seconds), encoding="utf-8")
    return 0 if is_good else 1


def _play(name: str, scene: Stage) -> Play | None:
    """Play one drill; what stops it half-way is printed, and the next goes on."""
    module = importlib.import_module(f"drills.faults.{name}")
    try:
        play: Play = module.play(scene)
    except Exception:
        print(f"{name}: fell over", flush=True)
        traceback.print_exc()
        scene.recover()
        return None
    print(table.lines(play), flush=True)
    return play


def _report(plays: list[Play], seconds: float) -> str:
    return (
        "# Fault drills\n\n"
        f"Written by `make drills` on {clock.today():%d %B %Y}; {seconds:.0f} s in all. "
        "Never edited by hand.\n\n" + table.markdown(plays)
    )


if __name__ == "__main__":
    sys.exit(main())
