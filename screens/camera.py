"""People who stand at a page in its state, and photographs of what they see."""

from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser

from screens.story import Story
from screens.table import ADMINISTRATOR, Screen
from tests.support.running import Product
from tests.support.walking import Person

WIDTHS = (1440, 390)
HEIGHT = {1440: 900, 390: 844}
PAPER_SCALE = 1.5
"""Pixels to a point of a PDF."""


@dataclass
class Camera:
    """Browsers kept open, one for each person, language and way of seeing."""

    browser: Browser
    product: Product
    told: Story
    people: dict[tuple[str, str, bool], Person] = field(default_factory=dict)

    def shoot(self, screen: Screen, folder: Path) -> list[str]:
        """Photograph a page at each width; return what was wrong with it."""
        troubles = []
        for width in WIDTHS:
            person = self.visit(screen, width)
            person.page.screenshot(path=folder / f"{screen.name}-{width}.png", full_page=True)
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                troubles.append(f"{screen.name}: {wide} px wide at {width}")
        troubles += person.troubles
        person.troubles.clear()
        return troubles

    def visit(self, screen: Screen, width: int) -> Person:
        """Bring whose page it is to the page in its state."""
        person = self._person(screen)
        person.page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        person.page.goto(self.told.address(screen.path))
        if screen.act:
            screen.act(person.page)
        return person

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

    def close(self) -> None:
        """Let everybody go."""
        for person in self.people.values():
            person.close()

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
