"""Two managers take each other's right at once: one of them stays."""

import multiprocessing

import pytest
import sqlalchemy as sa

from gifting.accounts.models import User
from gifting.accounts.service import people
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.processes import in_processes


@pytest.fixture(params=["company", "staff"])
def managers(app, request):
    """Two who manage the people of one company, or the staff."""
    if request.param == "staff":
        pair = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    else:
        first = make_user(Role.BUYER, is_company_admin=True)
        pair = first, make_user(Role.BUYER, company_id=first.company_id, is_company_admin=True)
    return pair[0].company_id, [user.id for user in pair]


def demote(company_id, user_id):
    with transaction():
        people.change_role(
            user_id,
            company_id=company_id,
            role=Role.SALES if company_id is None else Role.BUYER,
            is_company_admin=False,
            seen="administrator" if company_id is None else "buyer+admin",
            actor_id=user_id,
            now=NOW,
        )


def remove(company_id, user_id):
    with transaction():
        people.remove(user_id, company_id=company_id, actor_id=user_id, now=NOW)


def race(app, managers, verbs, *, prepare=lambda: None):
    """Let each manager lose their right in a process of its own; return how many did."""
    company_id, ids = managers

    def lose(number):
        prepare()
        try:
            verbs[number](company_id, ids[number])
        except people.LastManager:
            return False
        return True

    return sum(in_processes(app, len(ids), lose))


def count_managers(managers):
    company_id, ids = managers
    db.session.rollback()
    is_manager = User.role == Role.ADMINISTRATOR if company_id is None else User.is_company_admin
    return db.session.scalar(
        sa.select(sa.func.count()).where(User.id.in_(ids), User.is_active, is_manager)
    )


class TestTwoManagersAtOnce:
    @pytest.mark.parametrize(
        "verbs",
        [(demote, demote), (remove, remove), (demote, remove)],
        ids=["both demoted", "both removed", "one of each"],
    )
    def test_one_stays(self, app, managers, verbs):
        assert race(app, managers, verbs) == 1
        assert count_managers(managers) == 1

    def test_nobody_stays_when_the_lock_is_taken_away(self, app, managers):
        barrier = multiprocessing.get_context("fork").Barrier(2)

        def read_without_lock(company_id):
            ids = set(db.session.scalars(sa.select(User.id).where(User.company_id == company_id)))
            barrier.wait(30)
            return ids

        def unguard():
            people.lock_managers = read_without_lock  # in this process alone

        assert race(app, managers, (demote, demote), prepare=unguard) == 2
        assert count_managers(managers) == 0
