"""What the verbs of accounts promise."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from gifting.accounts import queries, service
from gifting.accounts.models import Company, User
from gifting.accounts.service import CompanyDetails, PersonDetails, hashing
from gifting.core.roles import Role
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, OutboxMessage
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.accounts import HASH, PASSWORD, VAT_NUMBER, make_company, make_user
from tests.support.letters import run_owed
from tests.support.queries import count_queries

COMPANY = CompanyDetails(
    name="Bianchi Arredi S.r.l.",
    vat_number=VAT_NUMBER,
    sdi_code="ABC1234",
    street="Via Savona 12",
    cap="20144",
    city="Milano",
    province="MI",
)
PERSON = PersonDetails(name="Anna Bianchi", email="Anna@Bianchi.example", phone="02 0000 0009")


def open_account(**overrides):
    values = {"company": COMPANY, "person": PERSON, "password": PASSWORD, "locale": "en"}
    return service.open_account_or_explain(**values | overrides, now=NOW)


def owed() -> list[str]:
    return list(db.session.scalars(sa.select(OutboxMessage.task).order_by(OutboxMessage.id)))


@pytest.fixture
def hooks(monkeypatch):
    """A list of who confirmed, in place of the other slices' hooks."""
    seen = {"confirmed": []}
    for name, calls in seen.items():
        monkeypatch.setattr(
            service, f"on_{name}", [lambda person, _now, calls=calls: calls.append(person.email)]
        )
    return seen


class TestCheckPassword:
    def test_lets_the_right_pair_in_however_the_address_is_written(self, app):
        user = make_user()

        person = service.check_password(f" {user.email.upper()} ", PASSWORD)

        assert person == queries.get_person(user.id)

    def test_refuses_a_wrong_password(self, app):
        assert service.check_password(make_user().email, "un’altra frase lunga") is None

    def test_refuses_whoever_was_switched_off(self, app):
        assert service.check_password(make_user(is_active=False).email, PASSWORD) is None

    def test_does_the_same_work_whoever_is_asked_for(self, app, monkeypatch):
        """One look-up and one verification: an unknown address answers no sooner."""
        known, off = make_user().email, make_user(is_active=False).email
        verify, verified = hashing._hasher.verify, []
        counting = SimpleNamespace(
            verify=lambda kept, given: verified.append(kept) or verify(kept, given)
        )
        monkeypatch.setattr(hashing, "_hasher", counting)
        looked_up = []

        for email in (known, off, "nessuno@example.com"):
            with count_queries() as statements:
                assert service.check_password(email, "non è questa la frase") is None
            looked_up.append(len(statements))

        assert looked_up == [1, 1, 1]
        assert len(verified) == 3
        assert verified[2] == hashing._NOBODY

    def test_makes_a_hash_of_older_parameters_again(self, app):
        user = make_user()
        assert user.password_hash == HASH

        service.check_password(user.email, PASSWORD)

        assert user.password_hash != HASH
        assert not PasswordHasher().check_needs_rehash(user.password_hash)
        assert service.check_password(user.email, PASSWORD) is not None


class TestOpenAccount:
    def test_makes_company_and_buyer_and_asks_to_confirm(self, app):
        with transaction():
            user = open_account()

        assert (user.email, user.role, user.locale) == ("anna@bianchi.example", Role.BUYER, "en")
        assert user.email_confirmed_at is None
        assert queries.get_company(user.company_id).vat_number == VAT_NUMBER
        assert run_owed() == [("anna@bianchi.example", "Confirm your address")]

    def test_keeps_no_password_in_clear(self, app):
        user = open_account()

        assert PASSWORD not in user.password_hash
        assert user.password_hash.startswith("$argon2id$")

    def test_a_known_address_creates_nothing_and_writes_to_its_owner(self, app):
        known = make_user(email=PERSON.email.lower())

        with transaction():
            assert open_account() is None

        assert db.session.scalar(sa.select(sa.func.count(Company.id))) == 1
        assert run_owed() == [(known.email, "Hai già un accesso: entra e invia la richiesta")]

    def test_a_known_vat_number_never_lets_a_stranger_join(self, app):
        make_company(vat_number=VAT_NUMBER)

        with transaction():
            assert open_account() is None

        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0
        assert [recipient for recipient, _ in run_owed()] == [
            "anna@bianchi.example",
            app.config["SETTINGS"].seller.email,
        ]

    def test_a_vat_number_given_as_tax_code_is_recognised(self, app):
        make_company(vat_number=VAT_NUMBER)
        stranger = CompanyDetails("Altra", "Via Po 1", "10124", "Torino", "TO", tax_code=VAT_NUMBER)

        assert open_account(company=stranger) is None
        assert owed() == ["accounts.mail_to_verify", "accounts.mail_office"]

    def test_whoever_was_switched_off_gets_no_invitation_to_enter(self, app):
        make_user(email=PERSON.email.lower(), is_active=False)

        assert open_account() is None
        assert owed() == ["accounts.mail_to_verify", "accounts.mail_office"]

    def test_the_loser_of_a_race_is_answered_as_if_the_address_had_been_known(
        self, app, monkeypatch
    ):
        make_user(email=PERSON.email.lower())
        monkeypatch.setattr(queries, "find_person_by_email", lambda _email: None)

        with pytest.raises(service.EmailKnown):
            service.open_account(
                company=COMPANY, person=PERSON, password=PASSWORD, locale="it", now=NOW
            )
        assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1

    def test_the_loser_of_a_race_for_the_company_is_answered_likewise(self, app, monkeypatch):
        make_company(vat_number=VAT_NUMBER)
        monkeypatch.setattr(queries, "has_company", lambda **_: False)

        assert open_account() is None
        assert owed() == ["accounts.mail_to_verify", "accounts.mail_office"]


class TestConfirmEmail:
    def test_notes_the_moment_once_and_tells_the_other_slices_once(self, app, hooks):
        user = make_user(email_confirmed_at=None)

        assert service.confirm_email(user.id, now=NOW) is True
        assert service.confirm_email(user.id, now=NOW + timedelta(days=1)) is False

        assert user.email_confirmed_at == NOW
        assert hooks["confirmed"] == [user.email]
        actions = sa.select(EventLogEntry.action).where(EventLogEntry.subject == user.subject)
        assert db.session.scalars(actions).all() == ["confirm_email"]


class TestResendConfirmation:
    def test_owes_the_letter_again(self, app):
        user = make_user(email_confirmed_at=None)

        assert service.resend_confirmation(user.id, now=NOW) is True
        assert service.resend_confirmation(user.id, now=NOW + timedelta(minutes=3)) is True

        assert owed() == ["accounts.mail_confirmation"] * 2

    def test_impatience_sends_no_second_letter(self, app):
        user = make_user(email_confirmed_at=None)

        service.resend_confirmation(user.id, now=NOW)
        assert service.resend_confirmation(user.id, now=NOW + timedelta(seconds=30)) is True

        assert owed() == ["accounts.mail_confirmation"]

    def test_a_confirmed_address_gets_none(self, app):
        assert service.resend_confirmation(make_user().id, now=NOW) is False
        assert owed() == []


class TestMailConfirmation:
    def test_is_not_sent_when_the_address_was_confirmed_meanwhile(self, app):
        user = make_user(email_confirmed_at=None)
        with transaction():
            service.resend_confirmation(user.id, now=NOW)
            service.confirm_email(user.id, now=NOW)

        assert run_owed() == []


class TestChangePassword:
    def test_needs_the_old_one(self, app):
        user = make_user()

        assert not service.change_password(user.id, old="sbagliata", new="x" * 12, now=NOW)
        assert user.password_hash == HASH

    def test_lets_in_with_the_new_one_only(self, app):
        user = make_user()

        assert service.change_password(user.id, old=PASSWORD, new="nuova frase segreta", now=NOW)

        assert service.check_password(user.email, PASSWORD) is None
        assert service.check_password(user.email, "nuova frase segreta") is not None


class TestAddPerson:
    def test_refuses_a_buyer_without_company(self, app):
        with pytest.raises(ValueError, match="needs a company"):
            service.add_person(details=PERSON, password=PASSWORD, role=Role.BUYER, now=NOW)
