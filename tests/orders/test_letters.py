"""The letters of orders and invoices, as they are put together for each language."""

import pytest
from flask import Flask, render_template
from flask_babel import force_locale

from gifting.accounts.queries.people import get_reader
from gifting.orders import queries
from gifting.platform.pictures import logo
from tests.support.orders import make_accepted_order, make_invoice

LINK = "http://localhost/ordini/O-2026-0001"
PARTS = ("subject.txt", "txt", "html")


def write(name: str, locale: str, **context: object) -> dict[str, str]:
    """Render the parts of a letter as the mailer does."""
    with force_locale(locale):
        context |= {"subject": "", "pictures": {"logo": logo()}}
        return {part: render_template(f"mail/{name}.{part}", **context) for part in PARTS}


@pytest.mark.parametrize("locale", ["it", "en"])
class TestLetters:
    def test_the_confirmation_names_the_order_its_total_and_its_page(
        self, app: Flask, locale: str
    ) -> None:
        order = make_accepted_order(purchase_order_number="4500118823")
        head = queries.get_head(order.reference, company_id=None)
        reader = get_reader(head.buyer_id, company_id=head.company_id)

        letter = write("orders_confirmation", locale, order=head, reader=reader, link=LINK)

        assert order.reference in letter["subject.txt"]
        for part in ("txt", "html"):
            assert LINK in letter[part]
            assert "4500118823" in letter[part]
            assert f"{order.gross_total:.2f}"[-2:] in letter[part]

    def test_the_invoice_says_how_much_by_when_and_where_to(self, app: Flask, locale: str) -> None:
        invoice = make_invoice()

        letter = write("billing_invoice", locale, invoice=invoice, link=LINK)

        assert invoice.reference in letter["subject.txt"]
        for part in ("txt", "html"):
            assert LINK in letter[part]
            assert "IT60\xa0X054" in letter[part]
            assert f"Fattura {invoice.reference}, {invoice.order_reference}" in letter[part]
