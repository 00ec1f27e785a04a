"""Every main page can be used by everybody: axe finds nothing serious, 360 px are enough."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.xdist_group("journeys")

SERIOUS = {"serious", "critical"}
STANDARD = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1440, "height": 900}

PUBLIC = (
    "/",
    "/prodotti?q=panetone&da=pippo",
    "/prodotti/GIO-PAN-1000",
    "/cesti-pronti/HAM-SOTTO50?pezzi=350",
    "/laboratori/pasticceria-giotto",
    "/come-funziona",
    "/accedi",
    "/accedi/link",
    "/accedi/aiuto",
    "/link/di-nessuno",
    "/invito/di-nessuno",
    "/una-pagina-che-non-esiste",
)
BUYER = (
    "/casa",
    "/cesti",
    "/preventivi",
    "/ordini",
    "/fatture",
    "/profilo",
    "/azienda",
    "/azienda/registro",
    "/azienda/fatturazione",
    "/persone/invita",
    "/profilo/codice",
)
OFFICE = (
    "/ufficio",
    "/ufficio/preventivi",
    "/ufficio/ordini",
    "/ufficio/prodotti/GIO-PAN-1000",
    "/ufficio/prodotti/conta",
    "/ufficio/sconti-quantita",
    "/ufficio/fatture",
    "/ufficio/stato",
    "/ufficio/posta",
    "/ufficio/persone",
)


def barriers(page) -> list[str]:
    """What stands in somebody's way on this page: serious findings of axe, a page too wide."""
    page.set_viewport_size(WIDE)
    found = [
        f"{page.url}: {finding['id']} at {node['target']}: {node['html'][:120]}"
        for finding in Axe().run(page, options=STANDARD).response["violations"]
        if finding["impact"] in SERIOUS
        for node in finding["nodes"]
    ]
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: wider than 360 px")
    return found


def visit(one, addresses) -> list[str]:
    found = []
    for address in addresses:
        one.page.goto(address)
        found += barriers(one.page)
    return found


def start_from_ready(one):
    one.page.goto("/cesti-pronti/HAM-SOTTO50?pezzi=60")
    one.click("Parti da questo")


@pytest.mark.parametrize("language", ["it", "en"])
class TestNothingIsInTheWay:
    def test_of_a_visitor(self, person, language):
        visitor = person(language=language)
        found = visit(visitor, PUBLIC)
        start_from_ready(visitor)
        visitor.page.set_viewport_size(WIDE)
        visitor.page.locator("#boxes-large button").first.click()
        visitor.page.locator(".unfit").first.wait_for()
        found += barriers(visitor.page)
        assert found == []

    def test_of_a_visitor_whose_request_has_mistakes(self, person, language):
        visitor = person(language=language)
        start_from_ready(visitor)
        visitor.click("Richiedi il preventivo", "link")
        visitor.click("Invia la richiesta")
        assert visitor.page.evaluate("document.activeElement.className") == "esum"
        assert barriers(visitor.page) == []

    def test_of_a_buyer(self, person, language):
        buyer = person(language=language)
        buyer.sign_in("chiara@meridiana.example")
        buyer.page.goto(f"/lingua/{language}?next=/casa")
        start_from_ready(buyer)
        buyer.click("Richiedi il preventivo", "link")
        buyer.click("Invia la richiesta")
        reference = re.search(r"P-\d{4}-\d{4}", buyer.text())[0]
        assert visit(buyer, [f"/preventivi/{reference}", *BUYER]) == []

    def test_of_the_office(self, person, language):
        colleague = person(language=language)
        colleague.sign_in("luca@vialedeimille.example")
        colleague.page.goto(f"/lingua/{language}?next=/ufficio")
        assert visit(colleague, OFFICE) == []


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
