"""Who guesses passwords is slowed down; nobody can be locked out of their account by it."""

from dataclasses import replace
from itertools import count

import pytest

from gifting.platform import settings
from tests.support.accounts import PASSWORD, make_user

DEVICE = "gifting-8000-device"
WRONG = "non è questa la frase"


_networks = count(1)


@pytest.fixture(autouse=True)
def _as_in_production(app, monkeypatch):
    """Count with the rates of production."""
    unscaled = replace(app.config["SETTINGS"], rate_factor=1)
    monkeypatch.setattr(settings, "current", lambda: unscaled)


@pytest.fixture
def home():
    """An address of a network from which nobody has tried yet."""
    return f"198.51.{next(_networks)}.1"


def try_pair(client, email, password=WRONG, *, of):
    return client.post(
        "/accedi",
        data={"email": email, "password": password},
        environ_base={"REMOTE_ADDR": of},
    )


def tries(client, email, times, *, of):
    return [try_pair(client, email, of=of).status_code for _ in range(times)]


def lets_in(client, email, *, of) -> bool:
    """Tell whether the right pair lets in from there, and leave again."""
    status = try_pair(client, email, PASSWORD, of=of).status_code
    client.post("/esci", environ_base={"REMOTE_ADDR": of})
    return status == 302


class TestGuessing:
    def test_stops_after_the_fifth_wrong_pair_from_one_network(self, client, home):
        email = make_user().email

        assert tries(client, email, 6, of=home) == [422] * 5 + [429]
        assert not lets_in(client, email, of=home)

    def test_of_a_stranger_elsewhere_does_not_stop_the_owner(self, client, home):
        email = make_user().email
        tries(client, email, 9, of="203.0.113.66")

        assert lets_in(client, email, of=home)

    def test_from_many_networks_stops_all_but_the_devices_of_the_owner(self, client, home):
        email = make_user().email
        assert lets_in(client, email, of=home)
        known = client.get_cookie(DEVICE, domain="127.0.0.1").value
        client.delete_cookie(DEVICE, domain="127.0.0.1")
        for number in range(121):
            try_pair(client, email, of=f"203.0.112.{number}")
        assert not lets_in(client, email, of=home)

        client.set_cookie(DEVICE, known, domain="127.0.0.1")
        assert lets_in(client, email, of=home)

    def test_from_one_network_at_many_addresses_stops(self, client, home):
        pages = [try_pair(client, f"chi{number}@example.com", of=home) for number in range(61)]

        assert [page.status_code for page in pages] == [422] * 60 + [429]

    def test_counts_the_addresses_of_one_ipv6_network_as_one(self, client):
        email = make_user().email
        pages = [try_pair(client, email, of=f"2001:db8:1:2::{number}") for number in range(6)]

        assert [page.status_code for page in pages] == [422] * 5 + [429]
        assert lets_in(client, email, of="2001:db8:1:3::1")

    def test_is_slowed_on_a_known_device_too(self, client, home):
        email = make_user().email
        assert lets_in(client, email, of=home)

        assert tries(client, email, 11, of=home) == [422] * 10 + [429]

    def test_is_not_helped_by_somebody_elses_device(self, client, home):
        assert lets_in(client, make_user().email, of=home)

        assert tries(client, make_user().email, 6, of=home) == [422] * 5 + [429]

    def test_is_not_helped_by_a_made_up_device(self, client, home):
        client.set_cookie(DEVICE, "made.up.cookie", domain="127.0.0.1")

        assert tries(client, make_user().email, 6, of=home) == [422] * 5 + [429]

    def test_does_not_count_right_pairs(self, client, home):
        email = make_user().email
        for _ in range(8):
            client.delete_cookie(DEVICE, domain="127.0.0.1")
            assert lets_in(client, email, of=home)

    def test_leaves_the_way_by_letter(self, client, home):
        email = make_user().email
        tries(client, email, 6, of=home)

        page = client.post(
            "/accedi/link", data={"email": email}, environ_base={"REMOTE_ADDR": home}
        )
        assert page.status_code == 200

    def test_is_told_when_to_try_again(self, client, home):
        email = make_user().email
        tries(client, email, 5, of=home)

        page = try_pair(client, email, of=home)
        assert 0 < int(page.headers["Retry-After"]) <= 3600
