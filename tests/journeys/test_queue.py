"""Sales goes through the queue by keys alone, hears of what comes in, and takes many at once."""

import pytest

from drills.campaign import People

pytestmark = pytest.mark.xdist_group("journeys")

SALES = "elena@vialedeimille.example"
QUEUE = "/ufficio/preventivi?vista=all&ordine=-scadenza"
ON = "tr[data-quote]:focus-within"


@pytest.fixture
def asked(product) -> list[str]:
    """Two requests that nobody has taken."""
    people = People(product.address)
    return [people.ask(title=f"Tasti {number}", quantity=60) for number in (1, 2)]


def test_keys_search_move_take_tick_and_open(person, asked):
    sales = person()
    sales.sign_in(SALES)
    page = sales.page
    page.goto(QUEUE)

    page.keyboard.press("/")
    assert page.locator("#cerca").evaluate("field => field === document.activeElement")
    page.keyboard.type("Tasti jkpx?")
    assert page.locator("#cerca").input_value() == "Tasti jkpx?", "keys are off while typing"
    page.locator("#cerca").fill("Tasti")
    page.keyboard.press("Enter")
    page.wait_for_url("**cerca=Tasti**")
    assert page.locator("tr[data-quote]").count() >= len(asked)

    page.keyboard.press("?")
    assert "Mentre scrivi in una casella" in sales.text()
    page.keyboard.press("?")
    page.keyboard.press("j")
    first = page.locator(ON).inner_text()
    page.keyboard.press("j")
    assert page.locator(ON).inner_text() != first
    page.keyboard.press("k")
    assert page.locator(ON).inner_text() == first
    page.keyboard.press("x")
    assert page.locator("[data-bulk-number]").inner_text() == "1"
    assert page.locator("[data-row]:checked").count() == 1

    page.keyboard.press("p")
    page.wait_for_load_state("networkidle")
    assert "Hai preso il preventivo" in sales.text()
    assert "cerca=Tasti" in page.url, "taking one loses neither search nor order"
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ufficio/preventivi/P-*")


def test_a_line_says_what_came_in_and_no_row_moves(person, product, asked):
    sales = person()
    sales.sign_in(SALES)
    page = sales.page
    page.clock.install()
    page.goto(QUEUE)
    before = page.locator("a.k").all_inner_texts()

    reference = People(product.address).ask(title="Appena arrivato")
    page.clock.run_for(61_000)

    page.get_by_text("Un nuovo preventivo, mostra").wait_for()
    assert page.locator("a.k").all_inner_texts() == before
    page.get_by_text("Un nuovo preventivo, mostra").click()
    page.get_by_text(reference).first.wait_for()


def test_many_are_done_without_script(person, asked):
    sales = person(javascript=False)
    sales.sign_in(SALES)
    page = sales.page
    page.goto(f"{QUEUE}&cerca=Tasti")

    for box in page.locator("[data-row]").all():
        box.check()
    page.locator("[name=a]").select_option(label="Elena Riva")
    page.get_by_role("button", name="Assegna").click()

    assert "assegnati a Elena Riva." in sales.text() or "Saltati, li segue già:" in sales.text()
    page.locator("[data-row]").first.check()
    page.get_by_role("button", name="Scarica i PDF").click()
    sales.reload_until("Nessuno di questi preventivi ha un’offerta inviata.")
