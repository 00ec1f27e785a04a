"""Every page can be used by everybody: axe finds nothing serious, 360 px are enough."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from screens import story
from screens.camera import Camera
from screens.table import SCREENS

pytestmark = pytest.mark.xdist_group("journeys")

SERIOUS = {"serious", "critical"}
STANDARD = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
WIDTHS = (360, 390, 720, 768)
"""Pixels; 720 is also a wide screen whose text is twice as large."""
WIDE = {"width": 1440, "height": 900}


def barriers(page) -> list[str]:
    """What stands in somebody's way on this page: serious findings of axe, a page too wide."""
    page.set_viewport_size(WIDE)
    found = [
        f"{page.url}: {finding['id']} at {node['target']}: {node['html'][:120]}"
        for finding in Axe().run(page, options=STANDARD).response["violations"]
        if finding["impact"] in SERIOUS
        for node in finding["nodes"]
    ]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{page.url}: wider than {width} px")
    return found


def start_from_ready(one):
    one.page.goto("/cesti-pronti/HAM-SOTTO50?pezzi=60")
    one.click("Parti da questo")


@pytest.fixture(scope="module")
def camera(browser, product):
    camera = Camera(browser, product, story.play(product))
    yield camera
    camera.close()


ONCE = [screen for screen in SCREENS if screen.language == "it" and screen.javascript]
"""Each state once; axe itself is a script."""


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("screen", ONCE, ids=lambda screen: screen.name)
def test_nothing_is_in_the_way(camera, screen, language):
    """On every page in every state that is photographed."""
    person = camera.visit(replace(screen, language=language), WIDE["width"])
    found = barriers(person.page) + person.troubles
    person.troubles.clear()
    assert found == []


def test_the_sum_of_mistakes_is_read_first(camera):
    (screen,) = [screen for screen in SCREENS if screen.name == "request-errors"]
    page = camera.visit(screen, WIDE["width"]).page
    assert page.evaluate("document.activeElement.className") == "esum"


class TestTheBuilder:
    def test_works_without_javascript(self, person):
        visitor = person(javascript=False)
        page = visitor.page
        page.goto("/cesti-pronti/HAM-SOTTO50?pezzi=60")
        visitor.click("Parti da questo")
        rows = page.locator("#contents .ir")
        before = rows.count()

        def press(selector):
            with page.expect_navigation():
                page.locator(selector).first.click()

        press("#shelf .add[name=add]")
        assert rows.count() == before + 1
        press("#contents [id^='rm-']")
        assert rows.count() == before
        press("#undo")
        assert rows.count() == before + 1

        page.locator("[id^='pieces-']").first.fill("2")
        press("#lines-form .plain")
        assert page.locator("[id^='pieces-']").first.input_value() == "2"
        press("[id^='less-']")
        assert page.locator("#quantity").input_value() == "60"
        page.locator("#quantity").fill("200")
        press("#how-many .plain")
        assert "200 cesti, netto" in visitor.text()
        visitor.click("Richiedi il preventivo", "link")
        assert page.get_by_role("spinbutton").first.input_value() == "200"

    def test_saves_what_is_typed_without_a_reload(self, person):
        visitor = person()
        start_from_ready(visitor)
        page = visitor.page
        page.evaluate("window.sameDocument = true")
        page.locator("[id^='pieces-']").last.fill("2")
        page.locator("[id^='less-'][value$=':1']").wait_for()
        assert page.evaluate("window.sameDocument")

    def test_loses_no_quick_click(self, person):
        """Clicks wait for each other; once they cut each other off and blamed another window."""
        visitor = person()
        start_from_ready(visitor)
        page = visitor.page
        for _ in range(3):
            page.evaluate("document.getElementById('another').click()")
        page.locator("#fewer[value='62']").wait_for()
        assert page.locator("#quantity").input_value() == "63"
        assert page.locator("#said").inner_text().count("finestra") == 0

    def test_is_moved_about_by_keyboard(self, person):
        visitor = person()
        start_from_ready(visitor)
        page = visitor.page
        page.locator("#shelf .add[name=add]").first.focus()
        page.keyboard.press("+")
        page.locator("#contents .ir").nth(6).wait_for()
        assert page.evaluate("document.activeElement.id").startswith("add-")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "find-text"
