"""`python -m screens [names]`: photograph pages at 390 and 1440 px into docs/screens/shots.

With no names also the letters and the PDFs that came of the story.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PageError

from screens import story
from screens.table import ADMINISTRATOR, SCREENS, Screen
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.support.running import ROOT, Product, running
from tests.support.walking import Person

FOLDER = ROOT / "docs" / "screens" / "shots"
WIDTHS = (1440, 390)
PAPER_SCALE = 1.5
"""Pixels to a point of a PDF."""
HEIGHT = {1440: 900, 390: 844}


@dataclass
class Camera:
    """Browsers kept open, one for each person, language and way of seeing."""

    browser: Browser
    product: Product
    told: story.Story
    people: dict[tuple[str, str, bool], Person] = field(default_factory=dict)

    def shoot(self, screen: Screen, folder: Path) -> list[str]:
        """Photograph a page at each width; return what was wrong with it."""
        person = self._person(screen)
        troubles = []
        for width in WIDTHS:
            person.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            person.page.goto(self.told.address(screen.path))
            if screen.act:
                screen.act(person.page)
            person.page.screenshot(path=folder / f"{screen.name}-{width}.png", full_page=True)
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                troubles.append(f"{screen.name}: {wide} px wide at {width}")
        troubles += person.troubles
        person.troubles.clear()
        return troubles

    def shoot_letters(self, folder: Path) -> list[str]:
        """Photograph the newest letter of each kind, as its reader's programme shows it."""
        kinds = self.product.ask(
            "SELECT split_part(key, ':', 1), max(id) FROM mail_log GROUP BY 1 ORDER BY 1"
        )
        troubles = []
        for kind, letter in kinds:
            name = f"letter-{str(kind).replace('.', '-').replace('_', '-')}"
            troubles += self.shoot(
                Screen(name, f"/ufficio/posta/{letter}/html", ADMINISTRATOR), folder
            )
        return troubles

    def shoot_papers(self, folder: Path) -> None:
        """Photograph each page of the newest document of each kind."""
        office = self._person(Screen("papers", "/", ADMINISTRATOR))
        for kind, number in self.product.ask(
            "SELECT kind, max(id) FROM stored_document WHERE filename LIKE '%%.pdf' GROUP BY kind"
        ):
            answer = office.page.request.get(f"/documenti/{number}")
            with pypdfium2.PdfDocument(answer.body()) as document:
                for place, page in enumerate(document, 1):
                    page.render(scale=PAPER_SCALE).to_pil().save(folder / f"pdf-{kind}-{place}.png")

    def _person(self, screen: Screen) -> Person:
        key = (screen.who, screen.language, screen.javascript)
        if screen.who and key in self.people:
            return self.people[key]
        person = Person(
            self.browser, self.product, language=screen.language, javascript=screen.javascript
        )
        if old := self.people.pop(key, None):
            old.close()
        if screen.who:
            person.sign_in(screen.who)
            person.page.goto(f"/lingua/{screen.language}?next=/")
        self.people[key] = person
        return person


def main() -> int:
    """Photograph what was asked for, everything by default; return 1 if something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m screens", description=__doc__)
    parser.add_argument("names", nargs="*", help="the beginnings of screens' names")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    chosen = [s for s in SCREENS if not asked.names or s.name.startswith(tuple(asked.names))]
    if not chosen:
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
        if "papers" in asked.names or not asked.names:
            troubles += camera.shoot_letters(asked.folder)
            camera.shoot_papers(asked.folder)
        browser.close()
    print(*troubles, f"{len(chosen)} screens in {os.path.relpath(asked.folder)}", sep="\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    raise SystemExit(main())
