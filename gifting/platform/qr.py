"""QR codes as SVG: payments for banking apps (EPC069-12 version 002), addresses for cameras."""

import segno
from segno.helpers import make_epc_qr

from gifting.core.papers import PaperPayment


def payment_qr_svg(payment: PaperPayment, *, label: str) -> str:
    """Return the SEPA transfer, error correction M, as SVG, with the quiet zone it needs around it.

    :raises ValueError: if the transfer cannot be written (no amount, a text too long)
    """
    code = make_epc_qr(
        name=payment.beneficiary,
        iban="".join(payment.iban.split()),
        amount=payment.amount,
        text=payment.reference,
        bic=payment.bic or None,
        encoding="utf-8",
    )
    return _draw(code, label)


def address_qr_svg(address: str, *, label: str) -> str:
    """Return an address as SVG, with the quiet zone it needs around it."""
    return _draw(segno.make_qr(address, error="m"), label)


def _draw(code: segno.QRCode, label: str) -> str:
    svg: str = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title=label)
    return svg
