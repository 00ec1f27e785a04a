"""Links by mail: the same answer and work for everybody, one use, one purpose, a way back."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gifting.accounts import queries
from gifting.accounts.models import LinkPurpose, MailLink, User
from gifting.accounts.service import links
from gifting.platform import clock
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, MailLogEntry, OutboxMessage
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import PASSWORD, make_user, sign_in
from tests.support.letters import last_text, run_owed
from tests.support.queries import count_queries

NEW = "tutta un’altra frase"


def link_in(text) -> str:
    return re.search(r"https?://[^/\s]+(/link/\S+)", text)[1]


def ask(client, wanted, email):
    return client.post(f"/accedi/{wanted}", data={"email": email})


def get_link(app, client, email, wanted="password") -> str:
    ask(client, wanted, email)
    run_owed()
    return link_in(last_text(email))


def without_token(page) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


class TestAsking:
    @pytest.mark.parametrize("wanted", ["link", "password"])
    def test_is_answered_the_same_whether_or_not_anybody_has_the_address(self, client, wanted):
        known, off = make_user().email, make_user(is_active=False).email

        pages = [ask(client, wanted, one) for one in (known, off, "nessuno@example.com")]

        texts = {
            without_token(page).replace(one, "X")
            for page, one in zip(pages, (known, off, "nessuno@example.com"), strict=True)
        }
        assert len(texts) == 1
        assert {page.status_code for page in pages} == {200}

    def test_costs_the_same_whether_or_not_anybody_has_the_address(self, client):
        known = make_user().email
        ask(client, "password", "warm@example.com")

        with count_queries() as for_known:
            ask(client, "password", known)
        with count_queries() as for_unknown:
            ask(client, "password", "nessuno@example.com")

        assert for_known == for_unknown

    def test_writes_to_nobody_who_has_no_access(self, client):
        for email in (make_user(is_active=False).email, "nessuno@example.com"):
            ask(client, "password", email)
        run_owed()

        assert db.session.scalars(sa.select(MailLogEntry.recipient)).all() == []
        assert db.session.scalars(sa.select(MailLink.id)).all() == []

    def test_twice_in_two_minutes_sends_one_letter(self, client):
        email = make_user().email
        ask(client, "link", email)
        ask(client, "link", f" {email.upper()} ")
        run_owed()

        assert db.session.scalars(sa.select(MailLogEntry.recipient)).all() == [email]

    def test_leaves_no_address_in_the_job_that_is_done(self, client):
        email = make_user().email
        ask(client, "link", email)
        run_owed()

        kept = db.session.scalars(sa.select(OutboxMessage)).all()
        assert [job for job in kept if email in str(job.payload) + job.key] == []


class TestLink:
    def test_is_only_shown_by_opening_it(self, app, client):
        user = make_user()
        address = get_link(app, client, user.email, "link")

        assert client.get(address).status_code == 200
        assert client.get(address).status_code == 200
        assert db.session.scalar(sa.select(MailLink.used_at)) is None

    def test_lets_its_person_in_once(self, app, client):
        user = make_user(email_confirmed_at=None)
        address = get_link(app, client, user.email, "link")

        assert client.post(address).location == "/casa"
        assert client.get("/profilo").status_code == 200
        assert queries.get_person(user.id).is_confirmed

        client.post("/esci")
        again = client.post(address)
        assert again.status_code == 410
        assert "è già servito" in again.text
        assert client.get("/profilo").status_code == 302

    def test_is_over_after_a_quarter_of_an_hour(self, app, client, monkeypatch):
        address = get_link(app, client, make_user().email, "link")
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=15))

        page = client.post(address)

        assert page.status_code == 410
        assert "è scaduto" in page.text
        assert "Chiedi un nuovo link" in page.text

    def test_is_void_when_a_later_one_is_made(self, app, client):
        user = make_user()
        first = get_link(app, client, user.email, "link")
        with transaction():
            links.make_link(user.id, LinkPurpose.SIGN_IN, letter="later", now=NOW)

        assert client.post(first).status_code == 410

    def test_of_somebody_whose_access_ended_is_none(self, app, client):
        user = make_user()
        address = get_link(app, client, user.email, "link")
        user.is_active = False
        db.session.commit()

        assert client.post(address).status_code == 404

    def test_is_good_for_its_own_purpose_only(self, app):
        user = make_user()
        with transaction():
            token = links.make_link(user.id, LinkPurpose.SIGN_IN, letter="l", now=NOW)

        with pytest.raises(links.LinkNotOpen):
            links.use_link(token, LinkPurpose.NEW_PASSWORD, now=NOW)
        assert links.use_link(token, LinkPurpose.SIGN_IN, now=NOW).user_id == user.id

    def test_is_the_same_when_the_letters_job_is_repeated(self, app):
        user = make_user()
        with transaction():
            tokens = {
                links.make_link(user.id, LinkPurpose.SIGN_IN, letter="one", now=NOW)
                for _ in range(2)
            }

        assert len(tokens) == 1
        assert len(min(tokens)) >= 43

    @pytest.mark.parametrize("token", ["x", "a" * 99, "a" * 500, "../..", "%F0%9F"])
    def test_that_never_was_is_not_found(self, client, token):
        assert client.get(f"/link/{token}").status_code in {400, 404}


class TestNewPassword:
    def test_is_chosen_by_link_and_ends_every_session(self, app, client):
        user = make_user()
        sign_in(client, user)
        with client.session_transaction() as session:
            old = session["_user_id"]
        address = get_link(app, client, user.email)

        assert client.post(address, data={"new": NEW}).location == "/casa"

        assert client.get("/profilo").status_code == 200
        with client.session_transaction() as session:
            session["_user_id"] = old
        assert client.get("/profilo").status_code == 302
        pair = {"email": user.email, "password": PASSWORD}
        assert client.post("/accedi", data=pair).status_code == 422
        assert client.post("/accedi", data=pair | {"password": NEW}).status_code == 302

    def test_that_anybody_would_try_is_refused_and_the_link_still_works(self, app, client):
        address = get_link(app, client, make_user().email)

        page = client.post(address, data={"new": "passwordpassword"})

        assert page.status_code == 422
        assert "tra le prime che si provano" in page.text
        assert client.post(address, data={"new": NEW}).status_code == 302

    def test_is_told_of_by_a_letter_with_a_way_back(self, app, client):
        user = make_user()
        client.post(get_link(app, client, user.email), data={"new": NEW})
        run_owed()

        text = last_text(user.email)
        assert "è stata cambiata" in text
        assert "Scegli una nuova password" in client.get(link_in(text)).text


class TestChangeOfEmail:
    def change(self, app, client, user, new="nuova@example.com"):
        data = {"email": new, "password": PASSWORD}
        page = client.post("/profilo/email", data=data)
        run_owed()
        return page

    def test_happens_when_the_new_address_opens_its_link(self, app, client):
        user = make_user()
        old = user.email
        sign_in(client, user)
        self.change(app, client, user)
        assert queries.get_person(user.id).email == old

        client.post(link_in(last_text("nuova@example.com")))

        assert queries.get_person(user.id).email == "nuova@example.com"
        run_owed()
        assert "usa un altro indirizzo" in last_text(old)

    def test_can_be_undone_from_the_old_address(self, app, client):
        user = make_user()
        old = user.email
        sign_in(client, user)
        self.change(app, client, user)
        client.post(link_in(last_text("nuova@example.com")))
        run_owed()

        client.post(link_in(last_text(old)))

        assert queries.get_person(user.id).email == old
        assert client.get("/profilo").status_code == 302
        run_owed()
        assert "scegli una nuova password" in last_text(old)

    def test_needs_the_password(self, app, client):
        sign_in(client, make_user())

        data = {"email": "nuova@example.com", "password": "un’altra frase ancora"}
        page = client.post("/profilo/email", data=data)

        assert page.status_code == 422
        assert "Non è la password che usi adesso" in page.text
        assert 'value="nuova@example.com"' in page.text

    def test_says_nothing_of_who_has_the_address_and_writes_to_its_owner(self, app, client):
        user, holder = make_user(), make_user()
        sign_in(client, user)

        taken = self.change(app, client, user, holder.email)
        free = self.change(app, client, user)

        assert (taken.status_code, taken.location) == (free.status_code, free.location)
        assert "qui ce n’è già uno" in last_text(holder.email)
        assert queries.get_person(user.id).email == user.email

    def test_to_an_address_taken_meanwhile_is_refused(self, app, client):
        user = make_user()
        sign_in(client, user)
        self.change(app, client, user)
        address = link_in(last_text("nuova@example.com"))
        make_user(email="nuova@example.com")

        page = client.post(address, follow_redirects=True)

        assert "è diventato di un altro accesso" in page.text
        assert db.session.scalar(sa.select(User.email).where(User.id == user.id)) == user.email

    def test_is_in_the_log(self, app, client):
        user = make_user()
        sign_in(client, user)
        self.change(app, client, user)
        client.post(link_in(last_text("nuova@example.com")))

        logged = sa.select(EventLogEntry.action).where(EventLogEntry.subject == user.subject)
        assert "change_email" in db.session.scalars(logged).all()
