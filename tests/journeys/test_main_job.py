"""The main job: from the catalogue to the downloaded invoice, as three people."""

import io
import re

import pypdfium2
import pytest

from tests.support.accounts import make_vat_number
from tests.support.walking import link_in

pytestmark = pytest.mark.xdist_group("journeys")

PASSWORD = "una frase lunga da ricordare"
SALES = "elena@vialedeimille.example"
ACCOUNTING = "giulia@vialedeimille.example"


def amount(text):
    """Return the figures of an amount, however the language writes it: «1.234,56 €» → 123456."""
    return int(re.sub(r"\D", "", text))


def pdf_text(content):
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def attachment(letter):
    (part,) = letter.iter_attachments()
    return part.get_content()


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_company_builds_a_hamper_and_ends_with_its_invoice(person, product, language):
    buyer, sales = person(language=language), person()
    accounting = person()
    email = f"paolo.zanetti@cartiere-{language}.example"

    find_by_mistyping(buyer)
    key, estimate = build(buyer)
    reference = ask_for_a_quote(buyer, email, serial=4711 if language == "it" else 4712)
    assert key in hampers_of(buyer), "the hamper followed them into their company"
    send_offer(sales, reference)
    order, total = accept(buyer, email, reference)
    assert total > estimate, "freight and its VAT came on top"
    number = issue(accounting, order)
    download(buyer, number, total)
    register_payment(accounting, number)
    buyer.page.goto("/fatture")
    assert buyer.say("Pagata") in buyer.text()
    assert totals_in_database(product, order) == {total}


def find_by_mistyping(buyer):
    """Find a product by a word with a letter missing."""
    buyer.page.goto("/prodotti")
    buyer.page.get_by_role("searchbox").first.fill("panetone")
    buyer.page.get_by_role("searchbox").first.press("Enter")
    buyer.page.get_by_role("link", name=re.compile(r"panettone", re.IGNORECASE)).first.wait_for()


def build(buyer):
    """Start from a ready-made hamper; set the number and add a card without a reload."""
    page = buyer.page
    page.goto("/cesti-pronti/HAM-SOTTO50")
    buyer.click("Parti da questo")
    address = page.url
    page.evaluate("window.sameDocument = true")
    page.locator("#quantity").fill("350")
    page.locator("#quantity").press("Tab")
    page.locator("#price", has_text="38").get_by_text(re.compile(r"13[.,]331")).first.wait_for()
    name = {"it": "Biglietto d’auguri standard", "en": "Standard greeting card"}[buyer.language]
    page.get_by_label(re.compile(name)).first.check()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.sameDocument"), "changes apply without a reload"
    assert buyer.say("Sotto i 50 € IVA inclusa").replace("\u00a0", " ") in buyer.text()
    shown = page.locator("#price").inner_text().replace("\u00a0", " ")
    total = re.search(rf"{buyer.say('Totale')}\s+(€?[\d.,]+)", shown)[1]
    return address.rpartition("/")[2].partition("?")[0], amount(total)


def ask_for_a_quote(buyer, email, serial):
    """Request the quote; account and company are made on the way, and the address confirmed."""
    page = buyer.page
    buyer.click("Richiedi il preventivo", "link")
    buyer.fill("Partita IVA", make_vat_number(serial))
    buyer.fill("Ragione sociale", f"Cartiere {buyer.language.upper()} S.r.l.")
    buyer.fill("Via e numero", "via della Cartiera 1")
    buyer.fill("CAP", "13011")
    buyer.fill("Città", "Borgosesia")
    buyer.fill("Provincia", "VC")
    page.locator("[name='company-sdi_code']").fill("ABC1234")
    buyer.fill("Numero ordine d’acquisto", "4500118823")
    buyer.fill("Nome e cognome", "Paolo Zanetti")
    buyer.fill("E-mail di lavoro", email)
    page.locator("[name='person-password']").fill(PASSWORD)
    buyer.check("Ho letto come usate i dati")
    buyer.click("Invia la richiesta")
    assert "/preventivi/ricevuta" in page.url
    page.goto(link_in(buyer.letter(email, "/conferma/"), "/conferma/"))
    page.locator("main form button").first.click()
    buyer.sign_in(email, PASSWORD)
    page.goto("/preventivi")
    return re.search(r"P-\d{4}-\d{4}", buyer.text())[0]


def hampers_of(buyer):
    """Return the addresses of the hampers the page «I miei cesti» leads to."""
    buyer.page.goto("/cesti")
    links = buyer.page.locator("a[href^='/cesti/']")
    return " ".join(links.nth(i).get_attribute("href") for i in range(links.count()))


def send_offer(sales, reference):
    """Take the request, add freight, send; a worker makes the PDF."""
    page = sales.page
    sales.sign_in(SALES)
    page.goto(f"/ufficio/preventivi/{reference}")
    sales.click("Prepara l’offerta")
    page.locator("[name=charge_text_0]").fill("Consegna su bancali")
    page.locator("[name=charge_net_0]").fill("640,00")
    page.locator("[name=charge_net_0]").press("Tab")
    page.locator(".sums", has_text="640,00").or_(page.get_by_text("640,00 €")).first.wait_for()
    sales.click("Invia al cliente")
    sales.click("Invia al cliente")
    page.goto(f"/ufficio/preventivi/{reference}")
    sales.reload_until("Aspetta il cliente")


def accept(buyer, email, reference):
    """Open the offer from the mail, find the PDF's sum on the page, and accept it."""
    page = buyer.page
    letter = buyer.letter(email, f"/preventivi/{reference}", with_attachment=True)
    page.goto(link_in(letter, f"/preventivi/{reference}"))
    total = amount(page.locator("#decisione .n").first.inner_text())
    says = pdf_text(attachment(letter))
    assert reference in says
    assert "Pasticceria Giotto" in says
    assert str(total) in re.sub(r"[.,\s]", "", says)
    page.locator("[name=is_agreed]").check()
    buyer.click("Accetta l’offerta")
    order = re.search(r"/ordini/(O-\d{4}-\d{4})", page.url)[1]
    assert order in pdf_text(attachment(buyer.letter(email, order, with_attachment=True)))
    return order, total


def issue(accounting, order):
    """Issue the order's invoice from the list of what is to be invoiced."""
    accounting.sign_in(ACCOUNTING)
    accounting.page.goto("/ufficio/fatture")
    assert order in accounting.text()
    accounting.page.goto(f"/ufficio/ordini/{order}/fattura")
    accounting.click("Emetti la fattura")
    return re.search(r"\d{4}/\d{4}", accounting.text())[0]


def download(buyer, number, total):
    """Download the invoice: it says number, the buyer's reference and the accepted sum."""
    buyer.page.goto(f"/fatture/{number}")
    buyer.reload_until("PDF di cortesia")
    with buyer.page.expect_download() as download:
        buyer.click("PDF di cortesia", "link")
    says = pdf_text(download.value.path().read_bytes())
    assert number in says
    assert "4500118823" in says
    assert str(total) in re.sub(r"[.,\s]", "", says)


def register_payment(accounting, number):
    """Register the whole sum, which the form proposes."""
    accounting.page.goto(f"/ufficio/fatture/{number}")
    accounting.click("Registra l’incasso")
    accounting.reload_until("Pagata")


def totals_in_database(product, order):
    """Return the gross sums of revision, order and invoice, in cents."""
    rows = product.ask(
        "SELECT r.gross_total, o.gross_total, i.gross_total FROM quote_revision r "
        'JOIN "order" o ON o.revision_id = r.id JOIN invoice i ON i.order_id = o.id '
        "WHERE o.reference = %s",
        order,
    )
    return {int(gross * 100) for gross in rows[0]}
