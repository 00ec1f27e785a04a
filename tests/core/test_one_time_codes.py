"""Codes by the clock."""

from datetime import timedelta

import pytest
from pyotp import TOTP

from gifting.core.one_time_codes import CodeError, address_of, check_code, draw_secret
from tests.conftest import NOW

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STEP = timedelta(seconds=30)


def code(steps_away: int = 0) -> str:
    return TOTP(SECRET).at(NOW + steps_away * STEP)


def check(typed: str, last_step: int | None = None):
    return check_code(SECRET, typed, now=NOW, last_step=last_step)


@pytest.mark.parametrize("steps_away", [-1, 0, 1])
def test_a_code_of_now_or_of_a_step_beside_is_right(steps_away):
    assert check(code(steps_away)).step == int(NOW.timestamp()) // 30 + steps_away


@pytest.mark.parametrize("steps_away", [-2, -10])
def test_an_older_one_is_called_expired(steps_away):
    assert check(code(steps_away)) == (None, CodeError.EXPIRED)


@pytest.mark.parametrize("steps_away", [2, -11])
def test_one_from_elsewhere_is_wrong(steps_away):
    assert check(code(steps_away)) == (None, CodeError.WRONG)


@pytest.mark.parametrize("typed", ["", "12345", "not six", "１２３４５６", "0" * 300])
def test_what_is_no_code_is_wrong(typed):
    assert check(typed).error is CodeError.WRONG


def test_spaces_do_not_matter():
    assert check(f" {code()[:3]} {code()[3:]} ").error is None


def test_a_step_counts_once_and_so_does_every_one_before_it():
    used = check(code()).step

    assert check(code(), used).error is CodeError.USED
    assert check(code(-1), used).error is CodeError.USED
    assert check(code(1), used).error is None


def test_apps_are_told_who_it_is_for():
    address = address_of(SECRET, account="chiara@example.com", issuer="Viale dei Mille")

    assert address.startswith("otpauth://totp/Viale%20dei%20Mille:chiara%40example.com?")
    assert f"secret={SECRET}" in address


def test_a_secret_has_160_bits_and_no_two_are_alike():
    assert len(draw_secret()) * 5 == 160
    assert draw_secret() != draw_secret()
