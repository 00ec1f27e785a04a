"""What no page can use is refused before any page sees it, plainly and never with a crash."""

import json
from dataclasses import replace
from io import BytesIO
from itertools import count

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from gifting.accounts.service.hashing import is_password
from gifting.core.roles import Role
from gifting.platform import outbox
from gifting.platform.uploads import EVIDENCE
from gifting.web import door, gunicorn_conf
from gifting.web.access_table import bare_app
from gifting.web.registry import ROUTES
from tests.support.accounts import make_user, sign_in
from tests.support.reach import reaches

_serial = count(1)
FORM = "application/x-www-form-urlencoded"

MULTIPART = "multipart/form-data; boundary=x"


class TestAddress:
    @pytest.mark.parametrize(
        "path",
        [
            "/prodotti/%00",
            "/prodotti/%1b%5b31m",
            "/prodotti/a%0d%0aSet-Cookie:%20x=1",
            "/prodotti?q=%00",
            "/prodotti?q=%ff",
            "/prodotti?q=%ed%a0%80",
            "/prodotti?%c2%80=1",
            "/prodotti?" + "&".join(f"f{n}=1" for n in range(door.MAX_QUERY_FIELDS + 1)),
        ],
        ids=lambda path: path[:24],
    )
    def test_that_is_no_text_is_refused(self, client, path):
        answer = client.get(path)

        assert answer.status_code == 400
        assert "Non abbiamo capito la richiesta" in answer.text

    @pytest.mark.parametrize("raw", ["\xff", "\xed\xa0\x80", "\xc0\xaf", "a\xc3"])
    def test_whose_bytes_are_no_utf_8_is_refused(self, client, raw):
        answer = client.get("/", environ_overrides={"PATH_INFO": f"/prodotti/{raw}"})

        assert answer.status_code == 400

    def test_that_is_too_long_is_refused(self, client):
        assert client.get(f"/prodotti/{'a' * door.MAX_PATH}").status_code == 414
        assert client.get(f"/prodotti?q={'a' * door.MAX_QUERY}").status_code == 414

    def test_that_people_write_is_let_in(self, client):
        assert client.get("/prodotti?q=caffè+d’orzo%0A%09😀&q=%E2%80%AE").status_code == 200


class TestBody:
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"a=b", "text/plain", 415),
            (b"{}", "application/json", 415),
            (b"<a/>", "application/xml", 415),
            (b"a=b", "", 415),
            (b"a=%00", FORM, 400),
            (b"a=%ff", FORM, 400),
            (b"\xff=1", FORM, 400),
            (b"a=%ed%b0%80", FORM, 400),
            (b"&" * (door.MAX_FORM_FIELDS + 1), FORM, 400),
            (b"a=" + b"x" * door.MAX_BODY, FORM, 413),
            (b"no boundary", MULTIPART, 422),
            (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
             MULTIPART, 400),
            (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x01\r\n--x--\r\n',
             MULTIPART, 400),
            (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", MULTIPART, 400),
            (b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na\r\n--x--',
             MULTIPART, 400),
        ],
    )  # fmt: skip
    def test_is_refused_by_what_is_wrong_with_it(self, client, body, content_type, status):
        assert client.post("/accedi", data=body, content_type=content_type).status_code == status

    def test_of_too_many_parts_is_refused(self, client):
        part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
        body = part * (door.MAX_FORM_FIELDS + 1) + b"--x--\r\n"

        answer = client.post("/accedi", data=body, content_type=MULTIPART)

        assert answer.status_code == 413

    def test_that_says_no_length_is_still_bounded(self, client):
        """A chunked body: gunicorn ends the stream, Werkzeug counts what it reads."""
        environ = create_environ("/accedi", "http://127.0.0.1:8000", method="POST")
        environ.pop("CONTENT_LENGTH", None)
        environ |= {
            "wsgi.input": BytesIO(b"a=" + b"x" * (door.MAX_BODY + 1)),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
            "CONTENT_TYPE": FORM,
        }

        answer = run_wsgi_app(client.application, environ, buffered=True)

        assert answer[1].upper() == "413 REQUEST ENTITY TOO LARGE"

    def test_may_be_larger_only_where_a_file_is_taken(self, client):
        sign_in(client, make_user(Role.SALES))
        half = b"x" * (EVIDENCE.max_bytes // 2)
        head = b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.pdf"\r\n\r\n'
        sent = {"data": head + half + b"\r\n--x--\r\n", "content_type": MULTIPART}

        def send(path):
            return client.post(path, **sent).status_code

        assert send("/ufficio/preventivi/P-2026-0001/accetta") == 404
        assert send("/ufficio/preventivi/P-2026-0001/ritira") == 413

    def test_holds_a_file_only_in_the_field_that_takes_one(self, client):
        sign_in(client, make_user(is_company_admin=True))

        def send(field):
            file = (BytesIO(b"no picture"), "a.png")
            return client.post("/azienda/marchio", data={field: file}).status_code

        assert send("logo") == 422
        assert send("csrf_token") == 400

    def test_text_of_a_form_is_let_in(self, client):
        data = {"email": "é’\t\r\n😀@example.com", "password": "due righe\r\n"}

        assert client.post("/accedi", data=data).status_code == 422


RATED_ELSEWHERE = {
    "accounts.sign_in": "accounts/views/guessing.py counts wrong pairs, and right ones never",
    "accounts.sign_out": "ends the session it comes from and writes to nobody",
}
"""What may be posted by anybody and has no row, with the reason."""
POSTS = sorted({r.endpoint for r in bare_app().url_map.iter_rules() if "POST" in r.methods})


class TestTables:
    def test_name_routes_that_are_there(self):
        assert set(door.BODIES) <= set(ROUTES)
        assert set(door.RATES) <= set(ROUTES)

    @pytest.mark.parametrize("endpoint", POSTS)
    def test_have_a_rate_for_what_strangers_post_what_writes_letters_and_what_tries_secrets(
        self, endpoint
    ):
        """Read off the routes and what their views come to call; the rest writes its own rows."""
        view = bare_app().view_functions[endpoint]
        is_open = ROUTES[endpoint] is None
        is_costly = any(reaches(view, target) for target in (outbox.remember_owed, is_password))

        if (is_open or is_costly) and endpoint not in RATED_ELSEWHERE:
            assert endpoint in door.RATES

    def test_name_no_exception_that_has_a_rate(self):
        assert set(RATED_ELSEWHERE) <= set(POSTS) - set(door.RATES)

    def test_the_server_lets_in_what_the_door_judges(self):
        """Only what is longer than any address of ours is left to gunicorn's bare answer."""
        assert gunicorn_conf.limit_request_line > door.MAX_PATH + door.MAX_QUERY + 100
        assert gunicorn_conf.limit_request_fields <= 100


class TestMethods:
    @pytest.mark.parametrize("method", ["TRACE", "DELETE", "PUT", "PATCH", "CONNECT", "FOO"])
    def test_that_no_page_has_are_refused(self, client, method):
        answer = client.open("/prodotti", method=method)

        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert "Da qui non si passa così" in answer.text


class TestHost:
    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example"]
    )
    def test_that_is_not_ours_gets_a_page_that_needs_nothing(self, client, host):
        answer = client.get("/", headers={"Host": host})

        assert answer.status_code == 400
        assert "Questo nome non è il nostro" in answer.text
        assert host not in answer.text

    def test_would_be_believed_without_the_guard(self, app, client, monkeypatch):
        monkeypatch.setitem(app.config, "TRUSTED_HOSTS", None)

        assert client.get("/", headers={"Host": "evil.example"}).status_code == 200

    def test_further_names_are_a_setting(self, app, client, monkeypatch):
        monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["shop.example"])

        assert client.get("/prodotti", headers={"Host": "shop.example"}).status_code == 200


class TestRates:
    @pytest.fixture
    def strict(self, app, client, monkeypatch):
        """The rates as they are in life, for an address that has not asked yet."""
        once = replace(app.config["SETTINGS"], rate_factor=1)
        monkeypatch.setitem(app.config, "SETTINGS", once)
        client.environ_base["REMOTE_ADDR"] = f"2001:db8::{next(_serial):x}"

    def ask(self, client, times, **kwargs):
        return [client.get("/prodotti?q=x", **kwargs).status_code for _ in range(times)]

    @pytest.mark.usefixtures("strict")
    def test_stop_who_searches_without_end_though_no_broker_answers(self, client):
        answers = self.ask(client, 121)

        assert answers == [200] * 120 + [429]
        told = client.get("/prodotti")
        assert int(told.headers["Retry-After"]) <= 60
        assert client.get("/produttori").status_code != 429

    @pytest.mark.usefixtures("strict")
    def test_count_each_person_and_each_address_apart(self, client):
        assert self.ask(client, 121)[-1] == 429
        other = {"environ_base": {"REMOTE_ADDR": "192.0.2.9"}}
        assert self.ask(client, 1, **other) == [200]
        sign_in(client, make_user())
        assert self.ask(client, 1) == [200]

    @pytest.mark.usefixtures("strict")
    def test_of_posting_leave_reading_alone(self, client):
        sign_in(client, make_user())
        posts = [client.post("/preventivi/richiesta").status_code for _ in range(21)]

        assert posts[-1] == 429
        assert 429 not in posts[:20]
        assert client.get("/preventivi/richiesta").status_code != 429

    def test_are_multiplied_by_the_setting(self, client):
        assert 429 not in self.ask(client, 125)


class TestPrograms:
    @pytest.mark.parametrize(
        ("path", "status"), [("/nothing", 404), ("/prodotti?q=%00", 400), ("/ufficio", 401)]
    )
    def test_that_ask_for_json_get_the_same_words(self, client, path, status):
        answer = client.get(path, headers={"Accept": "application/json"})

        assert answer.status_code == status
        if status >= 400:
            problem = json.loads(answer.text)
            assert answer.mimetype == "application/problem+json"
            assert problem["status"] == status
            assert problem["title"]
            assert "<" not in problem["detail"]

    def test_browsers_get_pages(self, client):
        accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

        assert client.get("/nothing", headers={"Accept": accept}).mimetype == "text/html"
        assert client.get("/nothing", headers={"Accept": "*/*"}).mimetype == "text/html"
