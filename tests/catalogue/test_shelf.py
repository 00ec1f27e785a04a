"""The shelf is read once, and again as soon as anything about it has changed."""

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.catalogue.models import Producer, Product, ProductPrice, ProductVat
from gifting.catalogue.queries import ProductFacts, list_shelf, read_shelf
from gifting.catalogue.queries.shelf import STAMPED
from gifting.platform.db import Base, db
from gifting.platform.uow import transaction
from tests.catalogue.test_pages import load_sample
from tests.conftest import NOW
from tests.support.queries import count_queries

TODAY = NOW.date()


@pytest.fixture
def first(app: Flask) -> ProductFacts:
    load_sample()
    return list_shelf(on=TODAY)[0]


def again(first: ProductFacts) -> ProductFacts | None:
    return next((facts for facts in list_shelf(on=TODAY) if facts.id == first.id), None)


class TestTheShelf:
    @pytest.mark.parametrize("table", STAMPED, ids=lambda table: table.__tablename__)
    def test_is_another_one_after_a_change_of_each_table_it_stands_on(
        self, first: ProductFacts, table: type[Base]
    ) -> None:
        shelf = read_shelf(TODAY)
        assert read_shelf(TODAY) is shelf
        with transaction():
            db.session.execute(sa.update(table).values(id=table.id))

        assert read_shelf(TODAY) is not shelf

    def test_is_not_read_again_while_nothing_changes(self, first: ProductFacts) -> None:
        with count_queries() as queries:
            shelf = list_shelf(on=TODAY)

        assert shelf[0] is first
        assert len(queries) == 1

    def test_is_read_again_when_pieces_are_reserved(self, first: ProductFacts) -> None:
        with transaction():
            db.session.get_one(Product, first.id).reserved += 1

        assert again(first).available == first.available - 1

    def test_is_read_again_when_a_price_changes(self, first: ProductFacts) -> None:
        with transaction():
            db.session.execute(sa.update(ProductPrice).values(list_net=ProductPrice.list_net + 1))

        assert again(first).list_net == first.list_net + 1

    def test_is_read_again_when_a_rate_is_taken_away(self, first: ProductFacts) -> None:
        with transaction():
            db.session.execute(sa.delete(ProductVat).where(ProductVat.product_id == first.id))

        assert again(first) is None

    def test_is_read_again_when_a_maker_moves(self, first: ProductFacts) -> None:
        with transaction():
            db.session.execute(sa.update(Producer).values(city="Altrove"))

        assert again(first).city == "Altrove"

    def test_is_read_again_inside_the_transaction_that_changes_it_twice(
        self, first: ProductFacts
    ) -> None:
        with transaction():
            for times in (1, 2):
                db.session.get_one(Product, first.id).on_hand += 1

                assert again(first).available == first.available + times

    def test_is_read_again_for_the_earlier_of_two_writers_who_commits_last(
        self, first: ProductFacts
    ) -> None:
        other = list_shelf(on=TODAY)[1]
        with db.engine.connect() as earlier, db.engine.connect() as later:
            write = sa.update(Product).values(on_hand=Product.on_hand + 1)
            earlier.execute(write.where(Product.id == first.id))
            later.execute(write.where(Product.id == other.id))
            later.commit()
            db.session.rollback()
            before = again(first)
            earlier.commit()
        db.session.rollback()

        assert before.available == first.available
        assert again(first).available == first.available + 1
