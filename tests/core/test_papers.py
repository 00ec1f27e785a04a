"""Printed documents cannot be built from figures that contradict each other."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from gifting.core.drawing import BoxShape, Shape
from gifting.core.papers import BoxDrawing, InvoicePaper, PaperHamper
from gifting.core.pricing import Charge
from gifting.core.vat import TotalsDoNotAddUp, VatClass
from gifting.documents.documents import load_sample
from tests.support.papers import make_hamper, make_offer

CENT = Decimal("0.01")


class TestPaperHamper:
    def test_takes_over_the_prices_of_a_priced_hamper(self) -> None:
        priced = make_hamper(products=4, quantity=30)

        paper = PaperHamper.of(priced, box_name="Scatola media", makers={"SKU-1": "Banda Biscotti"})

        assert paper.unit_net == priced.unit_net
        assert paper.unit_gross == priced.unit_gross
        assert paper.net == priced.net == paper.hampers_net + paper.setup_fees_net
        assert paper.components[0].maker == "Banda Biscotti"

    def test_box_and_extras_follow_the_vat_of_the_goods(self) -> None:
        paper = PaperHamper.of(make_hamper(products=2), box_name="", makers={})

        assert [c.vat for c in paper.components] == [
            VatClass(Decimal(10)),
            VatClass(Decimal(10)),
            None,
            None,
        ]

    def test_without_products_box_and_extras_keep_their_own_vat(self) -> None:
        paper = PaperHamper.of(make_hamper(products=0), box_name="", makers={})

        assert [c.vat for c in paper.components] == [VatClass(Decimal(22))] * 2

    def test_what_lies_in_the_drawing_is_drawn_beside_its_product(self) -> None:
        biscuit = Shape("SKU-1", "Biscotti", "biscotti", 100, 80, 60)
        drawing = BoxDrawing(BoxShape("BOX-M", "Scatola media", 350, 260, 140), (biscuit,))

        paper = PaperHamper.of(make_hamper(products=2), box_name="", makers={}, drawing=drawing)

        assert [c.shape for c in paper.components] == [biscuit, None, None, None]

    def test_refuses_contents_that_do_not_add_up_to_its_price(self) -> None:
        paper = PaperHamper.of(make_hamper(), box_name="", makers={})

        with pytest.raises(TotalsDoNotAddUp):
            replace(paper, unit_net=paper.unit_net + CENT)

    def test_an_agreed_price_may_differ_from_its_contents(self) -> None:
        priced = make_hamper(own_unit_net=Decimal("20.00"))

        paper = PaperHamper.of(priced, box_name="", makers={})

        assert paper.unit_net == Decimal("20.00") != paper.contents_unit_net

    def test_refuses_a_net_that_is_not_price_times_quantity(self) -> None:
        paper = PaperHamper.of(make_hamper(own_unit_net=Decimal(20)), box_name="", makers={})

        with pytest.raises(TotalsDoNotAddUp):
            replace(paper, quantity=paper.quantity + 1)


class TestContents:
    def test_refuses_a_charge_that_is_not_in_the_totals(self) -> None:
        contents = make_offer(make_hamper()).contents

        with pytest.raises(TotalsDoNotAddUp):
            replace(contents, charges=(Charge("Trasporto", CENT),))


class TestInvoicePaper:
    def test_refuses_lines_that_differ_from_the_vat_summary(self) -> None:
        invoice = cast(InvoicePaper, load_sample("invoice"))

        with pytest.raises(TotalsDoNotAddUp):
            replace(invoice, lines=invoice.lines[1:])

    def test_refuses_a_line_that_does_not_multiply(self) -> None:
        invoice = cast(InvoicePaper, load_sample("invoice"))

        with pytest.raises(TotalsDoNotAddUp):
            replace(invoice.lines[0], quantity=invoice.lines[0].quantity - 1)

    def test_refuses_to_ask_for_more_than_its_total(self) -> None:
        invoice = cast(InvoicePaper, load_sample("invoice"))

        with pytest.raises(TotalsDoNotAddUp):
            replace(invoice, payment=replace(invoice.payment, amount=invoice.totals.gross + CENT))
