"""What buyer and accountant read on the invoice."""

from dataclasses import replace
from typing import cast

import pytest
from flask import Flask

from gifting.core.papers import InvoicePaper
from gifting.core.vat import ZERO
from gifting.documents.documents import load_sample
from gifting.platform.pdf import render
from tests.support.papers import pages_of


@pytest.fixture
def invoice() -> InvoicePaper:
    return cast(InvoicePaper, load_sample("invoice"))


def text_of(invoice: InvoicePaper, locale: str = "it") -> str:
    return " ".join(pages_of(render("invoice", invoice, locale=locale)))


class TestInvoice:
    def test_names_number_day_parties_and_references(
        self, app: Flask, invoice: InvoicePaper
    ) -> None:
        text = text_of(invoice)

        assert "Fattura 2026/1187 del 18 dicembre 2026" in text
        assert "P. IVA IT12345670017 · C.F. 12345670017" in text
        assert "Codice destinatario ABC1234" in text
        assert "P. IVA 00743110157 · C.F. 00743110157" in text
        assert "O-2026-0297" in text
        assert "4500118823" in text

    def test_sums_vat_by_rate(self, app: Flask, invoice: InvoicePaper) -> None:
        text = text_of(invoice)

        assert "10% 12.156,25 € 1.215,63 €" in text
        assert "22% 3.490,85 € 767,99 €" in text
        assert "Totale fattura 17.630,72 €" in text

    def test_names_the_maker_beside_each_product(self, app: Flask, invoice: InvoicePaper) -> None:
        text = text_of(invoice)

        for product in invoice.hampers[0].products:
            assert f"{product.name} · {product.maker}" in text

    def test_says_how_and_by_when_to_pay(self, app: Flask, invoice: InvoicePaper) -> None:
        text = text_of(invoice)

        assert "Da pagare entro il 17 gennaio 2027" in text
        assert "IT60 X054 2811 1010 0000 0123 456" in text
        assert "Causale: Fattura 2026/1187, ordine O-2026-0297" in text

    def test_is_no_tax_document_before_it_is_transmitted(
        self, app: Flask, invoice: InvoicePaper
    ) -> None:
        assert "Fattura non ancora trasmessa al Sistema di Interscambio" in text_of(invoice)

    def test_a_courtesy_copy_says_where_its_original_is(
        self, app: Flask, invoice: InvoicePaper
    ) -> None:
        text = text_of(replace(invoice, is_courtesy_copy=True))

        assert "Copia di cortesia della fattura elettronica, priva di valore fiscale" in text
        assert "Fatture e Corrispettivi" in text
        assert "non ancora trasmessa" not in text

    def test_a_sample_seller_is_called_one(self, app: Flask, invoice: InvoicePaper) -> None:
        real = replace(invoice, seller=replace(invoice.seller, is_sample=False))

        assert "Documento di esempio" in text_of(invoice)
        assert "Documento di esempio" not in text_of(real)

    def test_keeps_total_and_payment_together_after_many_lines(
        self, app: Flask, invoice: InvoicePaper
    ) -> None:
        nothing = replace(invoice.lines[0], unit_net=ZERO, net=ZERO)
        long = replace(invoice, lines=(*invoice.lines, *[nothing] * 50))

        pages = pages_of(render("invoice", long, locale="it"))

        (page,) = [page for page in pages if "Da pagare entro il" in page]
        assert len(pages) > 2
        assert "Totale fattura" in page
        assert "Riepilogo IVA" in page
        for number, page in enumerate(pages, start=1):
            assert f"{number} di {len(pages)}" in page

    def test_writes_dates_and_amounts_in_english(self, app: Flask, invoice: InvoicePaper) -> None:
        text = text_of(invoice, locale="en")

        assert "18 December 2026" in text
        assert "€17,630.72" in text
