"""Where people are signed in: seen, ended, over in time, no use to who reads the table."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from gifting.accounts import service
from gifting.accounts.models import User, UserSession
from gifting.accounts.queries import hash_token
from gifting.accounts.service import sessions
from gifting.accounts.service.sessions import Visit
from gifting.accounts.views.wording import device_words
from gifting.platform import clock
from gifting.platform.db import db
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import PASSWORD, make_user

HOME = Visit("203.0.113.7", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36")


def enter(client, user, *, remember=False, agent="Firefox"):
    data = {"email": user.email, "password": PASSWORD} | ({"remember": "y"} if remember else {})
    return client.post("/accedi?next=/profilo", data=data, headers={"User-Agent": agent})


def token_of(client) -> str:
    with client.session_transaction() as session:
        return session["_user_id"]


def put_token(client, token):
    with client.session_transaction() as session:
        session["_user_id"] = token


def is_in(client) -> bool:
    return client.get("/profilo").status_code == 200


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


class TestSession:
    def test_is_a_new_one_at_each_sign_in(self, client):
        user = make_user()
        put_token(client, "planted by somebody else")
        enter(client, user)
        first = token_of(client)
        client.post("/esci")
        enter(client, user)

        assert len({"planted by somebody else", first, token_of(client)}) == 3

    def test_is_kept_as_a_hash_that_signs_nobody_in(self, client):
        enter(client, make_user())
        token = token_of(client)
        kept = db.session.scalars(sa.select(UserSession.token_hash)).one()
        assert kept == hash_token(token)

        put_token(client, kept)
        assert not is_in(client)

    def test_signs_nobody_in_by_the_number_of_a_person(self, client):
        put_token(client, str(make_user().id))

        assert not is_in(client)

    def test_ends_on_the_server_when_its_person_leaves(self, client):
        enter(client, make_user())
        token = token_of(client)
        client.post("/esci")

        put_token(client, token)
        page = client.get("/profilo")
        assert page.status_code == 302
        assert "La tua sessione è finita" in client.get(page.location).text

    @pytest.mark.parametrize(
        ("remember", "lasts"), [(False, timedelta(hours=12)), (True, timedelta(days=30))]
    )
    def test_is_over_after_its_time(self, client, monkeypatch, remember, lasts):
        enter(client, make_user(), remember=remember)

        at(monkeypatch, NOW + lasts - timedelta(seconds=1))
        assert is_in(client)
        at(monkeypatch, NOW + lasts)
        assert not is_in(client)

    def test_is_noted_as_seen_every_five_minutes_and_not_at_each_page(self, client, monkeypatch):
        enter(client, make_user())
        seen = sa.select(UserSession.last_seen_at)

        at(monkeypatch, NOW + timedelta(minutes=4))
        client.get("/profilo")
        assert db.session.scalar(seen) == NOW

        at(monkeypatch, NOW + timedelta(minutes=6))
        client.get("/profilo")
        assert db.session.scalar(seen) == NOW + timedelta(minutes=6)


class TestDevices:
    def test_are_listed_with_this_one_marked(self, client):
        user = make_user()
        with transaction():
            service.sessions.begin_session(user.id, HOME, is_remembered=True, now=NOW)
        enter(client, user, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 26_0) Mobile Safari/604.1")

        page = client.get("/profilo").text

        assert "Chrome su Windows" in page
        assert "203.0.113.7" in page
        assert page.count("questo dispositivo") == 1
        assert "Esci da tutti gli altri dispositivi" in page

    def test_can_be_signed_out_from_afar_one_by_one(self, client):
        user = make_user()
        with transaction():
            other = service.sessions.begin_session(user.id, HOME, is_remembered=True, now=NOW)
        enter(client, user)
        rows = db.session.scalars(sa.select(UserSession).order_by(UserSession.id)).all()

        client.post(f"/profilo/dispositivi/{rows[0].id}/esci")

        assert is_in(client)
        put_token(client, other)
        assert not is_in(client)

    def test_can_all_be_signed_out_but_this(self, client):
        user, somebody = make_user(), make_user()
        with transaction():
            tokens = [
                sessions.begin_session(one.id, HOME, is_remembered=True, now=NOW)
                for one in (user, user, somebody)
            ]
        enter(client, user)

        page = client.post("/profilo/dispositivi/esci", follow_redirects=True)

        assert "Sei uscito da altri 2 dispositivi." in page.text
        assert is_in(client)
        still_in = []
        for token in tokens:
            put_token(client, token)
            still_in.append(is_in(client))
        assert still_in == [False, False, True]

    def test_of_somebody_else_cannot(self, client):
        with transaction():
            theirs = sessions.begin_session(make_user().id, HOME, is_remembered=True, now=NOW)
        number = db.session.scalar(sa.select(UserSession.id))
        enter(client, make_user())

        client.post(f"/profilo/dispositivi/{number}/esci")

        put_token(client, theirs)
        assert is_in(client)

    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            (
                "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140",
                "Edge su Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605",
                "Safari su Mac",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko Firefox/145.0", "Firefox su Linux"),
            ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537", "Chrome su Android"),
            ("curl/8.5", "Un dispositivo"),
        ],
    )
    def test_are_named_as_people_know_them(self, app, agent, words):
        with app.test_request_context():
            assert device_words(agent) == words


class TestPasswordChange:
    def test_ends_every_other_session(self, client):
        user = make_user()
        with transaction():
            other = sessions.begin_session(user.id, HOME, is_remembered=True, now=NOW)
        enter(client, user)

        client.post("/profilo/password", data={"old": PASSWORD, "new": "tutta un’altra frase"})

        assert is_in(client)
        put_token(client, other)
        assert not is_in(client)


class TestLastDay:
    """The day a person was last here stays with them when their sessions are gone."""

    def people_page(self, client, manager, monkeypatch, moment):
        at(monkeypatch, moment)
        with transaction():
            sessions.purge_sessions(now=moment)
        enter(client, manager)
        return client.get("/azienda").text

    def test_is_known_after_the_sessions_are_purged(self, client, monkeypatch):
        user = make_user()
        manager = make_user(company_id=user.company_id, is_company_admin=True)
        enter(client, user)
        client.post("/esci")

        page = self.people_page(client, manager, monkeypatch, NOW + timedelta(days=120))

        assert "mai entrato" not in page
        assert "2 novembre 2026" in page

    def test_is_not_invented_for_who_never_came(self, client, monkeypatch):
        user = make_user()
        manager = make_user(company_id=user.company_id, is_company_admin=True)

        page = self.people_page(client, manager, monkeypatch, NOW + timedelta(days=120))

        assert "mai entrato" in page

    def test_follows_a_session_that_goes_on_for_days(self, client, monkeypatch):
        user = make_user()
        enter(client, user, remember=True)
        at(monkeypatch, NOW + timedelta(days=3))
        client.get("/profilo")

        assert db.session.scalar(sa.select(User.last_seen_on)) == (NOW + timedelta(days=3)).date()

    def test_is_written_once_a_day(self, client, monkeypatch):
        enter(client, make_user())
        version = sa.text("SELECT xmin FROM user_account")
        before = db.session.scalar(version)

        for minutes in (6, 12, 18):
            at(monkeypatch, NOW + timedelta(minutes=minutes))
            client.get("/profilo")

        assert db.session.scalar(version) == before


class TestPurge:
    def test_deletes_what_is_long_over_and_nothing_else(self, app):
        user = make_user()
        with transaction():
            for begun in (NOW - timedelta(days=200), NOW - timedelta(days=20), NOW):
                sessions.begin_session(user.id, HOME, is_remembered=True, now=begun)
            sessions.purge_sessions(now=NOW)

        assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 2
