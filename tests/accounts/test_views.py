"""Signing in and out, confirming, the profile, as a browser meets them."""

import re
from datetime import timedelta

import pytest

from gifting.accounts import queries, service
from gifting.accounts.tasks import CONFIRM_EMAIL
from gifting.accounts.views.admission import landing_endpoint
from gifting.core.roles import Role
from gifting.platform import clock, tokens
from gifting.platform.db import db
from tests.conftest import NOW
from tests.support.accounts import PASSWORD, make_user, sign_in

WRONG = "E-mail o password non tornano"


def post_pair(client, email, password=PASSWORD, target="/profilo"):
    return client.post(
        "/accedi", query_string={"next": target}, data={"email": email, "password": password}
    )


def without_token(page) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


def is_signed_in(client) -> bool:
    with client.session_transaction() as session:
        return "_user_id" in session


def session_cookie(page) -> str:
    cookies = page.headers.getlist("Set-Cookie")
    return next(cookie for cookie in cookies if "-device=" not in cookie)


class TestSignIn:
    def test_takes_a_buyer_where_they_were_going(self, client):
        page = post_pair(client, make_user().email)

        assert page.status_code == 302
        assert page.location == "/profilo"
        assert is_signed_in(client)

    @pytest.mark.parametrize(
        ("role", "endpoint"),
        [
            (Role.BUYER, "web.buyer_home"),
            (Role.FINANCE, "web.buyer_home"),
            (Role.SALES, "quotes.queue"),
            (Role.SALES_MANAGER, "quotes.queue"),
            (Role.ACCOUNTING, "billing.staff_list"),
            (Role.OPERATIONS, "backoffice.home"),
            (Role.ADMINISTRATOR, "backoffice.home"),
        ],
    )
    def test_each_role_begins_on_its_own_page(self, role, endpoint):
        assert landing_endpoint(role) == endpoint

    def test_gives_one_answer_for_a_wrong_password_and_an_unknown_address(self, client):
        email = make_user().email
        wrong = post_pair(client, email, "non è questa la frase")
        unknown = post_pair(client, "nessuno@example.com", "non è questa la frase")

        assert wrong.status_code == unknown.status_code == 422
        assert WRONG in wrong.text
        assert without_token(wrong).replace(email, "nessuno@example.com") == without_token(unknown)

    def test_keeps_the_address_and_not_the_password(self, client):
        page = post_pair(client, "chi@example.com", "non è questa la frase")

        assert 'value="chi@example.com"' in page.text
        assert "non è questa la frase" not in page.text

    def test_asks_for_what_was_left_empty(self, client):
        page = post_pair(client, "", "")

        assert page.status_code == 422
        assert "Scrivi la tua e-mail." in page.text
        assert "<title>Errore: Accedi" in page.text

    def test_refuses_whoever_was_switched_off(self, client):
        assert WRONG in post_pair(client, make_user(is_active=False).email).text
        assert not is_signed_in(client)

    def test_switching_a_person_off_ends_their_session(self, client):
        user = make_user()
        sign_in(client, user)
        assert client.get("/profilo").status_code == 200

        user.is_active = False
        db.session.commit()

        assert client.get("/profilo").status_code == 302

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "/\t/evil.example/",
            "\\/evil.example",
            "javascript:alert(1)",
            "profilo",
        ],
    )
    def test_leads_nowhere_but_here(self, client, target):
        page = client.get(f"/lingua/en?next={target}")
        assert page.location == "/"
        form = client.get("/accedi", query_string={"next": target}).text
        assert "evil" not in re.search(r'<form method="post" action="([^"]*)"', form)[1]

    def test_leaves_behind_the_session_it_found_but_for_language_and_hampers(self, client):
        with client.session_transaction() as session:
            session.update(language="en", visitor="k", csrf_token="planted", other="x")

        post_pair(client, make_user().email)

        with client.session_transaction() as session:
            assert session["language"] == "en"
            assert session["visitor"] == "k"
            assert session.get("csrf_token") != "planted"
            assert "other" not in session

    def test_lasts_as_long_as_the_browser_unless_asked_to_remember(self, client):
        user = make_user()
        assert "Expires" not in session_cookie(post_pair(client, user.email))

        client.post("/esci")
        data = {"email": user.email, "password": PASSWORD, "remember": "y"}
        assert "Expires" in session_cookie(client.post("/accedi?next=/profilo", data=data))

    def test_a_post_without_csrf_token_is_refused(self, client):
        email = make_user().email
        client.application.config["WTF_CSRF_ENABLED"] = True

        assert post_pair(client, email).status_code == 400
        assert not is_signed_in(client)

    def test_the_token_of_its_page_lets_a_post_through(self, client):
        email = make_user().email
        client.application.config["WTF_CSRF_ENABLED"] = True
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/accedi").text)[1]

        data = {"email": email, "password": PASSWORD, "csrf_token": token}
        assert client.post("/accedi?next=/profilo", data=data).status_code == 302

    def test_reminds_whoever_has_not_confirmed(self, client):
        post_pair(client, make_user(email_confirmed_at=None).email)

        page = client.get("/profilo").text
        assert "Conferma il tuo indirizzo" in page
        assert "Manda di nuovo il link" in page
        assert "con il link che ti abbiamo mandato" not in page

    def test_reminds_on_a_page_that_does_not_do_so_itself(self, client):
        post_pair(client, make_user(email_confirmed_at=None).email, target="/preventivi")

        assert "con il link che ti abbiamo mandato" in client.get("/preventivi").text

    @pytest.mark.parametrize("is_known", [True, False])
    def test_makes_whoever_guesses_wait_after_the_fifth_time(self, client, is_known):
        email = make_user().email if is_known else "indovina@example.com"
        answers = [post_pair(client, email, "non è questa la frase") for _ in range(5)]

        assert {answer.status_code for answer in answers} == {422}
        assert post_pair(client, email).status_code == 429
        assert post_pair(client, make_user().email).status_code == 302

    def test_sends_on_whoever_is_already_in(self, client):
        sign_in(client, make_user())

        assert client.get("/accedi?next=/profilo").location == "/profilo"


class TestSignOut:
    def test_ends_the_session_and_keeps_the_language(self, client):
        sign_in(client, make_user())
        with client.session_transaction() as session:
            session["language"] = "en"

        assert client.post("/esci").location == "/accedi"

        with client.session_transaction() as session:
            assert session["language"] == "en"
            assert "_user_id" not in session

    def test_does_not_happen_by_following_a_link(self, client):
        sign_in(client, make_user())

        assert client.get("/esci").status_code == 405
        assert is_signed_in(client)


class TestConfirmEmail:
    def link(self, user) -> str:
        return f"/conferma/{tokens.sign(CONFIRM_EMAIL, [user.id, user.email])}"

    def test_opening_the_link_confirms_nothing(self, client):
        user = make_user(email_confirmed_at=None)

        page = client.get(self.link(user))

        assert "Conferma l’indirizzo" in page.text
        assert not queries.get_person(user.id).is_confirmed

    def test_the_button_confirms(self, client, monkeypatch):
        user = make_user(email_confirmed_at=None)
        told = []
        monkeypatch.setattr(service, "on_confirmed", [lambda person, _now: told.append(person.id)])

        page = client.post(self.link(user))

        assert "Indirizzo confermato" in page.text
        assert queries.get_person(user.id).is_confirmed
        assert told == [user.id]

    def test_a_second_time_says_so(self, client):
        user = make_user(email_confirmed_at=None)
        link = self.link(user)
        client.post(link)

        assert "Era già confermato" in client.get(link).text
        assert "Era già confermato" in client.post(link).text

    def test_after_seven_days_it_offers_a_new_link(self, client, monkeypatch):
        user = make_user(email_confirmed_at=None)
        link = self.link(user)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, seconds=1))

        page = client.post(link)

        assert page.status_code == 410
        assert "Chiedi un nuovo link" in page.text
        assert not queries.get_person(user.id).is_confirmed

        token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
        sent = client.post("/conferma", data={"token": token}, follow_redirects=True)
        assert f"Ti abbiamo mandato un nuovo link a {user.email}." in sent.text

    def test_works_on_its_seventh_day(self, client, monkeypatch):
        link = self.link(make_user(email_confirmed_at=None))
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7))

        assert "Indirizzo confermato" in client.post(link).text

    def test_a_changed_link_is_not_ours(self, client):
        link = self.link(make_user(email_confirmed_at=None))

        changed = "A" if link[-10] != "A" else "B"  # the last letter has bits that say nothing
        page = client.get(f"{link[:-10]}{changed}{link[-9:]}")

        assert page.status_code == 404
        assert "Questo link non funziona" in page.text

    def test_a_token_of_another_purpose_is_not_ours(self, client):
        user = make_user(email_confirmed_at=None)

        page = client.post(f"/conferma/{tokens.sign('approve-offer', [user.id, user.email])}")

        assert page.status_code == 404
        assert not queries.get_person(user.id).is_confirmed

    def test_a_link_dies_with_the_address_it_was_sent_to(self, client):
        user = make_user(email_confirmed_at=None)
        link = self.link(user)
        user.email = "nuova@example.com"
        db.session.commit()

        assert client.post(link).status_code == 404

    def test_a_made_up_token_gets_no_letter(self, client):
        assert client.post("/conferma", data={"token": "x.y.z"}).status_code == 400


class TestProfile:
    def test_shows_person_and_company_to_a_buyer(self, client):
        user = make_user()
        sign_in(client, user)

        page = client.get("/profilo").text

        assert user.email in page
        assert queries.get_company(user.company_id).vat_number in page

    def test_shows_no_company_to_staff(self, client):
        sign_in(client, make_user(Role.OPERATIONS))

        page = client.get("/profilo")
        assert page.status_code == 200
        assert "La tua azienda" not in page.text

    def test_saves_name_telephone_and_language(self, client):
        user = make_user()
        sign_in(client, user)

        data = {"name": "Chiara F.", "phone": "02 123456", "locale": "en"}
        assert client.post("/profilo", data=data).location == "/profilo"

        person = queries.get_person(user.id)
        assert (person.name, person.phone, person.locale) == ("Chiara F.", "02 123456", "en")
        assert '<html lang="en">' in client.get("/profilo").text

    def test_says_what_does_not_fit_and_changes_nothing(self, client):
        user = make_user()
        sign_in(client, user)

        page = client.post("/profilo", data={"name": "", "phone": "", "locale": "it"})

        assert page.status_code == 422
        assert "Scrivi nome e cognome." in page.text
        assert queries.get_person(user.id).name == "Chiara Fontana"

    def test_changes_the_password_for_whoever_knows_the_old_one(self, client):
        user = make_user()
        sign_in(client, user)

        wrong = client.post("/profilo/password", data={"old": "no", "new": "tre gatti sul tetto"})
        assert "Non è la password che usi adesso: riscrivila." in wrong.text

        data = {"old": PASSWORD, "new": "tre gatti sul tetto"}
        assert client.post("/profilo/password", data=data).status_code == 302
        assert service.check_password(user.email, "tre gatti sul tetto")

    def test_is_for_people_who_signed_in(self, client):
        assert client.get("/profilo").location == "/accedi?next=/profilo"
