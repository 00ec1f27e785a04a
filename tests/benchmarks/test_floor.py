"""The floor of a page renders it, and does nothing else."""

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.floor import bare
from gifting.core.roles import Role
from tests.support.accounts import make_user, sign_in
from tests.support.quotes import make_request


def test_shows_a_staff_page_without_a_database(app: Flask, client: FlaskClient) -> None:
    make_request()
    sign_in(client, make_user(Role.SALES))
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = f"{name}={client.get_cookie(name, domain='127.0.0.1').value}"

    floor = bare(app, {"/ufficio/preventivi": cookie}).test_client(use_cookies=False)
    page = floor.get("/ufficio/preventivi")

    assert page.status_code == 200
    assert "P-2026-" in page.text
