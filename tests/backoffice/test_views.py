"""The staff read the letters that left, and begin at the page of their work."""

import pytest
from flask.testing import FlaskClient

from gifting.core.roles import Role
from tests.support.accounts import make_user, sign_in
from tests.support.backoffice import make_letter


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    return sign_in(client, make_user(Role.OPERATIONS))


class TestMail:
    def test_lists_the_letters_newest_first(self, office: FlaskClient) -> None:
        make_letter(subject="La prima")
        make_letter(subject="La seconda")

        page = office.get("/ufficio/posta").text

        assert page.index("La seconda") < page.index("La prima")
        assert "chiara@example.com" in page

    def test_shows_both_parts_of_a_letter_and_its_attachments(self, office: FlaskClient) -> None:
        letter_id = make_letter()

        page = office.get(f"/ufficio/posta/{letter_id}").text

        assert "Ciao Chiara, in testo." in page
        assert "Offerta.pdf" in page
        assert "box.png" not in page
        assert f'src="/ufficio/posta/{letter_id}/html"' in page

    def test_the_html_part_may_run_and_load_nothing(self, office: FlaskClient) -> None:
        answer = office.get(f"/ufficio/posta/{make_letter()}/html")

        assert "<b>Chiara</b>" in answer.text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "allow-scripts" not in answer.headers["Content-Security-Policy"]

    def test_the_html_part_has_its_pictures_within(self, office: FlaskClient) -> None:
        answer = office.get(f"/ufficio/posta/{make_letter()}/html")

        assert 'src="data:image/png;base64,iVBORw=="' in answer.text
        assert "cid:" not in answer.text

    def test_a_letter_that_left_by_smtp_says_that_there_is_no_copy(
        self, office: FlaskClient
    ) -> None:
        letter_id = make_letter(has_copy=False)

        page = office.get(f"/ufficio/posta/{letter_id}")

        assert page.status_code == 200
        assert "Qui non c’è una copia." in page.text
        assert office.get(f"/ufficio/posta/{letter_id}/html").status_code == 404

    def test_an_unknown_letter_is_not_found(self, office: FlaskClient) -> None:
        assert office.get("/ufficio/posta/999999").status_code == 404


class TestHome:
    @pytest.mark.parametrize(
        ("role", "path"),
        [
            (Role.SALES, "/ufficio/preventivi"),
            (Role.SALES_MANAGER, "/ufficio/preventivi"),
            (Role.OPERATIONS, "/ufficio/ordini"),
            (Role.ACCOUNTING, "/ufficio/fatture"),
            (Role.ADMINISTRATOR, "/ufficio/preventivi"),
        ],
    )
    def test_leads_each_to_the_page_of_their_work(
        self, client: FlaskClient, role: Role, path: str
    ) -> None:
        answer = sign_in(client, make_user(role)).get("/ufficio")

        assert answer.location == path
        assert client.get(path).status_code == 200
