"""A hamper at its open address, and changes that are sent twice."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from gifting.accounts.models import UserSession
from gifting.hampers import queries, service
from gifting.hampers.models import Hamper
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_product
from tests.support.hampers import VISITOR_KEY, as_visitor, make_hamper, owner_of
from tests.support.queries import count_queries

LINK = re.compile(r'value="(http[^"]+/condiviso/[^"]+)"')


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    return as_visitor(client)


def post(client: FlaskClient, hamper: Hamper, **fields: Any) -> str:
    """Press a button of the builder; return the page that comes back."""
    answer = client.post(f"/cesti/{hamper.key}", data=fields, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def open_address(client: FlaskClient, hamper: Hamper) -> str:
    """Share the hamper; return the path of its open address, as the page shows it."""
    return "/" + LINK.search(post(client, hamper, share="1"))[1].split("/", 3)[3]


def contents(hamper: Hamper) -> dict[int, int]:
    db.session.expire_all()
    read = sa.select(Hamper).where(Hamper.id == hamper.id).options(*queries.WITH_CONTENTS)
    return {line.product_id: line.quantity for line in db.session.scalars(read).one().lines}


class TestSharing:
    def test_the_page_shows_the_link_when_asked_and_until_when(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        page = post(visitor, hamper, share="1")
        assert "Vale fino al 2 dicembre 2026." in re.sub(r"\s+", " ", page.replace("\xa0", " "))
        assert LINK.search(post(visitor, hamper, share="1"))[1] == LINK.search(page)[1]
        assert not LINK.search(visitor.get(f"/cesti/{hamper.key}").get_data(as_text=True))

    def test_from_the_list_it_leads_to_the_link(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        assert LINK.search(post(visitor, hamper, share="1", from_list="1"))

    def test_a_stranger_reads_it_and_changes_nothing(
        self, client: FlaskClient, visitor: FlaskClient
    ) -> None:
        hamper = make_hamper((make_product(name_it="Taralli"), 2), quantity=60)
        address = open_address(visitor, hamper)
        as_visitor(client, "somebody-else")
        answer = client.get(address)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "Taralli" in page
        assert "60 cesti, netto" in page
        assert "noindex" in page
        assert f"/cesti/{hamper.key}" not in page
        forms = re.findall(r'<form[^>]* action="([^"]+)"', page.split("<main")[1])
        assert forms == [f"{address}/copia"]

    def test_a_stranger_takes_a_copy_of_their_own(
        self, client: FlaskClient, visitor: FlaskClient
    ) -> None:
        product = make_product()
        hamper = make_hamper((product, 2), owner=None, quantity=60)
        address = open_address(visitor, hamper)
        with client.session_transaction() as session:
            session.clear()
        page = client.post(f"{address}/copia", follow_redirects=True).get_data(as_text=True)
        assert "<h1>Natale in Meridiana, copia</h1>" in page
        copy = db.session.scalars(sa.select(Hamper).where(Hamper.id != hamper.id)).one()
        assert contents(copy) == {product.id: 2}
        assert (copy.is_shared, copy.quantity) == (False, 60)
        assert copy.visitor_key != VISITOR_KEY

    def test_a_colleague_is_led_to_the_hamper_itself(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(make_product(), owner=chiara)
        address = open_address(sign_in(client, chiara), hamper)
        sign_in(client, make_user(company_id=chiara.company_id))
        assert f'href="/cesti/{hamper.key}"' in client.get(address).get_data(as_text=True)
        post(client, hamper, quantity="9")
        sign_in(client, make_user())
        page = client.get(address).get_data(as_text=True)
        assert f"/cesti/{hamper.key}" not in page
        assert "Lavori con chi" not in page
        assert client.post(f"/cesti/{hamper.key}", data={"quantity": "8"}).status_code == 404

    def test_a_closed_or_wrong_address_says_what_to_do(
        self, client: FlaskClient, visitor: FlaskClient
    ) -> None:
        hamper = make_hamper(make_product())
        address = open_address(visitor, hamper)
        post(visitor, hamper, unshare="1")
        for path in (address, "/condiviso/di-nessuno"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "Componi un cesto" in answer.get_data(as_text=True)
            assert client.post(f"{path}/copia").status_code == 404
        assert db.session.scalar(sa.select(sa.func.count(Hamper.id))) == 1

    def test_a_colleague_neither_sees_nor_closes_the_address(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(make_product(), owner=chiara)
        with transaction():
            service.share(hamper, owner=owner_of(chiara), now=NOW)
        sign_in(client, make_user(company_id=chiara.company_id))
        assert client.post(f"/cesti/{hamper.key}", data={"share": "1"}).status_code == 403
        assert client.post(f"/cesti/{hamper.key}", data={"unshare": "1"}).status_code == 403

    def test_reading_asks_little_of_the_database(
        self, client: FlaskClient, visitor: FlaskClient
    ) -> None:
        hamper = make_hamper(*(make_product() for _ in range(6)))
        address = open_address(visitor, hamper)
        client.get(address)
        with count_queries() as statements:
            client.get(address)
        assert len(statements) <= 9, statements


class TestAChangeSentTwice:
    def test_is_made_once(self, visitor: FlaskClient) -> None:
        product = make_product()
        hamper = make_hamper(product)
        for _ in range(2):
            post(visitor, hamper, add=product.sku, change="a1b2")
        assert contents(hamper) == {product.id: 2}
        post(visitor, hamper, add=product.sku, change="c3d4")
        assert contents(hamper) == {product.id: 3}

    def test_blames_no_other_window(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        sent = {"quantity": "5", "change": "a1b2", "version": str(hamper.version)}
        post(visitor, hamper, **sent)
        assert "Nel frattempo" not in post(visitor, hamper, **sent)

    def test_one_that_was_refused_may_come_again(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        sent = {"box": "none", "change": "a1b2"}
        assert visitor.post(f"/cesti/{hamper.key}", data=sent).status_code == 400
        db.session.refresh(hamper)
        assert hamper.recent_changes == []

    def test_only_the_last_marks_are_kept(self, visitor: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        for serial in range(service.CHANGES_KEPT + 1):
            assert service.note_change(hamper, str(serial))
        assert len(hamper.recent_changes) == service.CHANGES_KEPT
        assert not service.note_change(hamper, "1")

    def test_a_long_mark_is_no_trouble(self, visitor: FlaskClient) -> None:
        post(visitor, make_hamper(make_product()), quantity="5", change="x" * 4000)


class TestWhoseSessionEnded:
    def test_signs_in_again_and_comes_back(self, client: FlaskClient) -> None:
        chiara = make_user()
        hamper = make_hamper(make_product(), owner=chiara)
        sign_in(client, chiara)
        client.get(f"/cesti/{hamper.key}")
        db.session.execute(sa.update(UserSession).values(ended_at=NOW))
        db.session.commit()
        for answer in (
            client.get(f"/cesti/{hamper.key}"),
            client.post(f"/cesti/{hamper.key}", data={"quantity": "9"}),
        ):
            assert answer.status_code == 302
            assert answer.location == f"/accedi?next=/cesti/{hamper.key}"
