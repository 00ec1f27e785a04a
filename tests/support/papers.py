"""Printed documents for tests: the samples, and what a reader finds on the pages."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

import pypdfium2

from gifting.core.papers import Contents, OfferPaper, PaperHamper
from gifting.core.pricing import Component, ComponentKind, PricedDocument, PricedHamper
from gifting.core.vat import VatClass
from gifting.documents.documents import load_sample


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            " ".join(page.get_textpage().get_text_range().replace("\xa0", " ").split())
            for page in document
        ]
    finally:
        document.close()


def make_hamper(
    name: str = "Il cesto lungo",
    *,
    products: int = 3,
    quantity: int = 10,
    own_unit_net: Decimal | None = None,
) -> PricedHamper:
    """A hamper of so many products at 10 % and 22 %, a box and a card with its set-up fee."""
    goods = [
        Component(
            ComponentKind.PRODUCT,
            f"SKU-{n}",
            f"Prodotto {n:02d}",
            1 + n % 2,
            Decimal("3.30") + n,
            Decimal(6),
            VatClass(Decimal(10 if n % 3 else 22)),
        )
        for n in range(1, products + 1)
    ]
    box = Component(
        ComponentKind.BOX,
        "BOX-M",
        "Scatola media",
        1,
        Decimal("2.80"),
        Decimal(6),
        VatClass(Decimal(22)),
    )
    card = Component(
        ComponentKind.EXTRA,
        "CARD",
        "Biglietto con logo",
        1,
        Decimal("1.30"),
        Decimal(6),
        VatClass(Decimal(22)),
        Decimal("45.00"),
    )
    return PricedHamper(name, quantity, (*goods, box, card), own_unit_net)


def make_offer(*hampers: PricedHamper) -> OfferPaper:
    """The sample offer with other contents."""
    document = PricedDocument(hampers)
    contents = Contents(
        tuple(
            PaperHamper.of(
                hamper,
                box_name="Scatola media",
                makers={c.sku: f"Laboratorio {c.sku}" for c in hamper.goods},
            )
            for hamper in hampers
        ),
        (),
        document.breakdown,
    )
    return replace(cast(OfferPaper, load_sample("offer")), contents=contents)
