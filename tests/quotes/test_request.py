"""From composed hampers to a request."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.accounts import service as accounts
from gifting.catalogue.models import ProductPrice
from gifting.core.calendar import add_business_hours
from gifting.platform import settings
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.quotes.documents import priced_document
from gifting.quotes.models import Quote
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_breaks, make_extra, make_product
from tests.support.quotes import make_composition, make_request, submit


class TestSubmit:
    def test_the_totals_are_those_of_the_builder(self, app: Flask) -> None:
        make_breaks()
        user, extra_id = make_user(), make_extra().id
        products = [make_product(list_net="16.90"), make_product(list_net="4.40", vat_rate="22")]
        composition = make_composition(user, products, quantity=350, extra_ids=[extra_id])

        quote = submit(user, [composition])

        revision = queries.get_latest_revision(quote.id)
        assert priced_document(revision).breakdown == composition.document.breakdown
        assert revision.gross_total == composition.document.gross
        assert revision.net_total + revision.vat_total == revision.gross_total

    def test_several_hampers_come_to_what_the_builder_says_of_each(self, app: Flask) -> None:
        user = make_user()
        parts = [make_composition(user, quantity=n, name=f"Cesto {n}") for n in (3, 40)]

        quote = submit(user, parts)

        revision = queries.get_latest_revision(quote.id)
        assert [h.name for h in revision.hampers] == ["Cesto 3", "Cesto 40"]
        assert revision.net_total == sum(part.document.net for part in parts)

    def test_the_number_of_copies_decides_the_discount(self, app: Flask) -> None:
        make_breaks()
        user = make_user()
        composition = make_composition(user, quantity=10)

        quote = submit(user, [composition], quantities={composition.key: 200})

        components = queries.get_latest_revision(quote.id).hampers[0].components
        assert {component.discount for component in components} == {Decimal(6)}

    def test_maker_cost_and_vat_are_copied_and_never_read_again(self, app: Flask) -> None:
        user, product = make_user(), make_product(list_net="10.00", cost_net="7.00")
        quote = submit(user, [make_composition(user, [product])])
        db.session.commit()
        before = queries.get_latest_revision(quote.id).gross_total

        db.session.execute(sa.update(ProductPrice).values(list_net=99, cost_net=98))
        db.session.commit()

        revision = queries.get_latest_revision(quote.id)
        component = revision.hampers[0].components[0]
        assert component.maker == "Pasticceria Giotto, Padova"
        assert (component.cost_net, component.vat_rate) == (Decimal(7), Decimal(10))
        assert priced_document(revision).gross == before

    def test_the_same_submission_again_is_the_same_quote(self, app: Flask) -> None:
        user = make_user()
        composition = make_composition(user)

        first = submit(user, [composition], submission_key="once")
        second = submit(user, [composition], submission_key="once")

        assert first.id == second.id
        assert db.session.scalar(sa.select(sa.func.count(Quote.id))) == 1

    def test_two_submissions_at_once_make_one_quote(self, app: Flask) -> None:
        user = make_user()
        composition = make_composition(user)
        user_id = user.id
        start, references = threading.Barrier(2), []

        def run() -> None:
            with app.app_context():
                start.wait()
                quote = submit(
                    db.session.get(type(user), user_id), [composition], submission_key="x"
                )
                db.session.commit()
                references.append(quote.reference)

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(references) == 2
        assert len(set(references)) == 1

    def test_what_is_no_longer_on_sale_is_refused_by_name(self, app: Flask) -> None:
        user, product = make_user(), make_product(name_it="Panettone", is_on_sale=False)
        composition = make_composition(user, [product])

        with pytest.raises(service.NotOnSale) as refusal:
            submit(user, [composition])

        assert refusal.value.names == ("Panettone",)

    def test_what_does_not_fit_is_refused(self, app: Flask) -> None:
        user, tall = make_user(), make_product(height_mm=900, length_mm=900, width_mm=900)

        with pytest.raises(service.DoesNotFit):
            submit(user, [make_composition(user, [tall])])

    def test_an_extra_below_its_smallest_number_is_refused(self, app: Flask) -> None:
        user, extra = make_user(), make_extra(min_quantity=100)
        composition = make_composition(user, quantity=99, extra_ids=[extra.id])

        with pytest.raises(service.TooFewForExtra):
            submit(user, [composition])

    def test_nothing_is_no_request(self, app: Flask) -> None:
        with pytest.raises(service.NothingRequested):
            submit(make_user(), [])

    def test_quotes_are_numbered_without_gaps(self, app: Flask) -> None:
        assert [make_request().reference for _ in range(3)] == [
            "P-2026-0001",
            "P-2026-0002",
            "P-2026-0003",
        ]


class TestClock:
    def test_starts_at_once_for_a_confirmed_address(self, app: Flask) -> None:
        quote = make_request()

        assert quote.answer_due_at == add_business_hours(NOW, settings.current().answer_hours)

    def test_starts_when_the_address_is_confirmed(self, app: Flask) -> None:
        user = make_user(email_confirmed_at=None)
        quote = make_request(user)
        waiting = quote.answer_due_at
        later = NOW + timedelta(days=1)

        accounts.confirm_email(user.id, now=later)
        db.session.commit()

        assert waiting is None
        assert quote.answer_due_at == add_business_hours(later, settings.current().answer_hours)

    def test_stands_still_while_the_buyer_owes_an_answer(self, app: Flask) -> None:
        quote = make_request()
        asked, answered = NOW + timedelta(hours=3), NOW + timedelta(days=2)
        left = settings.current().answer_hours - 3

        service.ask(quote, actor_id=make_user().id, comment="Quante sedi?", now=asked)
        stopped = quote.answer_due_at
        service.answer(quote, actor_id=quote.requested_by_id, body="Tre", now=answered)

        assert stopped is None
        assert quote.answer_due_at == add_business_hours(answered, left)
