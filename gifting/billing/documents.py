"""From an issued invoice's own rows to what its PDF shows: nothing is read from elsewhere."""

from gifting.billing.models import Invoice
from gifting.billing.queries import breakdown_of, lines_of
from gifting.core.papers import (
    HamperContents,
    InvoicePaper,
    MadeProduct,
    PaperPayment,
    Party,
    Seller,
)


def invoice_paper(invoice: Invoice) -> InvoicePaper:
    """Return the view-model of an issued invoice.

    :raises ValueError: if the invoice is still a draft
    """
    if invoice.reference is None or invoice.issued_on is None or invoice.due_on is None:
        raise ValueError(f"invoice {invoice.id} is a draft")
    known = Seller.__dataclass_fields__
    seller = Seller(**{name: value for name, value in invoice.seller.items() if name in known})
    return InvoicePaper(
        number=invoice.reference,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        payment_terms_days=invoice.payment_terms_days,
        seller=seller,
        buyer=Party(**invoice.buyer),
        order_reference=invoice.order_reference,
        lines=lines_of(invoice),
        totals=breakdown_of(invoice),
        hampers=tuple(
            HamperContents(
                hamper["name"],
                hamper["quantity"],
                tuple(MadeProduct(**product) for product in hamper["products"]),
            )
            for hamper in invoice.hampers
        ),
        payment=PaperPayment(
            beneficiary=seller.name,
            iban=seller.iban,
            bic=seller.bic,
            bank_name=seller.bank_name,
            amount=invoice.gross_total,
            reference=f"Fattura {invoice.reference}, {invoice.order_reference}",
        ),
        purchase_order_number=invoice.purchase_order_number,
    )
