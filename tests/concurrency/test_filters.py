"""Eight windows of one person keep views under the same names at once."""

from gifting.core.roles import Role
from gifting.platform.uow import transaction
from gifting.quotes import queries, service
from tests.support.accounts import make_user
from tests.support.processes import in_processes

WINDOWS = 8


def test_each_name_is_kept_once_and_no_window_fails(app):
    user_id = make_user(Role.SALES).id
    names = [f"Vista {number}" for number in range(service.MAX_FILTERS)]

    def keep_all(number):
        for name in names:
            with transaction():
                service.keep_filter(user_id, name=name, asked=f"cerca={number}")
        return "done"

    results = in_processes(app, WINDOWS, keep_all)

    assert results == ["done"] * WINDOWS
    assert sorted(one.name for one in queries.list_filters(user_id)) == sorted(names)
