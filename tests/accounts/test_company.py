"""The company's own page: who its people are, what they may do, and that they leave."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gifting.accounts import queries
from gifting.accounts.models import Company, MailLink, User
from gifting.accounts.queries.people import list_members
from gifting.accounts.service import CompanyDetails, PersonDetails, open_account, people
from gifting.core.roles import Role
from gifting.platform.db import db
from tests.conftest import NOW, Browser
from tests.support.accounts import PASSWORD, VAT_NUMBER, make_user, sign_in
from tests.support.queries import count_queries

INVOICING = {
    "invoice_by": "pec",
    "pec": "fatture@pec.meridiana.example",
    "street": "Via Larga 23",
    "cap": "20122",
    "city": "Milano",
    "province": "MI",
}


@pytest.fixture
def chiara(client):
    user = make_user(Role.BUYER, is_company_admin=True, name="Chiara Fontana")
    sign_in(client, user)
    return user


@pytest.fixture
def paolo(chiara):
    return make_user(Role.FINANCE, company_id=chiara.company_id, name="Paolo Serra")


def post_role(client, user, seen=None, **data):
    person = queries.get_person(user.id)
    seen = seen or f"{person.role}{'+admin' * person.is_company_admin}"
    return client.post(f"/persone/{user.id}", data={"seen": seen} | data)


def part(user):
    person = queries.get_person(user.id)
    return person.role, person.is_company_admin


class TestPage:
    def test_shows_its_people_with_what_they_do(self, client, chiara, paolo):
        page = client.get("/azienda").text

        assert "Compone, responsabile" in page
        assert "(sei tu)" in page
        assert paolo.email in page
        assert "mai entrato" in page

    def test_shows_nobody_of_another_company(self, client, chiara):
        stranger = make_user(Role.BUYER)

        assert stranger.email not in client.get("/azienda").text

    def test_whoever_manages_nobody_reads_names_and_roles_and_nothing_else(
        self, client, chiara, paolo
    ):
        sign_in(client, paolo)

        page = client.get("/azienda").text

        assert chiara.email in page
        for forbidden in ("Ultimo accesso", "Invita una persona", "Registro", "/persone/"):
            assert forbidden not in page

    def test_is_in_the_account_menu(self, client, chiara):
        assert 'href="/azienda"' in client.get("/profilo").text

    def test_asks_the_database_as_often_for_fifty_people_as_for_two(self, client, chiara, paolo):
        with count_queries() as few:
            client.get("/azienda")
        for _ in range(48):
            make_user(Role.BUYER, company_id=chiara.company_id)
        with count_queries() as many:
            client.get("/azienda")

        assert len(many) == len(few)


class TestChangeRole:
    def test_gives_another_role_and_the_right_to_manage(self, client, chiara, paolo):
        answer = post_role(client, paolo, role="approver", is_company_admin="y")

        assert answer.location == "/azienda"
        assert part(paolo) == (Role.APPROVER, True)

    @pytest.mark.parametrize("role", ["administrator", "sales", "", "root"])
    def test_no_role_of_staff_can_be_posted(self, client, chiara, paolo, role):
        assert post_role(client, paolo, role=role).status_code == 422
        assert part(paolo) == (Role.FINANCE, False)

    def test_what_else_a_browser_sends_is_not_read(self, client, chiara, paolo):
        other = make_user(Role.BUYER)
        planted = {"company_id": other.company_id, "email": "x@example.com", "is_active": ""}

        post_role(client, paolo, role="buyer", **planted)

        person = queries.get_person(paolo.id)
        assert (person.company_id, person.email) == (chiara.company_id, paolo.email)
        assert person.is_active

    @pytest.mark.parametrize("path", ["/persone/{}", "/persone/{}/togli"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_people_of_others_are_not_found(self, client, chiara, path, method):
        for stranger in (make_user(Role.BUYER), make_user(Role.SALES)):
            data = {"role": "finance", "seen": str(stranger.role)}
            answer = client.open(path.format(stranger.id), method=method, data=data)

            assert answer.status_code == 404
            assert part(stranger) == (stranger.role, False)
            assert queries.get_person(stranger.id).is_active

    def test_the_last_manager_stays_one_and_is_told_why(self, client, chiara, paolo):
        page = post_role(client, chiara, role="buyer")

        assert page.status_code == 422
        assert "È l’unica persona responsabile" in page.text
        assert part(chiara) == (Role.BUYER, True)

    def test_one_of_two_may_go(self, client, chiara, paolo):
        post_role(client, paolo, role="finance", is_company_admin="y")

        assert post_role(client, chiara, role="buyer").status_code == 302
        assert part(chiara) == (Role.BUYER, False)
        assert client.get("/persone/invita").status_code == 403

    def test_a_manager_who_may_no_longer_enter_does_not_count(self, client, chiara):
        make_user(
            Role.FINANCE, company_id=chiara.company_id, is_company_admin=True, is_active=False
        )

        assert post_role(client, chiara, role="buyer").status_code == 422

    def test_what_a_colleague_changed_meanwhile_is_not_undone(self, client, chiara, paolo):
        post_role(client, paolo, role="approver")

        assert post_role(client, paolo, seen="finance", role="buyer").status_code == 409
        assert part(paolo) == (Role.APPROVER, False)

    def test_is_in_the_register_in_words(self, client, chiara, paolo):
        post_role(client, paolo, role="approver")

        page = client.get("/azienda/registro").text
        assert "Ruolo di Paolo Serra: era «Solo fatture», ora è «Approva»" in page
        assert "2 novembre 2026, 10:00, Chiara Fontana" in page


class TestRemovePerson:
    def remove(self, client, user):
        return client.post(f"/persone/{user.id}/togli")

    def test_asks_first(self, client, chiara, paolo):
        page = client.get(f"/persone/{paolo.id}/togli")

        assert "Togli l’accesso a Paolo Serra?" in page.text
        assert queries.get_person(paolo.id).is_active

    def test_ends_every_session_at_the_next_request(self, app, client, chiara, paolo):
        theirs = [sign_in(Browser(app, app.response_class), paolo) for _ in range(2)]
        assert {browser.get("/profilo").status_code for browser in theirs} == {200}

        assert self.remove(client, paolo).location == "/azienda"

        assert {browser.get("/profilo").status_code for browser in theirs} == {302}

    def test_lets_them_in_no_more(self, app, client, chiara, paolo):
        self.remove(client, paolo)

        data = {"email": paolo.email, "password": PASSWORD}
        answer = Browser(app, app.response_class).post("/accedi", data=data)
        assert "E-mail o password non tornano" in answer.text

    def test_makes_the_links_in_their_letters_void(self, client, chiara, paolo):
        link = MailLink(
            user_id=paolo.id,
            purpose="new_password",
            token_hash="x",
            email=paolo.email,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
        db.session.add(link)
        db.session.commit()

        self.remove(client, paolo)

        db.session.refresh(link)
        assert link.used_at == NOW

    def test_keeps_their_name_where_they_worked(self, client, chiara, paolo):
        self.remove(client, paolo)

        page = client.get("/azienda").text
        assert "Una persona non ha più accesso" in page
        assert "Paolo Serra" in page
        assert f"/persone/invita?email={paolo.email}" in page

    def test_refuses_the_last_manager(self, client, chiara, paolo):
        page = self.remove(client, chiara)

        assert page.status_code == 422
        assert "È l’unica persona responsabile" in page.text
        assert client.get("/azienda").status_code == 200

    def test_a_second_time_changes_nothing(self, client, chiara, paolo):
        assert self.remove(client, paolo).status_code == 302
        assert self.remove(client, paolo).status_code == 302

        client.get("/azienda")  # takes the messages
        lines = re.findall("non può più entrare", client.get("/azienda/registro").text)
        assert len(lines) == 1

    def test_tells_the_other_slices_once(self, client, chiara, paolo, monkeypatch):
        told = []
        monkeypatch.setattr(
            people, "on_left", [lambda person, heir, _now: told.append((person.id, heir))]
        )

        self.remove(client, paolo)
        self.remove(client, paolo)

        assert told == [(paolo.id, chiara.id)]


class TestInvoicing:
    def post(self, client, version=1, **overrides):
        data = INVOICING | {"version": version} | overrides
        return client.post("/azienda/fatturazione", data=data)

    def test_is_changed_and_written_in_the_register(self, client, chiara):
        assert self.post(client).location == "/azienda#fatturazione"

        company = queries.get_company(chiara.company_id)
        assert (company.pec, company.sdi_code) == ("fatture@pec.meridiana.example", "")
        assert (company.street, company.cap) == ("Via Larga 23", "20122")
        register = client.get("/azienda/registro").text
        assert "PEC era «–», ora è «fatture@pec.meridiana.example»" in register
        assert "città" not in register

    def test_name_and_vat_number_are_not_read(self, client, chiara):
        before = queries.get_company(chiara.company_id).vat_number

        self.post(client, name="Altra S.p.A.", vat_number="12345670157", deducts_vat="", id="1")

        company = queries.get_company(chiara.company_id)
        assert company.vat_number == before
        assert company.name.startswith("Meridiana")
        assert company.deducts_vat

    def test_what_does_not_fit_is_said_as_in_the_request(self, client, chiara):
        page = self.post(client, invoice_by="sdi", sdi_code="ABC", cap="2012")

        assert page.status_code == 422
        assert "Il codice destinatario ha 7 caratteri: ne hai scritti 3." in page.text
        assert "Il CAP ha 5 cifre." in page.text

    def test_what_a_colleague_saved_meanwhile_is_not_overwritten(self, client, chiara):
        self.post(client, street="Via Po 1")

        assert self.post(client, version=1).status_code == 409
        assert queries.get_company(chiara.company_id).street == "Via Po 1"

    def test_saving_what_was_there_writes_no_line(self, client, chiara):
        self.post(client)
        self.post(client, version=2)

        page = client.get("/azienda/registro").text
        assert len(re.findall("Dati di fatturazione:", page)) == 1

    def test_another_companys_stays_as_it_is(self, client, chiara):
        other = make_user(Role.BUYER)

        self.post(client, company_id=other.company_id)

        assert queries.get_company(other.company_id).pec == ""


class TestRegister:
    def test_is_read_in_pages_newest_first(self, client, chiara, paolo, monkeypatch):
        monkeypatch.setattr("gifting.accounts.views.people.PAGE", 2)
        for role in ("approver", "buyer", "finance"):
            post_role(client, paolo, role=role)

        first = client.get("/azienda/registro").text
        older = re.search(r'href="(/azienda/registro\?prima=\d+)"', first)[1]

        assert first.index("ora è «Solo fatture»") < first.index("ora è «Compone»")
        assert "ora è «Approva»" in client.get(older).text

    def test_shows_nothing_of_another_company(self, client, chiara, paolo):
        post_role(client, paolo, role="buyer")
        client.get("/azienda")  # takes the messages
        sign_in(client, make_user(Role.BUYER, is_company_admin=True))

        assert "Paolo Serra" not in client.get("/azienda/registro").text


class TestStaff:
    def test_an_administrator_manages_the_staff_and_no_company(self, client, chiara):
        luca, elena = make_user(Role.ADMINISTRATOR), make_user(Role.SALES)
        sign_in(client, luca)

        page = client.get("/ufficio/persone").text
        assert elena.email in page
        assert chiara.email not in page

        assert post_role(client, elena, role="sales_manager").location == "/ufficio/persone"
        assert part(elena) == (Role.SALES_MANAGER, False)
        assert client.post(f"/persone/{chiara.id}/togli").status_code == 404

    @pytest.mark.parametrize("role", ["buyer", "finance"])
    def test_staff_get_no_role_of_a_company(self, client, app, role):
        elena = make_user(Role.SALES)
        sign_in(client, make_user(Role.ADMINISTRATOR))

        assert post_role(client, elena, role=role, is_company_admin="y").status_code == 422
        assert part(elena) == (Role.SALES, False)

    def test_the_last_administrator_stays(self, client, app):
        luca = make_user(Role.ADMINISTRATOR)
        sign_in(client, luca)

        assert "È l’unico amministratore" in post_role(client, luca, role="sales").text
        assert "È l’unico amministratore" in client.post(f"/persone/{luca.id}/togli").text

    def test_the_right_to_manage_a_company_cannot_be_posted(self, client, app):
        elena = make_user(Role.SALES)
        sign_in(client, make_user(Role.ADMINISTRATOR))

        post_role(client, elena, role="operations", is_company_admin="y")

        assert part(elena) == (Role.OPERATIONS, False)


class TestWhoManagesAtFirst:
    def test_the_database_keeps_the_right_to_people_of_companies(self, app):
        with pytest.raises(sa.exc.IntegrityError, match="admin_has_company"):
            make_user(Role.SALES, is_company_admin=True)

    def test_whoever_opens_a_company_does(self, app):
        user = open_account(
            company=CompanyDetails("Nuova", "Via Po 1", "10124", "Torino", "TO", VAT_NUMBER),
            person=PersonDetails("Anna Neri", "anna@nuova.example"),
            password=PASSWORD,
            locale="it",
            now=NOW,
        )

        assert queries.get_person(user.id).is_manager

    def test_one_person_of_the_sample_company_does(self, app):
        app.test_cli_runner().invoke(args=["accounts", "sample"])

        company_id = db.session.scalars(sa.select(Company.id)).one()
        managers = [one.email for one in list_members(company_id) if one.is_company_admin]
        assert managers == ["chiara@meridiana.example"]

    def test_the_consortium_appoints_somebody_where_nobody_does(self, app):
        user = make_user(Role.FINANCE)

        result = app.test_cli_runner().invoke(args=["accounts", "make-company-admin", user.email])

        assert result.exit_code == 0
        db.session.expire_all()
        assert db.session.get_one(User, user.id).is_company_admin
