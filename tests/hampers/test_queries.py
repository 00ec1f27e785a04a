from dataclasses import astuple

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from gifting.hampers import queries
from gifting.hampers.models import Hamper
from gifting.hampers.queries import Owner
from tests.support.accounts import make_user
from tests.support.hampers import VISITOR_KEY, make_hamper, owner_of

STRANGER = Owner(visitor_key="another-browser")


def get(hamper: Hamper, owner: Owner) -> Hamper:
    company_id, user_id, visitor_key = astuple(owner)
    return queries.get_hamper(
        hamper.key, company_id=company_id, user_id=user_id, visitor_key=visitor_key
    )


class TestWhoSeesAHamper:
    def test_a_visitor_sees_their_own(self, app: Flask) -> None:
        hamper = make_hamper()
        assert get(hamper, Owner(visitor_key=VISITOR_KEY)) is hamper

    @pytest.mark.parametrize("owner", [STRANGER, Owner(), Owner(visitor_key="")])
    def test_another_browser_does_not(self, app: Flask, owner: Owner) -> None:
        hamper = make_hamper()
        with pytest.raises(NoResultFound):
            get(hamper, owner)

    def test_a_persons_hamper_is_theirs_alone_until_they_share_it(self, app: Flask) -> None:
        chiara = make_user()
        colleague = make_user(company_id=chiara.company_id)
        hamper = make_hamper(owner=chiara)
        assert get(hamper, owner_of(chiara)) is hamper
        with pytest.raises(NoResultFound):
            get(hamper, owner_of(colleague))
        hamper.is_shared = True
        assert get(hamper, owner_of(colleague)) is hamper

    def test_sharing_never_crosses_to_another_company(self, app: Flask) -> None:
        hamper = make_hamper(owner=make_user(), is_shared=True)
        with pytest.raises(NoResultFound):
            get(hamper, owner_of(make_user()))

    def test_a_visitor_with_no_company_sees_no_companys_hamper(self, app: Flask) -> None:
        hamper = make_hamper(owner=make_user(), is_shared=True)
        with pytest.raises(NoResultFound):
            get(hamper, Owner(visitor_key=VISITOR_KEY))

    def test_a_deleted_hamper_is_found_only_to_bring_it_back(self, app: Flask) -> None:
        chiara = make_user()
        hamper = make_hamper(owner=chiara)
        hamper.deleted_at = hamper.created_at
        with pytest.raises(NoResultFound):
            get(hamper, owner_of(chiara))
        assert queries.get_deleted_hamper(hamper.key, owner=owner_of(chiara)) is hamper
        assert queries.find_deleted_hamper(hamper.key, owner=STRANGER) is None


class TestTheList:
    def test_it_goes_on_where_the_page_before_ended(self, app: Flask) -> None:
        chiara = make_user()
        hampers = [make_hamper(owner=chiara, key=f"k{n}") for n in range(5)]
        who = {"company_id": chiara.company_id, "user_id": chiara.id, "visitor_key": None}
        first = queries.list_hampers(**who, limit=3)
        last = first[-1]
        rest = queries.list_hampers(**who, before=(last.updated_at, last.id))
        assert [h.key for h in first + rest] == [h.key for h in reversed(hampers)]

    def test_hampers_come_in_the_order_of_their_keys_and_only_ones_own(self, app: Flask) -> None:
        chiara = make_user()
        one, two = make_hamper(owner=chiara, key="one"), make_hamper(owner=chiara, key="two")
        other = make_hamper(owner=make_user(), key="other")
        found = queries.list_by_keys([two.key, other.key, one.key], owner=owner_of(chiara))
        assert found == [two, one]
