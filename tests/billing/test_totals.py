"""Whatever is bought and however it is negotiated, every document says the same totals."""

from dataclasses import astuple
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gifting.accounts.models import User
from gifting.billing import queries as billing
from gifting.billing.documents import invoice_paper
from gifting.billing.models import InvoiceLine, InvoiceVat
from gifting.catalogue.models import Extra, Product, ProductVat
from gifting.core.pricing import PricedDocument
from gifting.core.roles import Role
from gifting.core.vat import VatClass
from gifting.orders import documents as orders
from gifting.orders import queries as order_queries
from gifting.orders import service as order_service
from gifting.platform.db import db
from gifting.quotes import documents as quotes
from gifting.quotes import queries, service
from gifting.quotes.models import Quote
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_box, make_breaks, make_extra, make_product
from tests.support.orders import make_invoice
from tests.support.quotes import VALID_UNTIL, make_composition, send, signature, submit

CLASSES = (("4", ""), ("10", ""), ("22", ""), ("0", "N2.2"), ("0", "N3.5"))


def prices(most: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=Decimal("0.01"), max_value=Decimal(most), places=2)


class Shop:
    """A catalogue in which everything fits into everything, so that any draw can be bought."""

    def __init__(self) -> None:
        make_breaks()
        small = {"length_mm": 10, "width_mm": 10, "height_mm": 10, "gross_weight_g": 1}
        self.products: list[Product] = []
        for serial, (rate, nature) in enumerate(CLASSES * 2):
            product = make_product(list_net=f"{serial * 3}.{37 + serial}", **small)
            db.session.execute(
                sa.update(ProductVat)
                .where(ProductVat.product_id == product.id)
                .values(rate=Decimal(rate), nature=nature)
            )
            self.products.append(product)
        self.extras: list[Extra] = [
            make_extra(kind="card"),
            make_extra(kind="ribbon", list_net=Decimal("0.35"), setup_fee_net=Decimal("33.33")),
            make_extra(kind="sleeve", list_net=Decimal("2.07"), setup_fee_net=Decimal("0.00")),
        ]
        self.box_id = make_box(list_net=Decimal("3.33")).id
        db.session.commit()
        self.buyer = make_user()
        self.sales = make_user(Role.SALES)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return Shop()


def figures(document: PricedDocument) -> tuple[Any, ...]:
    """Say everything a document's totals say."""
    return astuple(document.breakdown)


def request_anything(data: st.DataObject, shop: Shop) -> tuple[Quote, PricedDocument]:
    """Ask for one to three hampers; return the quote and what the builder said of them."""
    compositions = []
    for number in range(data.draw(st.integers(1, 3), label="hampers")):
        products = data.draw(
            st.lists(st.sampled_from(shop.products), min_size=1, max_size=6, unique=True)
        )
        extras = data.draw(st.lists(st.sampled_from(shop.extras), max_size=3, unique=True))
        compositions.append(
            make_composition(
                shop.buyer,
                products,
                quantity=data.draw(st.sampled_from([1, 7, 49, 50, 199, 200, 333, 500])),
                box_id=shop.box_id,
                extra_ids=[extra.id for extra in extras],
                name=f"Cesto {number}",
            )
        )
    quote = submit(shop.buyer, compositions)
    db.session.commit()
    return quote, PricedDocument(tuple(composition.priced for composition in compositions))


def negotiate(data: st.DataObject, quote: Quote, sales: User) -> None:
    """Change prices, discounts, numbers, own prices and charges as an editor may."""
    draft = service.revise(quote, actor_id=sales.id, now=NOW)
    components = {
        component.id: service.ComponentEntry(
            quantity=data.draw(st.integers(1, 4)),
            list_net=data.draw(prices("80.00")),
            discount=data.draw(st.decimals(min_value=0, max_value=99, places=2)),
        )
        for hamper in draft.hampers
        for component in hamper.components
        if data.draw(st.booleans())
    }
    hampers = {
        hamper.id: service.HamperEntry(
            quantity=data.draw(st.integers(1, 700)),
            own_unit_net=data.draw(st.none() | prices("120.00")),
        )
        for hamper in draft.hampers
    }
    charges = data.draw(
        st.lists(
            st.builds(service.ChargeEntry, st.sampled_from(["Trasporto", "Altro"]), prices("3000")),
            max_size=3,
        )
    )
    service.save_draft(
        quote,
        entry=service.DraftEntry(
            hampers, components, charges, VALID_UNTIL, 30, quote.wanted_on, "", ""
        ),
    )
    db.session.commit()


class TestTotals:
    @given(data=st.data())
    @settings(
        max_examples=25,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_are_one_and_the_same_on_every_document(self, shop: Shop, data: st.DataObject) -> None:
        quote, built = request_anything(data, shop)
        first = queries.get_latest_revision(quote.id)
        assert figures(quotes.priced_document(first)) == figures(built)
        assert (first.net_total, first.vat_total, first.gross_total) == figures(built)[1:]
        if data.draw(st.booleans(), label="negotiated"):
            negotiate(data, quote, shop.sales)
        offer = send(quote, shop.sales)

        db.session.expire_all()
        offer = queries.get_revision(offer.id)
        priced = quotes.priced_document(offer)
        said = figures(priced)
        paper = quotes.offer_paper(quote, offer, locale="it", link="x")
        order = order_service.accept_offer(
            quote, signature=signature(quote, shop.buyer), now=NOW
        ).order
        db.session.commit()
        head = order_queries.get_head(order.reference, company_id=quote.company_id)
        confirmed = orders.confirmation(head, locale="it", link="x")
        page = orders.get_page(order.reference, company_id=quote.company_id, locale="it")
        reference = make_invoice(order=order).reference
        db.session.expire_all()
        invoice = billing.get_invoice(reference, company_id=quote.company_id)

        assert astuple(paper.contents.totals) == said
        assert astuple(confirmed.contents.totals) == said
        assert figures(page.document) == said
        assert astuple(billing.breakdown_of(invoice)) == said
        assert astuple(invoice_paper(invoice).totals) == said
        assert invoice_paper(invoice).payment.amount == priced.gross
        for record in (offer, order, invoice):
            assert (record.net_total, record.vat_total, record.gross_total) == said[1:]
        assert _rows_in_database(invoice.id) == priced.breakdown.nets
        assert _lines_in_database(invoice.id) == priced.breakdown.nets


def _rows_in_database(invoice_id: int) -> dict[VatClass, Decimal]:
    rows = db.session.execute(
        sa.select(InvoiceVat.vat_rate, InvoiceVat.vat_nature, InvoiceVat.net).where(
            InvoiceVat.invoice_id == invoice_id
        )
    )
    return {VatClass(rate, nature): net for rate, nature, net in rows}


def _lines_in_database(invoice_id: int) -> dict[VatClass, Decimal]:
    """Add the lines of each class up, as somebody does who reads the invoice."""
    rows = db.session.execute(
        sa.select(
            InvoiceLine.vat_rate,
            InvoiceLine.vat_nature,
            sa.func.sum(InvoiceLine.quantity * InvoiceLine.unit_net),
        )
        .where(InvoiceLine.invoice_id == invoice_id)
        .group_by(InvoiceLine.vat_rate, InvoiceLine.vat_nature)
    )
    return {VatClass(rate, nature): net for rate, nature, net in rows if net}
