"""Sales works down the editor's columns, and loses nothing that was typed."""

import pytest

from drills.campaign import People

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.fixture
def page(person, product):
    """The editor of a draft, before one who works for sales."""
    people = People(product.address)
    reference = people.ask(title="Per la redazione", quantity=60)
    at = f"/ufficio/preventivi/{reference}"
    people.sales.fill(at, f"{at}/prepara")
    sales = person()
    sales.sign_in("elena@vialedeimille.example")
    sales.page.goto(at)
    return sales.page


def test_alt_and_an_arrow_go_along_the_column(page):
    cells = page.locator("input[name^=discount_]")
    cells.first.focus()

    page.keyboard.press("Alt+ArrowDown")
    assert cells.nth(1).evaluate("cell => cell === document.activeElement")
    page.keyboard.press("Alt+ArrowUp")
    assert cells.first.evaluate("cell => cell === document.activeElement")


def test_what_was_typed_and_not_saved_is_offered_again(page):
    page.locator("#message").fill("Buongiorno Chiara")
    page.reload()
    assert page.locator("#message").input_value() == ""

    page.get_by_role("button", name="Rimettilo e salva").click()
    page.locator("#saved", has_text="Salvato alle").wait_for()
    page.reload()

    assert page.locator("#message").input_value() == "Buongiorno Chiara"
    assert not page.locator("#kept").is_visible()
