"""Two takers never share a piece."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from gifting.catalogue.models import Product
from gifting.catalogue.service import release_stock, reserve_stock
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.support.catalogue import make_product


def reserved(product_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Product, product_id, populate_existing=True).reserved


class TestReserving:
    def test_takes_what_is_asked_while_there_is_enough(self, app: Flask) -> None:
        product = make_product(on_hand=10, reserved=2)

        with transaction():
            taken = reserve_stock(product.id, 5)

        assert taken == 5
        assert reserved(product.id) == 7

    def test_takes_what_is_left_when_there_is_less(self, app: Flask) -> None:
        product = make_product(on_hand=10, reserved=7)

        with transaction():
            taken = reserve_stock(product.id, 5)

        assert taken == 3
        assert reserved(product.id) == 10

    def test_takes_nothing_when_nothing_is_free(self, app: Flask) -> None:
        product = make_product(on_hand=4, reserved=4)

        assert reserve_stock(product.id, 1) == 0

    def test_takes_nothing_for_nothing(self, app: Flask) -> None:
        product = make_product(on_hand=4)

        assert reserve_stock(product.id, 0) == 0
        assert reserved(product.id) == 0

    def test_two_takers_at_once_share_out_what_there_is(self, app: Flask) -> None:
        product_id = make_product(on_hand=10).id
        start = Barrier(2)

        def take(_: int) -> int:
            with app.app_context(), transaction():
                start.wait(timeout=10)
                return reserve_stock(product_id, 7)

        with ThreadPoolExecutor(2) as pool:
            taken = sorted(pool.map(take, range(2)))

        assert taken == [3, 7]
        assert reserved(product_id) == 10


class TestReleasing:
    def test_gives_pieces_back(self, app: Flask) -> None:
        product = make_product(on_hand=10, reserved=7)

        with transaction():
            release_stock(product.id, 4)

        assert reserved(product.id) == 3

    def test_refuses_to_give_back_more_than_was_taken(self, app: Flask) -> None:
        product = make_product(on_hand=10, reserved=2)

        with pytest.raises(IntegrityError, match="stock_not_negative"), transaction():
            release_stock(product.id, 3)
