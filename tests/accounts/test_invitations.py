"""How people join a company, or the staff: by a letter, and by nothing else."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gifting.accounts import queries
from gifting.accounts.models import Invitation, User
from gifting.accounts.queries.invitations import get_invited
from gifting.accounts.service import check_password, invitations
from gifting.accounts.service.people import RoleElsewhere, remove
from gifting.core.roles import Role
from gifting.platform import clock
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, OutboxMessage
from tests.conftest import NOW
from tests.support.accounts import (
    PASSWORD,
    invitation_path,
    make_invitation,
    make_user,
    sign_in,
)
from tests.support.letters import last_link, last_text, run_owed

ANNA = "anna.greco@meridiana.example"
LATER = NOW + timedelta(minutes=5)
ACCEPTED = {"name": "Anna Greco", "password": "tre gatti sul tetto", "locale": "it"}
ASK = "Chiedi un nuovo invito"


@pytest.fixture
def chiara(app):
    return make_user(Role.BUYER, is_company_admin=True)


def post_invite(client, **overrides):
    data = {"name": "Anna Greco", "email": ANNA, "role": "finance"} | overrides
    return client.post("/persone/invita", data=data)


def find_anna():
    return queries.find_person_by_email(ANNA)


def without_token(html) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html)


class TestInvite:
    def test_a_manager_invites_into_their_own_company(self, client, chiara):
        sign_in(client, chiara)

        assert post_invite(client, is_company_admin="y").location == "/azienda"

        assert run_owed() == [
            (ANNA, f"Chiara Fontana ti invita in {queries.get_company(chiara.company_id).name}")
        ]
        client.post("/esci")
        page = client.get(last_link("/invito/"))
        assert "Invito di Chiara Fontana" in page.text
        assert "Anna Greco, solo fatture, responsabile" in page.text

    def test_nobody_is_there_before_they_accept(self, client, chiara):
        sign_in(client, chiara)
        post_invite(client)

        assert find_anna() is None
        assert ANNA in client.get("/azienda").text

    @pytest.mark.parametrize("role", ["administrator", "sales", "nobody", ""])
    def test_a_company_gives_no_role_of_staff(self, client, chiara, role):
        sign_in(client, chiara)

        assert post_invite(client, role=role).status_code == 422
        assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 0

    def test_what_else_a_browser_sends_is_not_read(self, client, chiara):
        other = make_user(Role.BUYER)
        sign_in(client, chiara)

        post_invite(
            client, company_id=other.company_id, accepted_at="2026-11-02", invited_by_id="1"
        )

        invitation = db.session.scalars(sa.select(Invitation)).one()
        assert (invitation.company_id, invitation.accepted_at) == (chiara.company_id, None)
        assert invitation.invited_by_id == chiara.id

    def test_the_service_refuses_a_role_of_the_other_kind_too(self, chiara):
        with pytest.raises(RoleElsewhere):
            make_invitation(chiara, role=Role.ADMINISTRATOR)

    def test_a_colleague_is_not_invited_again(self, client, chiara):
        colleague = make_user(Role.FINANCE, company_id=chiara.company_id)
        sign_in(client, chiara)

        page = post_invite(client, email=colleague.email.upper())

        assert page.status_code == 422
        assert "Questa persona c’è già" in page.text

    def test_one_invitation_of_an_address_is_open_at_a_time(self, client, chiara):
        sign_in(client, chiara)
        post_invite(client)

        assert "è già aperto: mandalo di nuovo" in post_invite(client).text
        assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 1

    def test_the_database_itself_holds_two_managers_to_it(self, chiara, monkeypatch):
        make_invitation(chiara, email=ANNA)
        monkeypatch.setattr(queries, "find_person_by_email", lambda _email: None)

        with pytest.raises(invitations.AlreadyInvited):
            make_invitation(chiara, email=ANNA)

    def test_so_it_does_for_the_staff_who_have_no_company(self, app):
        luca = make_user(Role.ADMINISTRATOR)
        make_invitation(luca, email=ANNA)

        with pytest.raises(invitations.AlreadyInvited):
            make_invitation(luca, email=ANNA)

    def test_two_companies_may_invite_one_address(self, chiara):
        make_invitation(chiara, email=ANNA)

        assert make_invitation(make_user(Role.BUYER), email=ANNA).id

    def test_one_manager_has_so_many_letters_sent_in_an_hour_and_no_more(
        self, client, chiara, monkeypatch
    ):
        once = replace(client.application.config["SETTINGS"], rate_factor=1)
        monkeypatch.setitem(client.application.config, "SETTINGS", once)
        sign_in(client, chiara)

        answers = [post_invite(client, email=f"x{n}@example.com") for n in range(31)]

        assert {answer.status_code for answer in answers[:30]} == {302}
        assert answers[30].status_code == 429

    def test_what_opens_it_is_in_the_letter_alone(self, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        run_owed()
        token = last_link("/invito/").removeprefix("/invito/")

        payload = db.session.scalars(sa.select(OutboxMessage.payload)).one()
        assert token not in json.dumps(payload)
        stored = db.session.execute(
            sa.select(sa.text("row_to_json(invitation)::text")).select_from(sa.text("invitation"))
        ).scalar_one()
        assert token not in stored
        assert invitation.id == payload["record_id"]


class TestWhoHasAnAccountElsewhere:
    def test_the_inviter_reads_the_same_answer(self, client, chiara):
        stranger = make_user(Role.BUYER)
        sign_in(client, chiara)

        known = self.answer(client, stranger.email)
        sign_in(client, make_user(Role.BUYER, company_id=chiara.company_id, is_company_admin=True))
        unknown = self.answer(client, "nobody@example.com")

        assert known == unknown

    def answer(self, client, email):
        """Return where the inviter is led, and the row they see, for an address called X."""
        location = post_invite(client, email=email).location
        page = client.get("/azienda").text
        row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if email in row)
        told = re.search(r"Invito mandato a [^<]+", page)[0]
        return [
            re.sub(r"/inviti/\d+/", "/inviti/N/", without_token(text)).replace(email, "X")
            for text in (location, row, told)
        ]

    def test_only_the_person_is_told_and_nothing_is_joined(self, client, chiara):
        stranger = make_user(Role.BUYER)
        sign_in(client, chiara)
        post_invite(client, email=stranger.email)

        assert run_owed() == [(stranger.email, "Un invito che non possiamo usare")]
        assert "/invito/" not in last_text()
        assert queries.get_person(stranger.id).company_id == stranger.company_id

    def test_an_account_that_came_after_the_letter_is_not_moved_either(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        elsewhere = make_user(Role.BUYER, email=ANNA)

        page = client.post(invitation_path(invitation), data=ACCEPTED)

        assert page.status_code == 410
        assert "Questo indirizzo ha già un accesso" in page.text
        assert find_anna().company_id == elsewhere.company_id


class TestAccept:
    def test_lets_the_person_in_with_what_they_choose(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)

        page = client.post(invitation_path(invitation), data=ACCEPTED | {"locale": "en"})

        assert page.location == "/accedi"
        anna = find_anna()
        assert (anna.company_id, anna.role, anna.locale) == (chiara.company_id, Role.FINANCE, "en")
        assert anna.is_confirmed
        assert not anna.is_company_admin
        assert check_password(ANNA, ACCEPTED["password"]).id == anna.id

    def test_opening_the_link_changes_nothing(self, client, chiara):
        path = invitation_path(make_invitation(chiara, email=ANNA))

        assert client.get(path).status_code == 200
        assert find_anna() is None

    def test_what_else_a_browser_sends_is_not_read(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        planted = {"role": "administrator", "company_id": "1", "is_company_admin": "y"}

        client.post(invitation_path(invitation), data=ACCEPTED | planted)

        anna = find_anna()
        assert (anna.role, anna.company_id) == (Role.FINANCE, chiara.company_id)
        assert not anna.is_company_admin

    def test_a_weak_password_is_refused_and_the_name_kept(self, client, chiara):
        path = invitation_path(make_invitation(chiara, email=ANNA))

        page = client.post(path, data=ACCEPTED | {"name": "Anna G.", "password": "corta"})

        assert page.status_code == 422
        assert 'value="Anna G."' in page.text
        assert find_anna() is None

    def test_is_written_in_the_register(self, client, chiara):
        client.post(invitation_path(make_invitation(chiara, email=ANNA)), data=ACCEPTED)
        sign_in(client, chiara)

        register = client.get("/azienda/registro").text
        assert "Invito mandato a Anna Greco" in register
        assert "Anna Greco ha accettato l’invito" in register

    def test_brings_back_who_had_left_as_themselves(self, client, chiara):
        left = make_user(Role.BUYER, email=ANNA, company_id=chiara.company_id)
        remove(left.id, company_id=chiara.company_id, actor_id=chiara.id, now=NOW)
        invitation = make_invitation(chiara, email=ANNA)
        run_owed()

        client.post(last_link("/invito/"), data=ACCEPTED)

        anna = find_anna()
        assert (anna.id, anna.is_active, anna.role) == (left.id, True, Role.FINANCE)
        assert check_password(ANNA, PASSWORD) is None
        assert get_invited(invitation.id).accepted_at == NOW

    def test_makes_staff_of_who_was_invited_by_an_administrator(self, client, app):
        luca = make_user(Role.ADMINISTRATOR)
        sign_in(client, luca)
        assert post_invite(client, role="operations").location == "/ufficio/persone"
        run_owed()
        client.post("/esci")

        page = client.get(last_link("/invito/"))
        assert "Entra in Viale dei Mille" in page.text
        client.post(last_link("/invito/"), data=ACCEPTED)

        assert (find_anna().role, find_anna().company_id) == (Role.OPERATIONS, None)


class TestLinksThatNoLongerServe:
    def test_after_seven_days(self, client, chiara, monkeypatch):
        path = invitation_path(make_invitation(chiara, email=ANNA))
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7, seconds=1))

        for page in (client.get(path), client.post(path, data=ACCEPTED)):
            assert page.status_code == 410
            assert "L’invito è scaduto" in page.text
            assert ASK in page.text
        assert find_anna() is None

    def test_on_the_seventh_day_it_still_does(self, client, chiara, monkeypatch):
        path = invitation_path(make_invitation(chiara, email=ANNA))
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7))

        assert client.post(path, data=ACCEPTED).status_code == 302

    def test_a_second_time(self, client, chiara):
        path = invitation_path(make_invitation(chiara, email=ANNA))
        client.post(path, data=ACCEPTED)

        page = client.post(path, data=ACCEPTED | {"password": "quattro gatti sul tetto"})

        assert page.status_code == 410
        assert "è già stato usato" in page.text
        assert ASK in page.text
        assert check_password(ANNA, ACCEPTED["password"])

    def test_when_somebody_else_is_signed_in(self, client, chiara):
        path = invitation_path(make_invitation(chiara, email=ANNA))
        sign_in(client, chiara)

        page = client.post(path, data=ACCEPTED)

        assert page.status_code == 410
        assert "L’invito è per un’altra persona" in page.text
        assert ASK in page.text
        assert find_anna() is None

    def test_when_a_newer_letter_was_sent(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        sign_in(client, chiara)
        invitation.sent_at = NOW - timedelta(minutes=3)
        db.session.commit()

        client.post(f"/persone/inviti/{invitation.id}/manda")
        client.post("/esci")

        assert "C’è un invito più recente" in client.get(invitation_path(invitation, 1)).text
        run_owed()
        assert "Accetta l’invito" in client.get(last_link("/invito/")).text

    def test_when_it_was_taken_back(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        sign_in(client, chiara)
        client.post(f"/persone/inviti/{invitation.id}/annulla")
        client.post("/esci")

        page = client.post(invitation_path(invitation), data=ACCEPTED)

        assert "è stato ritirato" in page.text
        assert find_anna() is None

    def test_when_it_was_changed(self, client, chiara):
        path = invitation_path(make_invitation(chiara, email=ANNA))
        changed = "A" if path[-10] != "A" else "B"

        page = client.get(f"{path[:-10]}{changed}{path[-9:]}")

        assert page.status_code == 404
        assert "Questo link non funziona" in page.text


class TestAskAgain:
    def ask(self, client, invitation):
        return client.post(f"{invitation_path(invitation)}/nuovo")

    def test_really_asks_whoever_invited(self, client, chiara):
        make_user(Role.APPROVER, company_id=chiara.company_id, is_company_admin=True)
        invitation = make_invitation(chiara, email=ANNA)
        run_owed()

        assert "Abbiamo scritto a chi può invitarti" in self.ask(client, invitation).text

        assert run_owed()[1:] == [(chiara.email, "Anna Greco chiede un nuovo invito")]

    def test_asks_the_others_when_the_inviter_manages_nobody_any_more(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        marta = make_user(Role.APPROVER, company_id=chiara.company_id, is_company_admin=True)
        remove(chiara.id, company_id=chiara.company_id, actor_id=marta.id, now=NOW)
        db.session.commit()
        run_owed()

        self.ask(client, invitation)

        assert [recipient for recipient, _ in run_owed()[1:]] == [marta.email]

    def test_asks_once_a_day(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        for _ in range(3):
            self.ask(client, invitation)

        assert len(run_owed()) == 2  # the invitation's own letter, and one more

    def test_a_made_up_link_asks_nobody(self, client, chiara):
        assert client.post("/invito/x.y.z/nuovo").status_code == 400


class TestResend:
    def test_sends_a_new_link_with_seven_new_days(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)

        assert invitations.resend(
            invitation.id, company_id=chiara.company_id, actor_id=chiara.id, now=LATER
        )

        assert invitation.letter_number == 2
        assert invitation.expires_at == LATER + timedelta(days=7)

    def test_the_letter_that_was_overtaken_is_not_sent(self, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        invitations.resend(
            invitation.id, company_id=chiara.company_id, actor_id=chiara.id, now=LATER
        )
        db.session.commit()

        assert len(run_owed(LATER)) == 1

    def test_impatience_sends_no_second_letter(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        sign_in(client, chiara)

        client.post(f"/persone/inviti/{invitation.id}/manda")

        assert "aspetta due minuti" in client.get("/azienda").text
        assert len(run_owed()) == 1

    @pytest.mark.parametrize("verb", ["manda", "annulla"])
    def test_an_accepted_one_is_over(self, client, chiara, verb):
        invitation = make_invitation(chiara, email=ANNA)
        client.post(invitation_path(invitation), data=ACCEPTED)
        sign_in(client, chiara)

        assert client.post(f"/persone/inviti/{invitation.id}/{verb}").status_code == 409

    @pytest.mark.parametrize("verb", ["manda", "annulla"])
    def test_another_companys_invitation_is_not_found(self, client, chiara, verb):
        theirs = make_invitation(make_user(Role.BUYER, is_company_admin=True))
        staffs = make_invitation(make_user(Role.ADMINISTRATOR))
        sign_in(client, chiara)

        for invitation in (theirs, staffs):
            answer = client.post(f"/persone/inviti/{invitation.id}/{verb}")
            assert answer.status_code == 404

    def test_taking_back_twice_is_one_line_of_the_register(self, client, chiara):
        invitation = make_invitation(chiara, email=ANNA)
        sign_in(client, chiara)
        for _ in range(2):
            assert client.post(f"/persone/inviti/{invitation.id}/annulla").status_code == 302

        actions = db.session.scalars(sa.select(EventLogEntry.action)).all()
        assert actions.count("revoke_invitation") == 1
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
