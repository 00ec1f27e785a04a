"""What is kept of people is said where they are asked for it, with the periods of the code."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from gifting.accounts.service import sessions
from tests.support.accounts import invitation_path, make_invitation, make_user
from tests.support.catalogue import make_product
from tests.support.hampers import VISITOR_KEY, make_hamper

PAGE = "/privacy"


class TestPage:
    def test_names_who_answers_for_it(self, client: FlaskClient) -> None:
        seller = client.application.config["SETTINGS"].seller

        page = client.get(PAGE)

        assert page.status_code == 200
        for known in (seller.name, seller.street, seller.vat_number, f"mailto:{seller.email}"):
            assert known in page.text

    def test_takes_its_periods_from_what_the_code_does(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sessions, "KEPT", timedelta(days=77))
        settings = replace(client.application.config["SETTINGS"], jobs_keep_days=66, backup_keep=5)
        monkeypatch.setitem(client.application.config, "SETTINGS", settings)

        page = client.get(PAGE).text

        assert "77 giorni dopo che ne sei uscito" in page
        assert "si tolgono dopo 66 giorni" in page
        assert "Le ultime 5 copie." in page

    def test_speaks_english(self, client: FlaskClient) -> None:
        client.get("/lingua/en")

        assert "How we use data" in client.get(PAGE).text


class TestWays:
    """A link on every public page, and beside each form that asks who somebody is."""

    def test_from_the_foot(self, client: FlaskClient) -> None:
        assert f'href="{PAGE}"' in client.get("/prodotti").text

    def test_from_an_invitation(self, client: FlaskClient) -> None:
        invitation = make_invitation(make_user(is_company_admin=True))

        page = client.get(invitation_path(invitation)).text

        assert f'Accettando dici di aver letto <a href="{PAGE}">come usiamo i dati</a>' in page

    def test_from_the_request(self, client: FlaskClient) -> None:
        hamper = make_hamper(make_product())
        with client.session_transaction() as session:
            session["visitor"] = VISITOR_KEY

        page = client.get(f"/preventivi/richiesta?cesto={hamper.key}").text

        assert f'href="{PAGE}" target="_blank">come usate i dati</a>' in page
