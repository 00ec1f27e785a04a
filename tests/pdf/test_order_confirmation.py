"""What a buyer reads on the order confirmation."""

from flask import Flask

from gifting.documents.documents import load_sample
from gifting.platform.pdf import render
from tests.support.papers import pages_of


class TestOrderConfirmation:
    def test_names_order_offer_acceptance_and_the_hash_accepted(self, app: Flask) -> None:
        first = pages_of(
            render("order_confirmation", load_sample("order_confirmation"), locale="it")
        )[0]

        assert "Ordine O-2026-0297" in first
        assert "Vostro ordine d’acquisto 4500118823" in first
        assert "l’offerta P-2026-0418, revisione 3, il 16 novembre 2026, 10:42" in first
        assert "Chiara Fontana, responsabile risorse umane" in first
        assert "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef" in first

    def test_repeats_contents_makers_and_totals_of_the_offer(self, app: Flask) -> None:
        paper = load_sample("order_confirmation")

        text = " ".join(pages_of(render("order_confirmation", paper, locale="it")))

        for hamper in paper.contents.hampers:
            for component in hamper.components:
                assert component.maker in text
        assert "Totale ordine 19.875,75 €" in text
        assert "Un cesto a prezzo concordato" in text

    def test_says_what_happens_next(self, app: Flask) -> None:
        text = " ".join(
            pages_of(render("order_confirmation", load_sample("order_confirmation"), locale="it"))
        )

        assert "la data prevista è il 9 dicembre 2026" in text
        assert "bonifico a 30 giorni" in text
