"""The payment QR code that banking apps read: EPC069-12 version 002, error correction M."""

from segno.helpers import make_epc_qr

from gifting.core.papers import PaperPayment


def payment_qr_svg(payment: PaperPayment, *, label: str) -> str:
    """Return the SEPA transfer as SVG, with the quiet zone it needs around it.

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
    svg: str = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, title=label)
    return svg
