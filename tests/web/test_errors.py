"""What goes wrong is said in words, on a page or as a problem in JSON, with a way on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.quotes import queries, service
from gifting.web.door import MAX_BODY
from gifting.web.lifecycles import LIFECYCLES
from gifting.web.refusals import SENTENCES
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.orders import make_accepted_order
from tests.support.quotes import make_offer, prepare, send

JSON = {"Accept": "application/json"}
PROBLEM = "application/problem+json"


@pytest.fixture
def clumsy(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser whose home page breaks, and nothing stops a test from seeing what is shown."""
    app = client.application
    monkeypatch.setitem(app.view_functions, "catalogue.home", lambda: 1 / 0)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", 0)
    return client


class TestWords:
    @pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda x: x.name)
    def test_every_state_is_named_to_whoever_asked_for_what_it_does_not_have(self, lifecycle):
        assert set(SENTENCES[type(lifecycle.initial)]) == set(lifecycle.states)


class TestProblems:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/niente", 404),
            ("GET", "/preventivi", 401),
            ("POST", "/prodotti", 405),
            ("POST", "/conferma", 400),
        ],
    )
    def test_say_in_json_what_the_page_says(
        self, client: FlaskClient, method: str, path: str, status: int
    ) -> None:
        answer = client.open(path, method=method, headers=JSON)

        problem = answer.get_json()
        assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
        assert (problem["type"], problem["status"]) == ("about:blank", status)
        assert problem["instance"] == path
        assert problem["title"]
        assert problem["detail"]
        assert "Accept" in answer.headers["Vary"]

    def test_a_crash_says_nothing_of_itself(self, clumsy: FlaskClient) -> None:
        answer = clumsy.get("/", headers=JSON)

        assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
        assert "division" not in answer.text

    def test_a_crash_shows_its_page_to_a_browser(self, clumsy: FlaskClient) -> None:
        answer = clumsy.get("/", headers={"Accept": "text/html"})

        assert answer.status_code == 500
        assert "Qualcosa si è rotto" in answer.text

    @pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "*/*", ""])
    def test_browsers_get_the_page(self, client: FlaskClient, accept: str) -> None:
        answer = client.get("/niente", headers={"Accept": accept})

        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "Questa pagina non c’è" in answer.text

    def test_what_may_be_asked_instead_of_a_method_stays_in_its_header(
        self, client: FlaskClient
    ) -> None:
        assert "GET" in client.post("/prodotti").headers["Allow"]

    def test_the_wrong_role_is_told_so(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.FINANCE))

        answer = client.get("/ufficio/preventivi", headers=JSON)

        assert (answer.status_code, answer.get_json()["status"]) == (403, 403)


class TestRefusals:
    def test_name_the_state_and_lead_to_the_record(self, client: FlaskClient) -> None:
        buyer = make_user()
        make_accepted_order(buyer)
        sign_in(client, buyer)

        answer = client.post("/preventivi/P-2026-0001/rifiuto", data={"reason": "Caro"})

        assert answer.status_code == 409
        assert "Questo preventivo è già stato accettato" in answer.text
        assert 'href="/preventivi/P-2026-0001"' in answer.text

    def test_lead_staff_to_the_page_of_the_office(self, client: FlaskClient) -> None:
        make_accepted_order()
        sign_in(client, make_user(Role.SALES))

        answer = client.post("/ufficio/preventivi/P-2026-0001/prepara")

        assert answer.status_code == 409
        assert 'href="/ufficio/preventivi/P-2026-0001"' in answer.text

    def test_tell_a_program_the_state_and_what_it_may_do(self, client: FlaskClient) -> None:
        quote = make_offer()
        sign_in(client, make_user(Role.SALES))

        answer = client.post(
            f"/ufficio/preventivi/{quote.reference}/chiarimento",
            data={"comment": "Quanti?"},
            headers=JSON,
        )

        problem = answer.get_json()
        assert answer.status_code == 409
        assert problem["state"] == "sent"
        assert problem["allowed"] == ["accept", "revise", "withdraw"]
        assert "aspetta una decisione" in problem["detail"]


class TestOlderOffers:
    """Whoever answers an offer names the revision they read."""

    @pytest.fixture
    def renewed(self, app: Flask, client: FlaskClient) -> str:
        """The reference of a quote with a second offer, its buyer signed in."""
        buyer, sales = make_user(), make_user(Role.SALES)
        quote = make_offer(buyer, sales)
        prepare(quote, sales)
        send(quote, sales)
        sign_in(client, buyer)
        return quote.reference

    @pytest.mark.parametrize("move", ["rifiuto", "modifiche"])
    def test_answering_one_that_was_replaced_leads_to_the_newer(
        self, client: FlaskClient, renewed: str, move: str
    ) -> None:
        sent = {"reason": "Troppo caro", "revision": "1"}

        answer = client.post(f"/preventivi/{renewed}/{move}", data=sent)

        assert answer.status_code == 409
        assert "C’è un’offerta più nuova, la revisione 2" in answer.text
        assert f'href="/preventivi/{renewed}"' in answer.text

    @pytest.mark.parametrize("move", ["rifiuto", "modifiche"])
    def test_answering_the_newer_is_taken(
        self, client: FlaskClient, renewed: str, move: str
    ) -> None:
        page = client.get(f"/preventivi/{renewed}/{move}")
        assert 'name="revision" type="hidden" value="2"' in page.text

        answer = client.post(
            f"/preventivi/{renewed}/{move}", data={"reason": "Troppo caro", "revision": "2"}
        )

        assert answer.status_code == 302

    @pytest.mark.parametrize("move", ["rifiuto", "modifiche"])
    @pytest.mark.parametrize("revision", [None, "", "x", "0"])
    def test_an_answer_that_names_no_revision_is_not_understood(
        self, client: FlaskClient, renewed: str, move: str, revision: str | None
    ) -> None:
        sent = {"reason": "Troppo caro"} | ({} if revision is None else {"revision": revision})

        assert client.post(f"/preventivi/{renewed}/{move}", data=sent).status_code == 400

    @pytest.mark.parametrize("move", [service.decline, service.ask_change])
    def test_the_service_refuses_it_too(self, app: Flask, renewed: str, move) -> None:
        quote = queries.lock_quote(renewed, company_id=None)

        with pytest.raises(service.NewerOfferExists) as refusal:
            move(
                quote,
                revision_number=1,
                actor_id=quote.requested_by_id,
                reason="No",
                now=NOW,
            )

        assert refusal.value.current == 2
        db.session.rollback()


class TestTooLarge:
    def test_leads_back_to_the_page_of_the_form(self, client: FlaskClient) -> None:
        answer = client.post(
            "/accedi",
            data=b"a=" + b"x" * MAX_BODY,
            content_type="application/x-www-form-urlencoded",
            headers={"Referer": "http://127.0.0.1:8000/accedi"},
        )

        assert answer.status_code == 413
        assert 'href="http://127.0.0.1:8000/accedi">Torna alla pagina' in answer.text

    def test_leads_to_no_page_of_others(self, client: FlaskClient) -> None:
        answer = client.post(
            "/accedi",
            data=b"a=" + b"x" * MAX_BODY,
            content_type="application/x-www-form-urlencoded",
            headers={"Referer": "https://altrove.example/"},
        )

        assert 'href="/">Torna alla pagina' in answer.text


class TestOffice:
    """Staff who lose their way in the office are still in the office."""

    def test_a_page_that_is_not_there_leads_back_to_its_list(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.SALES))

        page = client.get("/ufficio/ordini/O-2026-9999")

        assert page.status_code == 404
        assert '<aside class="side"' in page.text
        assert '<a class="btn btn-1" href="/ufficio/ordini">Torna a «Ordini»</a>' in page.text
        assert "taralli" not in page.text

    def test_an_address_that_nobody_has_leads_to_the_beginning(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.OPERATIONS))

        page = client.get("/ufficio/niente").text

        assert '<aside class="side"' in page
        assert '<a class="btn btn-1" href="/ufficio">Vai all’inizio</a>' in page

    def test_the_wrong_role_is_told_whom_to_ask(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.OPERATIONS))

        page = client.get("/ufficio/persone")

        assert page.status_code == 403
        assert '<aside class="side"' in page.text
        assert "chiedi a chi amministra l’ufficio" in page.text
        assert "azienda" not in page.text

    def test_a_move_that_is_over_leads_to_its_record(self, client: FlaskClient) -> None:
        make_accepted_order()
        sign_in(client, make_user(Role.SALES))

        page = client.post("/ufficio/preventivi/P-2026-0001/prepara").text

        assert '<aside class="side"' in page
        assert 'href="/ufficio/preventivi/P-2026-0001">Guarda a che punto è' in page

    def test_a_crash_leads_back_into_the_office(self, clumsy: FlaskClient, monkeypatch) -> None:
        sign_in(clumsy, make_user(Role.SALES))
        monkeypatch.setitem(clumsy.application.view_functions, "orders.staff_list", lambda: 1 / 0)

        assert 'href="/ufficio">' in clumsy.get("/ufficio/ordini").text

    @pytest.mark.parametrize("role", [Role.BUYER, None])
    def test_everybody_else_sees_the_public_frame(self, client: FlaskClient, role) -> None:
        if role:
            sign_in(client, make_user(role))

        page = client.get("/ufficio/niente").text

        assert '<aside class="side"' not in page
        assert "taralli" in page

    def test_a_program_reads_the_same_words(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.OPERATIONS))

        problem = client.get("/ufficio/persone", headers=JSON).get_json()

        assert "chi amministra l’ufficio" in problem["detail"]
