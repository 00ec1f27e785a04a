from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.catalogue import queries as catalogue
from gifting.core.calendar import rome_date
from gifting.hampers import queries, service
from gifting.hampers.models import Hamper
from gifting.hampers.queries import Owner
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.catalogue import make_box, make_extra, make_product
from tests.support.hampers import VISITOR_KEY, make_hamper, owner_of, reload

VISITOR = Owner(visitor_key=VISITOR_KEY)
LATER = NOW + timedelta(minutes=5)


def contents(hamper: Hamper) -> dict[int, int]:
    return {line.product_id: line.quantity for line in reload(hamper).lines}


class TestContents:
    def test_the_same_product_twice_is_two_pieces(self, app: Flask) -> None:
        product = make_product()
        hamper = make_hamper()
        service.add_product(hamper, product_id=product.id, now=LATER)
        service.add_product(hamper, product_id=product.id, now=LATER)
        db.session.commit()
        assert contents(hamper) == {product.id: 2}
        assert hamper.updated_at == LATER

    def test_no_pieces_takes_it_out(self, app: Flask) -> None:
        product, other = make_product(), make_product()
        hamper = make_hamper((product, 3), other)
        assert service.remove(hamper, product_id=product.id, now=LATER) == 3
        db.session.commit()
        assert contents(hamper) == {other.id: 1}

    def test_more_than_99_pieces_are_refused(self, app: Flask) -> None:
        product = make_product()
        hamper = make_hamper((product, 99))
        with pytest.raises(service.HamperIsFull):
            service.add_product(hamper, product_id=product.id, now=LATER)

    def test_emptying_says_what_was_there(self, app: Flask) -> None:
        product, other = make_product(), make_product()
        hamper = make_hamper((product, 2), other)
        assert service.empty(hamper, now=LATER) == {product.id: 2, other.id: 1}
        assert hamper.lines == []

    def test_a_swap_puts_one_piece_in_the_place_of_the_other(self, app: Flask) -> None:
        old, new = make_product(), make_product()
        hamper = make_hamper(old)
        service.swap_product(hamper, old_id=old.id, new_id=new.id, now=LATER)
        assert contents(hamper) == {new.id: 1}

    def test_every_change_raises_the_version_even_in_the_same_instant(self, app: Flask) -> None:
        hamper = make_hamper()
        before = hamper.version
        service.set_quantity(hamper, quantity=hamper.quantity, now=hamper.updated_at)
        assert hamper.version == before + 1

    def test_extras_are_exactly_those_chosen(self, app: Flask) -> None:
        card, ribbon, tag = make_extra(), make_extra(), make_extra()
        hamper = make_hamper(extras=(card, ribbon))
        service.set_extras(hamper, extra_ids=[ribbon.id, tag.id], now=LATER)
        db.session.commit()
        assert {extra.extra_id for extra in reload(hamper).extras} == {ribbon.id, tag.id}

    @pytest.mark.parametrize(("typed", "kept"), [(0, 1), (350, 350), (10**9, 100_000)])
    def test_the_number_of_hampers_stays_within_reason(
        self, app: Flask, typed: int, kept: int
    ) -> None:
        hamper = make_hamper()
        service.set_quantity(hamper, quantity=typed, now=LATER)
        assert hamper.quantity == kept

    def test_an_empty_name_leaves_the_old(self, app: Flask) -> None:
        hamper = make_hamper(name="Natale")
        service.rename(hamper, name="   ", now=LATER)
        assert hamper.name == "Natale"


class TestBeginnings:
    def test_the_first_product_gets_the_smallest_box_it_goes_into(self, app: Flask) -> None:
        make_box(sku="L", length_mm=460, width_mm=350, height_mm=260)
        medium = make_box(sku="M")
        make_box(sku="XS", length_mm=90, width_mm=90, height_mm=50)
        product = make_product()
        facts = catalogue.get_products({product.id}, on=rome_date(NOW))[product.id]
        hamper = service.start_with_product(
            owner=VISITOR, product=facts, quantity=1, name="Nuovo", now=NOW
        )
        assert hamper.box_id == medium.id
        assert contents(hamper) == {product.id: 1}

    def test_what_goes_into_no_box_is_refused(self, app: Flask) -> None:
        make_box()
        product = make_product(length_mm=900)
        facts = catalogue.get_products({product.id}, on=rome_date(NOW))[product.id]
        with pytest.raises(service.NoBoxFits):
            service.start_with_product(
                owner=VISITOR, product=facts, quantity=1, name="Nuovo", now=NOW
            )

    def test_keys_of_visitors_cannot_be_guessed(self) -> None:
        keys = {service.new_visitor_key() for _ in range(100)}
        assert len(keys) == 100
        assert min(map(len, keys)) >= 43  # 256 bits


class TestSharing:
    def test_a_copy_is_its_makers_own(self, app: Flask) -> None:
        chiara = make_user()
        colleague = make_user(company_id=chiara.company_id)
        product, card = make_product(), make_extra()
        hamper = make_hamper((product, 2), owner=chiara, extras=(card,), is_shared=True)
        copy = service.duplicate(hamper, owner=owner_of(colleague), name="Copia", now=LATER)
        assert (copy.owner_id, copy.is_shared) == (colleague.id, False)
        assert contents(copy) == {product.id: 2}
        assert [extra.extra_id for extra in copy.extras] == [card.id]

    def test_a_colleague_may_not_delete_or_unshare(self, app: Flask) -> None:
        chiara = make_user()
        colleague = owner_of(make_user(company_id=chiara.company_id))
        hamper = make_hamper(owner=chiara, is_shared=True)
        for verb in (service.delete, service.unshare, service.share):
            with pytest.raises(service.NotTheOwner):
                verb(hamper, owner=colleague, now=LATER)

    def test_what_a_visitor_shared_their_later_colleagues_may_change(self, app: Flask) -> None:
        hamper = make_hamper()
        service.share(hamper, owner=VISITOR, now=LATER)
        chiara = make_user()
        service.adopt(VISITOR_KEY, chiara.company_id, chiara.id, LATER)
        colleague = owner_of(make_user(company_id=chiara.company_id))
        assert queries.list_by_keys([hamper.key], owner=colleague) == [hamper]

    def test_an_open_address_works_for_a_month(self, app: Flask) -> None:
        hamper = make_hamper()
        service.share(hamper, owner=VISITOR, now=NOW)
        link = queries.find_link(hamper.id, now=NOW)
        token = service.link_token(link)
        assert len(token) >= 43  # 256 bits
        assert link.token_hash != token
        assert token not in link.sealed_token
        last = NOW + service.LINK_VALID_FOR
        assert queries.find_by_link(token, now=last - timedelta(seconds=1)) == (hamper, link)
        assert queries.find_by_link(token, now=last) is None
        service.share(hamper, owner=VISITOR, now=last)
        assert queries.find_by_link(token, now=last) is None, "another one follows it"

    def test_sharing_again_changes_nothing(self, app: Flask) -> None:
        hamper = make_hamper()
        service.share(hamper, owner=VISITOR, now=NOW)
        version, token = hamper.version, service.link_token(queries.find_link(hamper.id, now=NOW))
        service.share(hamper, owner=VISITOR, now=LATER)
        assert (hamper.version, hamper.updated_at) == (version, NOW)
        assert service.link_token(queries.find_link(hamper.id, now=NOW)) == token

    def test_an_address_is_closed_for_good(self, app: Flask) -> None:
        hamper = make_hamper()
        service.share(hamper, owner=VISITOR, now=NOW)
        token = service.link_token(queries.find_link(hamper.id, now=NOW))
        service.unshare(hamper, owner=VISITOR, now=NOW)
        assert queries.find_by_link(token, now=NOW) is None
        service.share(hamper, owner=VISITOR, now=NOW)
        assert service.link_token(queries.find_link(hamper.id, now=NOW)) != token

    def test_a_deleted_hamper_is_read_by_nobody(self, app: Flask) -> None:
        hamper = make_hamper()
        service.share(hamper, owner=VISITOR, now=NOW)
        token = service.link_token(queries.find_link(hamper.id, now=NOW))
        service.delete(hamper, owner=VISITOR, now=NOW)
        assert queries.find_by_link(token, now=NOW) is None

    def test_what_was_deleted_comes_back(self, app: Flask) -> None:
        hamper = make_hamper()
        service.delete(hamper, owner=VISITOR, now=LATER)
        assert hamper.deleted_at == LATER
        service.restore(hamper, owner=VISITOR, now=LATER)
        assert hamper.deleted_at is None


class TestAdopting:
    def test_a_visitors_hampers_become_the_persons_once(self, app: Flask) -> None:
        mine, another = make_hamper(key="a"), make_hamper(key="b", visitor_key="somebody-else")
        chiara = make_user()
        assert service.adopt(VISITOR_KEY, chiara.company_id, chiara.id, LATER) == 1
        assert service.adopt(VISITOR_KEY, chiara.company_id, chiara.id, LATER) == 0
        db.session.commit()
        assert (mine.company_id, mine.owner_id) == (chiara.company_id, chiara.id)
        assert (mine.visitor_key, mine.is_shared) == (None, False)
        assert another.visitor_key == "somebody-else"

    def test_a_hamper_has_exactly_one_kind_of_owner(self, app: Flask) -> None:
        hamper = make_hamper()
        hamper.visitor_key = None
        with pytest.raises(sa.exc.IntegrityError, match="has_one_kind_of_owner"):
            db.session.flush()
