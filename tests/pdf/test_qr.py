"""The payment code says exactly what EPC069-12 asks for."""

from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
import segno
from flask import Flask
from PIL import Image

from gifting.core.papers import PaperPayment
from gifting.documents.documents import load_sample
from gifting.platform.pdf import render
from gifting.platform.qr import payment_qr_svg

PAYMENT = PaperPayment(
    beneficiary="Consorzio Viale dei Mille",
    iban="IT60 X054 2811 1010 0000 0123 456",
    amount=Decimal("17630.72"),
    reference="Fattura 2026/1187, ordine O-2026-0297",
)
PAYLOAD = (
    "BCD\n002\n1\nSCT\n\nConsorzio Viale dei Mille\nIT60X0542811101000000123456\n"
    "EUR17630.72\n\n\nFattura 2026/1187, ordine O-2026-0297"
)


def expected(payload: str) -> str:
    code = segno.make_qr(payload.encode(), error="m", boost_error=False)
    svg: str = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title="Paga")
    return svg


class TestPaymentQr:
    def test_carries_beneficiary_iban_amount_and_reference(self) -> None:
        assert payment_qr_svg(PAYMENT, label="Paga") == expected(PAYLOAD)

    def test_carries_the_bic_where_there_is_one(self) -> None:
        payment = replace(PAYMENT, bic="BPMOIT22XXX")

        assert payment_qr_svg(payment, label="Paga") == expected(
            PAYLOAD.replace("SCT\n\n", "SCT\nBPMOIT22XXX\n")
        )

    def test_refuses_a_transfer_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="amount"):
            payment_qr_svg(replace(PAYMENT, amount=Decimal(0)), label="Paga")

    def test_stands_black_on_white_in_the_payment_box_of_the_invoice(self, app: Flask) -> None:
        matrix = segno.make_qr(PAYLOAD.encode(), error="m", boost_error=False).matrix
        document = pypdfium2.PdfDocument(render("invoice", load_sample("invoice"), locale="it"))
        try:
            picture = document[0].render(scale=600 / 72).to_pil().convert("L")
        finally:
            document.close()

        assert matrix_at(picture, len(matrix)) == [list(row) for row in matrix]


def matrix_at(picture: Image.Image, size: int) -> list[list[int]]:
    """Read the dark and light modules of the one black thing in the lower right of an A4 page."""
    mm = picture.width / 210
    corner = picture.crop((int(150 * mm), int(200 * mm), int(195 * mm), int(272 * mm)))
    black = corner.point(lambda level: 255 if level < 25 else 0)
    box = black.getbbox()
    assert box is not None
    left, top, right, bottom = box
    across, down = (right - left) / size, (bottom - top) / size
    return [
        [
            int(black.getpixel((int(left + across * (x + 0.5)), int(top + down * (y + 0.5)))) > 0)
            for x in range(size)
        ]
        for y in range(size)
    ]
