"""`python -m screens [names]`: photograph pages at 390 and 1440 px into docs/screens/shots.

With no names, or with `papers` among them, also the letters and PDFs that came of the story.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Error as PageError
from playwright.sync_api import sync_playwright

from screens import story
from screens.camera import Camera
from screens.table import SCREENS
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.support.running import ROOT, running

PAPERS = "papers"
"""The name that stands for letters and PDFs."""
FOLDER = ROOT / "docs" / "screens" / "shots"


def main() -> int:
    """Photograph what was asked for, everything by default; return 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m screens", description=__doc__)
    parser.add_argument("names", nargs="*", help="the beginnings of screens' names")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    chosen = [s for s in SCREENS if not asked.names or s.name.startswith(tuple(asked.names))]
    has_papers = not asked.names or PAPERS in asked.names
    if not chosen and not has_papers:
        parser.error("no screen has such a name")
    asked.folder.mkdir(parents=True, exist_ok=True)
    troubles = []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="screens-"))
        product = stack.enter_context(running(Path(folder) / "instance", RATE_FACTOR="100"))
        told = story.play(product)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        camera = Camera(browser, product, told)
        for screen in chosen:
            try:
                troubles += camera.shoot(screen, asked.folder)
            except PageError as error:
                troubles.append(f"{screen.name}: {error.message.splitlines()[0]}")
        if has_papers:
            troubles += camera.shoot_letters(asked.folder)
            camera.shoot_papers(asked.folder)
        browser.close()
    print(*troubles, f"{len(chosen)} screens in {os.path.relpath(asked.folder)}", sep="\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    raise SystemExit(main())
