"""Prices, rates and breaks that move later move nothing that was asked, offered or sold before."""

from collections.abc import Callable
from dataclasses import asdict, astuple
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.accounts.models import User
from gifting.billing import queries as billing
from gifting.catalogue import service as catalogue
from gifting.catalogue.models import Product
from gifting.core.calendar import rome_date
from gifting.core.pricing import PricedHamper
from gifting.core.roles import Role
from gifting.hampers.documents import compose
from gifting.hampers.queries import get_hamper
from gifting.orders import service as orders
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.quotes.documents import priced_document
from gifting.quotes.models import Quote
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_breaks, make_product
from tests.support.hampers import owner_of
from tests.support.orders import make_invoice
from tests.support.quotes import make_composition, send, signature, submit

LATER = NOW + timedelta(days=1)
TOMORROW = rome_date(LATER)
GROSS = Decimal("683.10")
"""50 × (10.00 + 2.80 for the box) less 3 % each: 50 × (9.70 + 2.72) = 621.00, and 10 % VAT."""


@pytest.fixture
def buyer(app: Flask) -> User:
    make_breaks()
    return make_user()


@pytest.fixture
def product(app: Flask) -> Product:
    return make_product(list_net="10.00", vat_rate="10.00")


def request(buyer: User, product: Product) -> Quote:
    composition = make_composition(buyer, [product], quantity=50)
    quote = submit(buyer, [composition])
    db.session.commit()
    return quote


def raise_price(product: Product) -> None:
    catalogue.set_price(
        product.id,
        list_net=Decimal("99.00"),
        cost_net=Decimal("70.00"),
        valid_from=rome_date(NOW),
        actor_id=make_user(Role.SALES_MANAGER).id,
        now=NOW,
    )


def raise_vat(product: Product) -> None:
    catalogue.set_vat(
        product.id,
        rate=Decimal("22.00"),
        legal_basis="Aliquota ordinaria",
        valid_from=rome_date(NOW),
        actor_id=make_user(Role.SALES_MANAGER).id,
        now=NOW,
    )


def drop_breaks(_product: Product) -> None:
    catalogue.set_breaks(
        [(10, Decimal(50))],
        valid_from=rome_date(NOW),
        actor_id=make_user(Role.SALES_MANAGER).id,
        now=NOW,
    )


def take_off_sale(product: Product) -> None:
    catalogue.set_on_sale(
        product.id, is_on_sale=False, actor_id=make_user(Role.SALES_MANAGER).id, now=NOW
    )


def rename(product: Product) -> None:
    product.name_it = "Un altro nome"


CHANGES = (raise_price, raise_vat, drop_breaks, take_off_sale, rename)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
class TestWhatWasWrittenBefore:
    def test_the_request_keeps_its_figures_into_the_offer(
        self, buyer: User, product: Product, change: Callable[[Product], None]
    ) -> None:
        quote = request(buyer, product)
        before = priced_document(queries.get_latest_revision(quote.id))
        assert before.gross == GROSS

        change(product)
        db.session.commit()
        offer = send(quote, make_user(Role.SALES))

        db.session.expire_all()
        assert priced_document(queries.get_revision(offer.id)) == before

    def test_the_offer_its_order_and_its_invoice_stay_as_they_were(
        self, buyer: User, product: Product, change: Callable[[Product], None]
    ) -> None:
        quote = request(buyer, product)
        offer = send(quote, make_user(Role.SALES))
        said = priced_document(queries.get_revision(offer.id))
        was_called = product.name_it

        change(product)
        db.session.commit()
        order = orders.accept_offer(quote, signature=signature(quote, buyer), now=LATER).order
        db.session.commit()
        change(product)
        db.session.commit()
        reference = make_invoice(order=order, issued_on=TOMORROW, now=LATER).reference
        db.session.expire_all()
        invoice = billing.get_invoice(reference, company_id=buyer.company_id)

        assert priced_document(queries.get_revision(offer.id)) == said
        assert order.gross_total == said.gross
        assert astuple(billing.breakdown_of(invoice)) == astuple(said.breakdown)
        assert was_called in invoice.lines[0].description

    def test_the_next_revision_begins_with_the_figures_of_the_last(
        self, buyer: User, product: Product, change: Callable[[Product], None]
    ) -> None:
        quote = request(buyer, product)
        offer = send(quote, make_user(Role.SALES))
        said = priced_document(queries.get_revision(offer.id))

        change(product)
        db.session.commit()
        draft = service.revise(quote, actor_id=make_user(Role.SALES).id, now=LATER)

        assert draft.number == 2
        assert priced_document(draft) == said

    def test_the_buyer_reads_the_same_page(
        self,
        client: FlaskClient,
        buyer: User,
        product: Product,
        change: Callable[[Product], None],
    ) -> None:
        quote = request(buyer, product)
        send(quote, make_user(Role.SALES))

        change(product)
        db.session.commit()
        page = sign_in(client, buyer).get(f"/preventivi/{quote.reference}").text

        assert "683,10\u00a0€" in page


def _compose(buyer: User, product: Product, *, on: date) -> PricedHamper:
    """Price 50 hampers of the product on a day."""
    owner = owner_of(buyer)
    key = make_composition(buyer, [product], quantity=50).key
    return compose(get_hamper(key, **asdict(owner)), on=on, now=NOW).priced


def _rates(priced: PricedHamper) -> set[Decimal]:
    return {vat.rate for vat in priced.unit_split}


class TestWhatIsWrittenAfter:
    def test_a_new_price_and_a_new_rate_count_from_their_day(
        self, buyer: User, product: Product
    ) -> None:
        actor_id = make_user(Role.SALES_MANAGER).id
        catalogue.set_vat(
            product.id,
            rate=Decimal("22.00"),
            legal_basis="Aliquota ordinaria",
            valid_from=TOMORROW,
            actor_id=actor_id,
            now=NOW,
        )
        catalogue.set_price(
            product.id,
            list_net=Decimal("11.00"),
            cost_net=Decimal("7.00"),
            valid_from=TOMORROW,
            actor_id=actor_id,
            now=NOW,
        )
        db.session.commit()

        today = _compose(buyer, product, on=rome_date(NOW))
        tomorrow = _compose(buyer, product, on=TOMORROW)

        assert _rates(today) == {Decimal("10.00")}
        assert _rates(tomorrow) == {Decimal("22.00")}
        assert tomorrow.unit_net - today.unit_net == Decimal("0.97")  # 1.00 less 3 %

    def test_new_breaks_count_from_their_day(self, buyer: User, product: Product) -> None:
        catalogue.set_breaks(
            [(50, Decimal(50))],
            valid_from=TOMORROW,
            actor_id=make_user(Role.SALES_MANAGER).id,
            now=NOW,
        )
        db.session.commit()

        assert _compose(buyer, product, on=rome_date(NOW)).unit_net == Decimal("12.42")
        assert _compose(buyer, product, on=TOMORROW).unit_net == Decimal("6.40")
