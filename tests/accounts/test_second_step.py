"""Between the password and the pages: the second step, as a browser meets it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gifting.accounts import service
from gifting.accounts.models import PendingSignIn, RecoveryCode, SecondFactor
from gifting.accounts.queries.factors import find_pending, has_factor
from gifting.accounts.service import factors, second_step, set_password
from gifting.core.roles import Role
from gifting.platform import clock
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.web.registry import ROUTES
from tests.conftest import NOW, Browser
from tests.support.accounts import PASSWORD, code_at, make_factor, make_user, sign_in
from tests.support.letters import run_owed
from tests.support.queries import count_queries

STEP = timedelta(seconds=30)
CODE = "/accedi/codice"


def first_step(client, user, **data):
    pair = {"email": user.email, "password": PASSWORD}
    return client.post("/accedi?next=/profilo", data=pair | data)


def try_code(client, code, **data):
    return client.post(CODE, data={"code": code} | data)


def is_in(client) -> bool:
    return client.get("/profilo").status_code == 200


def wrong(secret: str) -> str:
    """A code that the telephone shows at no step near NOW."""
    near = {code_at(secret, NOW + steps * STEP) for steps in range(-10, 2)}
    return next(f"{n:06d}" for n in range(20) if f"{n:06d}" not in near)


def letters() -> list[str]:
    """Run what is owed and return what was written about."""
    return [subject for _to, subject in run_owed()]


@pytest.fixture
def staff_must(app, monkeypatch):
    must = replace(app.config["SETTINGS"], staff_second_factor=True)
    monkeypatch.setitem(app.config, "SETTINGS", must)


class TestHalfway:
    def test_the_password_alone_leads_to_the_code(self, client):
        user = make_user()
        make_factor(user)

        assert first_step(client, user).location == CODE
        assert client.get(CODE).status_code == 200
        assert not is_in(client)

    def test_opens_no_page_that_needs_a_sign_in(self, client, app):
        user = make_user()
        make_factor(user)
        first_step(client, user)
        adapter = app.url_map.bind("localhost")
        plain = [
            adapter.build(rule.endpoint, method="GET")
            for rule in app.url_map.iter_rules()
            if ROUTES.get(rule.endpoint) and not rule.arguments and "GET" in rule.methods
        ]

        assert len(plain) > 10
        for path in plain:
            assert client.get(path).location.startswith("/accedi?"), path

    def test_the_code_leads_where_they_were_going(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)

        assert try_code(client, code_at(secret)).location == "/profilo"
        assert is_in(client)

    def test_what_was_the_visitors_becomes_theirs_with_the_second_step(self, client, monkeypatch):
        welcomed = []
        monkeypatch.setattr(service, "on_sign_in", [lambda who, _now: welcomed.append(who.id)])
        user = make_user()
        secret = make_factor(user)

        first_step(client, user)
        assert welcomed == []

        try_code(client, code_at(secret))
        assert welcomed == [user.id]

    def test_who_has_no_second_factor_comes_in_at_once(self, client):
        assert first_step(client, make_user()).location == "/profilo"

    @pytest.mark.parametrize("path", [CODE, "/accedi/codice/riserva", "/accedi/attiva"])
    def test_without_the_first_step_there_is_no_second(self, client, path):
        assert client.get(path).location == "/accedi"
        assert client.post(path, data={"code": "123456"}).location == "/accedi"

    def test_waits_for_ten_minutes(self, client, monkeypatch):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        later = NOW + timedelta(minutes=10, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)

        assert try_code(client, code_at(secret, later)).location == "/accedi"
        assert not is_in(client)

    def test_leaves_behind_the_session_it_found(self, client):
        user = make_user()
        make_factor(user)
        with client.session_transaction() as session:
            session.update(language="it", planted="x", halfway="mine")

        first_step(client, user)

        with client.session_transaction() as session:
            assert "planted" not in session
            assert session["halfway"] != "mine"

    def test_both_steps_done_the_half_is_gone(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        with client.session_transaction() as session:
            token = session["halfway"]
        try_code(client, code_at(secret))

        other = Browser(client.application, client.application.response_class, use_cookies=True)
        with other.session_transaction() as session:
            session["halfway"] = token
        assert other.get(CODE).location == "/accedi"

    def test_ends_when_the_person_is_switched_off(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        user.is_active = False
        db.session.commit()

        assert try_code(client, code_at(secret)).location == "/accedi"

    def test_ends_when_the_password_changes(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        with transaction():
            set_password(user, "un’altra frase ancora", actor_id=None, now=NOW)

        assert try_code(client, code_at(secret)).location == "/accedi"

    def test_a_post_without_csrf_token_is_refused(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        client.application.config["WTF_CSRF_ENABLED"] = True

        for path in (CODE, "/accedi/codice/riserva", "/accedi/codice/email"):
            assert client.post(path, data={"code": code_at(secret)}).status_code == 400

    def test_keeps_no_token_in_clear(self, client):
        user = make_user()
        make_factor(user)
        first_step(client, user)
        with client.session_transaction() as session:
            token = session["halfway"]

        assert token not in str(db.session.scalars(sa.select(PendingSignIn.token_hash)).all())


class TestCode:
    def test_says_what_is_wrong_and_how_many_tries_are_left(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)

        page = try_code(client, code_at(secret, NOW - 2 * STEP))

        assert page.status_code == 422
        assert "Questo codice è scaduto: scrivi quello che vedi adesso." in page.text
        assert "Restano 4 tentativi." in page.text

    def test_works_once(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        try_code(client, code_at(secret))
        client.post("/esci")
        first_step(client, user)

        assert "è già servito" in try_code(client, code_at(secret)).text
        assert not is_in(client)

    def test_after_five_tries_the_right_one_does_not_help(self, client):
        user = make_user()
        secret = make_factor(user)
        first_step(client, user)
        for _ in range(5):
            page = try_code(client, wrong(secret))

        assert "Restano 0 tentativi." in page.text
        assert "Troppi tentativi." in page.text
        assert try_code(client, code_at(secret)).status_code == 422
        assert not is_in(client)
        assert letters() == ["Qualcuno prova a entrare con la tua password"]

    def test_beginning_again_gives_new_tries_until_the_days_are_used_up(self, client, monkeypatch):
        monkeypatch.setattr(second_step, "TRIES_A_DAY", 6)
        user = make_user()
        secret = make_factor(user)
        for _ in range(2):
            first_step(client, user)
            for _ in range(3):
                try_code(client, wrong(secret))
        first_step(client, user)

        assert try_code(client, code_at(secret)).status_code == 422

    def test_who_tries_codes_never_shuts_the_owner_out(self, client, monkeypatch):
        monkeypatch.setattr(second_step, "TRIES_A_DAY", 3)
        user = make_user()
        secret = make_factor(user)
        with transaction():
            paper = factors.draw_recovery_codes(user, now=NOW)
        first_step(client, user)
        for _ in range(4):
            try_code(client, wrong(secret))

        owner = Browser(client.application, client.application.response_class, use_cookies=True)
        first_step(owner, user)
        owner.post("/accedi/codice/riserva", data={"code": paper[0]})

        assert is_in(owner)


class TestLetter:
    def mailed(self) -> str:
        subject = letters()[-1]
        return re.fullmatch(r"(\d{6}) è il tuo codice per entrare", subject)[1]

    def test_brings_a_code_that_lets_in(self, client):
        user = make_user()
        make_factor(user)
        first_step(client, user)

        assert client.post("/accedi/codice/email").location == CODE
        assert try_code(client, self.mailed()).location == "/profilo"

    def test_works_in_no_other_sign_in(self, client):
        user = make_user()
        make_factor(user)
        first_step(client, user)
        client.post("/accedi/codice/email")
        code = self.mailed()
        first_step(client, user)

        assert try_code(client, code).status_code == 422

    def test_a_later_letter_makes_the_one_before_void(self, client):
        user = make_user()
        make_factor(user)
        first_step(client, user)
        client.post("/accedi/codice/email")
        first = self.mailed()
        client.post("/accedi/codice/email")

        assert try_code(client, first).status_code == 422
        assert try_code(client, self.mailed()).location == "/profilo"

    def test_there_are_three_of_them(self, client):
        user = make_user()
        make_factor(user)
        first_step(client, user)
        for _ in range(4):
            client.post("/accedi/codice/email")

        assert "Non possiamo mandarti altri codici" in client.get(CODE).text
        assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 3

    def test_is_not_owed_to_staff_who_must_have_a_second_factor(self, client, staff_must):
        user = make_user(Role.SALES)
        make_factor(user)
        first_step(client, user)

        assert "Manda il codice per e-mail" not in client.get(CODE).text
        client.post("/accedi/codice/email")
        assert letters() == []

    def test_is_no_second_factor_after_a_link_in_a_letter(self, app):
        user = make_user()
        make_factor(user)
        with transaction():
            token = second_step.begin(user.id, is_remembered=False, is_by_mail=True, now=NOW)
        pending = find_pending(token, now=NOW)

        assert not second_step.takes_letters(pending)
        assert not second_step.ask_for_letter(pending, now=NOW)


class TestRecoveryCode:
    def give(self, user) -> list[str]:
        with transaction():
            return factors.draw_recovery_codes(user, now=NOW)

    def use(self, client, code):
        return client.post("/accedi/codice/riserva", data={"code": code})

    def test_lets_in_however_it_is_typed_and_the_person_is_told(self, client):
        user = make_user()
        make_factor(user)
        codes = self.give(user)
        first_step(client, user)

        assert self.use(client, f" {codes[3].upper().replace('-', ' ')} ").location == "/profilo"
        assert is_in(client)
        assert letters() == ["Qualcuno è entrato con un codice di riserva"]

    def test_works_once(self, client):
        user = make_user()
        make_factor(user)
        codes = self.give(user)
        first_step(client, user)
        self.use(client, codes[0])
        client.post("/esci")
        first_step(client, user)

        assert self.use(client, codes[0]).status_code == 422
        assert not is_in(client)

    def test_is_nobody_elses(self, client):
        user = make_user()
        make_factor(user)
        codes = self.give(make_user())
        first_step(client, user)

        assert self.use(client, codes[0]).status_code == 422

    def test_new_ones_make_the_old_ones_void(self, client):
        user = make_user()
        make_factor(user)
        old, new = self.give(user), self.give(user)
        first_step(client, user)

        assert self.use(client, old[0]).status_code == 422
        assert self.use(client, new[0]).location == "/profilo"

    def test_there_are_ten_and_none_is_kept_in_clear(self, app):
        user = make_user()
        codes = self.give(user)

        assert len(set(codes)) == 10
        marks = db.session.scalars(sa.select(RecoveryCode.code_mark)).all()
        assert not any(code.replace("-", "").encode() in mark for code in codes for mark in marks)


class TestTrustedBrowser:
    def trust(self, client, user, secret):
        first_step(client, user)
        return try_code(client, code_at(secret), trust="y")

    def test_is_asked_for_no_code_for_thirty_days(self, client, monkeypatch):
        user = make_user()
        secret = make_factor(user)
        self.trust(client, user, secret)
        client.post("/esci")
        assert first_step(client, user).location == "/profilo"

        client.post("/esci")
        later = NOW + timedelta(days=30, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert first_step(client, user).location == CODE

    def test_its_cookie_is_for_our_server_only(self, client):
        user = make_user()
        answer = self.trust(client, user, make_factor(user))
        cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "-trusted=" in c)

        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))

    def test_is_trusted_for_one_person_only(self, client):
        user, other = make_user(), make_user()
        make_factor(other)
        self.trust(client, user, make_factor(user))
        client.post("/esci")

        assert first_step(client, other).location == CODE

    def test_is_forgotten_with_the_password(self, client):
        user = make_user()
        self.trust(client, user, make_factor(user))
        client.post("/esci")
        with transaction():
            set_password(user, PASSWORD, actor_id=None, now=NOW)

        assert first_step(client, user).location == CODE


class TestStaff:
    def test_who_has_none_is_led_to_one_before_anything_else(self, client, staff_must):
        user = make_user(Role.SALES)

        assert first_step(client, user).location == "/accedi/attiva"
        assert not is_in(client)
        assert client.get(CODE).location == "/accedi/attiva"
        page = client.get("/accedi/attiva")
        assert page.headers["Cache-Control"] == "private, no-store"

        secret = re.search(r'class="key num">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
        shown = client.post("/accedi/attiva", data={"code": code_at(secret)})

        assert len(re.findall(r"<li>[a-z2-7-]{19}</li>", shown.text)) == 10
        assert 'href="/profilo"' in shown.text
        assert is_in(client)
        assert has_factor(user.id)

    def test_a_wrong_code_leaves_them_outside(self, client, staff_must):
        user = make_user(Role.SALES)
        first_step(client, user)

        assert client.post("/accedi/attiva", data={"code": "000000"}).status_code == 422
        assert not is_in(client)

    def test_buyers_may_do_without(self, client, staff_must):
        assert first_step(client, make_user()).location == "/profilo"

    def test_may_not_switch_it_off(self, client, staff_must):
        user = make_user(Role.SALES)
        secret = make_factor(user)
        first_step(client, user)
        try_code(client, code_at(secret))

        assert "Disattiva" not in client.get("/profilo/codice").text
        client.post("/profilo/codice/spegni", data={"password": PASSWORD})
        assert has_factor(user.id)


class TestOpenSession:
    """Staff who were signed in when the setting went on, or before they had a second factor."""

    @pytest.fixture
    def switch_on(self, app, monkeypatch):
        must = replace(app.config["SETTINGS"], staff_second_factor=True)
        return lambda: monkeypatch.setitem(app.config, "SETTINGS", must)

    def test_without_a_second_step_opens_no_page_once_it_is_a_must(self, client, switch_on):
        user = make_user(Role.SALES)
        first_step(client, user)
        assert is_in(client)

        switch_on()

        answer = client.get("/ufficio/preventivi?pagina=2")
        assert answer.location == "/accedi?next=/ufficio/preventivi?pagina%3D2"
        assert "serve anche un secondo passaggio" in client.get(answer.location).text
        assert client.post("/profilo").location == "/accedi"
        assert "Elena Riva" not in client.get("/").text

    def test_leads_by_the_password_to_setting_one_up(self, client, switch_on):
        user = make_user(Role.SALES)
        first_step(client, user)
        switch_on()

        assert first_step(client, user).location == "/accedi/attiva"

    def test_leads_who_has_one_to_their_code(self, client, switch_on):
        user = make_user(Role.SALES)
        first_step(client, user)
        secret = make_factor(user)
        switch_on()
        assert not is_in(client)

        assert first_step(client, user).location == CODE
        assert try_code(client, code_at(secret)).location == "/profilo"
        assert is_in(client)

    def test_answers_a_program_with_a_problem(self, client, switch_on):
        first_step(client, make_user(Role.SALES))
        switch_on()

        answer = client.get("/ufficio/preventivi", headers={"Accept": "application/json"})

        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert "secondo passaggio" in answer.json["detail"]

    def test_that_passed_one_goes_on(self, client, switch_on):
        user = make_user(Role.SALES)
        secret = make_factor(user)
        first_step(client, user)
        try_code(client, code_at(secret), trust="y")
        switch_on()
        assert is_in(client)

        client.post("/esci")
        first_step(client, user)
        assert is_in(client), "a trusted browser stands for the code"

    def test_in_which_one_was_set_up_goes_on(self, client, switch_on):
        first_step(client, make_user(Role.SALES))
        client.post("/profilo/codice/prepara", data={"password": PASSWORD})
        page = client.get("/profilo/codice/telefono").text
        secret = re.search(r'class="key num">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        client.post("/profilo/codice/telefono", data={"code": code_at(secret)})

        switch_on()

        assert is_in(client)

    def test_that_did_away_with_its_own_counts_as_none(self, client, switch_on):
        user = make_user(Role.SALES)
        secret = make_factor(user)
        first_step(client, user)
        try_code(client, code_at(secret))
        client.post("/profilo/codice/spegni", data={"password": PASSWORD})
        assert is_in(client)

        switch_on()

        assert not is_in(client)

    def test_of_a_buyer_goes_on(self, client, switch_on):
        first_step(client, make_user())
        switch_on()

        assert is_in(client)

    def test_is_looked_at_without_a_query_of_its_own(self, client, switch_on):
        user = make_user(Role.SALES)
        secret = make_factor(user)
        first_step(client, user)
        try_code(client, code_at(secret))
        counts = []
        for prepare in (lambda: None, switch_on):
            prepare()
            with count_queries() as statements:
                assert is_in(client)
            counts.append(len(statements))

        assert counts[0] == counts[1]


class TestAnotherKey:
    """SECRET_KEY was changed and the one before is not listed: what was sealed stays shut."""

    @pytest.fixture
    def lose_the_key(self, app, monkeypatch):
        def lose():
            other = replace(app.config["SETTINGS"], secret_key="another" * 8)
            monkeypatch.setitem(app.config, "SETTINGS", other)

        return lose

    def test_says_at_the_second_step_what_to_do(self, client, lose_the_key):
        user = make_user()
        secret = make_factor(user)
        lose_the_key()
        first_step(client, user)

        page = try_code(client, code_at(secret))

        assert page.status_code == 422
        assert "Non riusciamo più a leggere il collegamento con il tuo telefono" in page.text
        assert "Fatti mandare il codice per e-mail" in page.text
        assert not is_in(client)

    def test_leads_staff_to_who_can_undo_it(self, client, staff_must, lose_the_key):
        user = make_user(Role.SALES)
        secret = make_factor(user)
        lose_the_key()
        first_step(client, user)

        page = try_code(client, code_at(secret)).text

        assert "flask accounts reset-second-factor" in page
        assert "e-mail" not in page

    def test_counts_the_tries_all_the_same(self, client, lose_the_key):
        user = make_user()
        make_factor(user)
        lose_the_key()
        first_step(client, user)
        for _ in range(5):
            page = try_code(client, "123456")

        assert "Restano 0 tentativi." in page.text

    def test_a_letter_still_brings_a_code_that_lets_in(self, client, lose_the_key):
        user = make_user()
        make_factor(user)
        lose_the_key()
        first_step(client, user)
        client.post("/accedi/codice/email")
        code = re.match(r"\d{6}", letters()[-1])[0]

        assert try_code(client, code).location == "/profilo"

    def test_a_telephone_half_set_up_begins_again(self, client, lose_the_key):
        user = make_user()
        with transaction():
            factors.prepare(user.id)
        lose_the_key()
        sign_in(client, user)

        page = client.post("/profilo/codice/telefono", data={"code": "123456"})
        assert page.status_code == 422
        assert "Questo codice QR è nuovo" in page.text
        secret = re.search(r'class="key num">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
        client.post("/profilo/codice/telefono", data={"code": code_at(secret)})

        assert has_factor(user.id)

    @pytest.mark.parametrize("path", ["/profilo/codice", "/profilo/codice/telefono", "/profilo"])
    def test_breaks_no_page_of_the_profile(self, client, lose_the_key, path):
        user = make_user()
        make_factor(user)
        with transaction():
            factors.prepare(user.id)
        lose_the_key()
        sign_in(client, user)

        assert client.get(path).status_code == 200

    def test_breaks_no_setting_up_before_the_first_sign_in(self, client, staff_must, app):
        user = make_user(Role.SALES)
        first_step(client, user)
        factor = db.session.get(SecondFactor, user.id)
        factor.next_secret = "sealed by nobody"
        db.session.commit()

        assert client.get("/accedi/attiva").status_code == 200

    def test_changes_nothing_while_the_one_before_is_listed(self, client, app, monkeypatch):
        user = make_user()
        secret = make_factor(user)
        with transaction():
            paper = factors.draw_recovery_codes(user, now=NOW)
        first_step(client, user)
        client.post("/accedi/codice/email")
        mailed = re.match(r"\d{6}", letters()[-1])[0]
        before = app.config["SETTINGS"]
        after = replace(before, secret_key="another" * 8, secret_key_fallbacks=(before.secret_key,))
        monkeypatch.setitem(app.config, "SETTINGS", after)

        assert try_code(client, mailed).location == "/profilo"
        client.post("/esci")
        first_step(client, user)
        assert try_code(client, code_at(secret)).location == "/profilo"
        client.post("/esci")
        first_step(client, user)
        used = client.post("/accedi/codice/riserva", data={"code": paper[0]})
        assert used.location == "/profilo"

    def test_the_command_seals_again_and_names_whom_it_cannot(self, client, app, monkeypatch):
        known, lost = make_user(), make_user()
        secret = make_factor(known)
        make_factor(lost)
        db.session.get(SecondFactor, lost.id).secret = "sealed by nobody"
        db.session.commit()
        before = app.config["SETTINGS"]
        after = replace(before, secret_key="another" * 8, secret_key_fallbacks=(before.secret_key,))
        monkeypatch.setitem(app.config, "SETTINGS", after)

        result = app.test_cli_runner().invoke(args=["accounts", "seal-second-factors"])

        assert result.exit_code == 1
        assert "1 sealed" in result.output
        assert lost.email in result.output
        assert known.email not in result.output
        monkeypatch.setitem(app.config, "SETTINGS", replace(after, secret_key_fallbacks=()))
        first_step(client, known)
        assert try_code(client, code_at(secret)).location == "/profilo"


class TestProfile:
    def post(self, client, what, password=PASSWORD):
        return client.post(f"/profilo/codice/{what}", data={"password": password})

    def test_a_telephone_counts_from_its_first_code_on(self, client):
        user = make_user()
        sign_in(client, user)
        assert self.post(client, "prepara").location == "/profilo/codice/telefono"
        assert not has_factor(user.id)

        page = client.get("/profilo/codice/telefono").text
        secret = re.search(r'class="key num">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
        assert "<svg" in page
        client.post("/profilo/codice/telefono", data={"code": code_at(secret)})

        assert has_factor(user.id)
        assert letters() == ["La verifica in due passaggi è attiva"]

    def test_its_secret_is_sealed(self, client):
        user = make_user()
        secret = make_factor(user)

        assert secret not in db.session.scalars(sa.select(SecondFactor.secret)).one()

    def test_changing_telephone_keeps_the_old_one_until_the_new_ones_code(self, client):
        user = make_user()
        secret = make_factor(user)
        sign_in(client, user)
        self.post(client, "prepara")
        client.post("/esci")
        first_step(client, user)

        assert try_code(client, code_at(secret)).location == "/profilo"

    @pytest.mark.parametrize("what", ["prepara", "riserva", "spegni"])
    def test_nothing_changes_without_the_password(self, client, what):
        user = make_user()
        make_factor(user)
        sign_in(client, user)

        assert self.post(client, what, "non è questa la frase").status_code == 422
        assert has_factor(user.id)
        assert db.session.scalar(sa.select(sa.func.count(RecoveryCode.id))) == 0

    def test_switching_it_off_is_told_by_letter(self, client):
        user = make_user()
        make_factor(user)
        sign_in(client, user)
        self.post(client, "spegni")

        assert not has_factor(user.id)
        assert letters() == ["La verifica in due passaggi è stata tolta"]

    def test_new_codes_are_shown_once(self, client):
        user = make_user()
        make_factor(user)
        sign_in(client, user)
        codes = re.findall(r"<li>([a-z2-7-]{19})</li>", self.post(client, "riserva").text)

        assert len(codes) == 10
        assert codes[0] not in client.get("/profilo/codice").text
        assert "Hai ancora 10 codici di riserva." in client.get("/profilo/codice").text


class TestCommand:
    def test_takes_the_lost_telephone_away_and_ends_the_sessions(self, client, app):
        user = make_user()
        make_factor(user)
        sign_in(client, user)

        result = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", user.email])

        assert result.exit_code == 0, result.output
        assert not has_factor(user.id)
        assert not is_in(client)
        assert first_step(client, user).location == "/profilo"


class TestPurge:
    def test_deletes_half_sign_ins_whose_tries_no_longer_count(self, app):
        user = make_user()
        with transaction():
            second_step.begin(user.id, is_remembered=False, is_by_mail=False, now=NOW)
            second_step.purge(now=NOW + timedelta(hours=23))
        assert db.session.scalar(sa.select(sa.func.count(PendingSignIn.id))) == 1

        with transaction():
            second_step.purge(now=NOW + timedelta(hours=25))
        assert db.session.scalar(sa.select(sa.func.count(PendingSignIn.id))) == 0
