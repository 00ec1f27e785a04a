"""The old attacks, each shown to work once its guard is taken away.

A test that only sees an attack fail cannot tell a guard from luck: here the same request is made
twice, the second time without the guard.
"""

import re
from datetime import datetime
from email import message_from_bytes, policy
from io import BytesIO
from typing import Any, ClassVar

import pytest

from gifting.accounts import models
from gifting.accounts.forms import ProfileForm
from gifting.accounts.queries import find_person
from gifting.accounts.views import session as signing
from gifting.core.roles import Role
from gifting.documents import service as documents
from gifting.orders import queries as orders
from gifting.platform import links, mail
from gifting.platform.db import db
from gifting.platform.uow import transaction
from gifting.web import headers
from gifting.web.registry import ROUTES
from tests.architecture.test_access import World, routes_of, variables_of
from tests.conftest import NOW
from tests.support.accounts import PASSWORD, make_user, sign_in
from tests.support.orders import make_accepted_order

AWAY = (
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    " //evil.example",
    "/%0d%0aLocation:%20//evil.example",
)


class TestOpenRedirect:
    @pytest.mark.parametrize("target", AWAY)
    @pytest.mark.parametrize("path", ["/accedi", "/lingua/en"])
    def test_leads_nowhere_but_home(self, client, path, target):
        if path == "/accedi":
            sign_in(client, make_user())

        answer = client.get(path, query_string={"next": target})

        assert re.fullmatch(r"/[\w%:/.-]*", answer.location)
        assert not answer.location.startswith("//")

    def test_would_lead_away_without_the_guard(self, client, monkeypatch):
        from gifting.accounts.views import access  # noqa: PLC0415 - the module whose guard goes

        monkeypatch.setattr(access, "local_path", lambda target: target)

        assert client.get("/lingua/en?next=//evil.example/").location == "//evil.example/"

    def test_guard_lets_our_own_pages_through(self):
        assert signing.local_path("/ordini?prima=3") == "/ordini?prima=3"


class TestMassAssignment:
    SENT: ClassVar = {
        "name": "Chiara Fontana",
        "locale": "it",
        "phone": "",
        "role": "administrator",
        "is_active": "",
        "company_id": "1",
        "email": "evil@example.com",
    }

    def test_changes_nothing_but_the_forms_own_fields(self, client):
        buyer = make_user()
        before = find_person(buyer.id)
        sign_in(client, buyer)

        client.post("/profilo", data=self.SENT)

        after = find_person(buyer.id)
        assert (after.role, after.company_id, after.email) == (
            before.role, before.company_id, before.email
        )  # fmt: skip

    def test_would_work_on_a_form_filled_straight_into_the_row(self, app):
        """What the house never does: `populate_obj` with a field too many."""
        from wtforms import StringField  # noqa: PLC0415

        class Careless(ProfileForm):
            role = StringField()

        user = models.User(name="x", role=Role.BUYER)
        with app.test_request_context("/", method="POST", data=self.SENT):
            Careless().populate_obj(user)

        assert user.role == "administrator"

    def test_has_no_populate_obj_to_work_on(self):
        from tests.architecture.test_house import PYTHON  # noqa: PLC0415

        assert [path.name for path in PYTHON if "populate_obj(" in path.read_text()] == []


class TestSessionFixation:
    def plant(self, client):
        """Put a session of the attacker's into the victim's browser."""
        with client.session_transaction() as planted:
            planted["planted"] = "by somebody else"
            planted["_id"] = "known"

    def enter(self, client):
        user = make_user()
        answer = client.post("/accedi", data={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 302

    def test_leaves_nothing_planted_after_signing_in(self, client):
        self.plant(client)
        self.enter(client)

        with client.session_transaction() as now:
            assert "planted" not in now
            assert now.get("_id") != "known"
            assert now["_user_id"]

    def test_would_keep_it_without_the_guard(self, client, monkeypatch):
        monkeypatch.setattr(signing, "_KEPT", ("planted",))
        self.plant(client)
        self.enter(client)

        with client.session_transaction() as now:
            assert now["planted"] == "by somebody else"


class TestForgedPosts:
    """Cross-site request forgery: a POST without the token of the session is refused."""

    @pytest.fixture
    def guarded(self, app, client):
        app.config["WTF_CSRF_ENABLED"] = True
        yield client
        app.config["WTF_CSRF_ENABLED"] = False

    def posts(self, app, world) -> list[tuple[str, str]]:
        return [
            (endpoint, path)
            for endpoint in sorted(ROUTES)
            if variables_of(app, endpoint) <= set(world.values(endpoint))
            for method, path in routes_of(app, endpoint, world.values(endpoint))
            if method == "POST"
        ]

    def test_are_refused_on_every_route(self, app, guarded):
        world = World()
        administrator = make_user(Role.ADMINISTRATOR)
        taken = []

        for endpoint, path in self.posts(app, world):
            for person in (world.buyer, administrator):
                sign_in(guarded, person)
                for data in ({}, {"csrf_token": "forged"}):
                    answer = guarded.post(path, data=data)
                    if answer.status_code != 400 or "troppo tempo" in answer.text:
                        taken.append((endpoint, answer.status_code))

        assert taken == []

    def test_are_taken_without_the_guard(self, app, client):
        world = World()
        sign_in(client, world.buyer)

        answers = {client.post(path).status_code for _endpoint, path in self.posts(app, world)}

        assert answers - {400, 403}

    def test_with_the_pages_own_token_are_taken(self, guarded):
        page = guarded.get("/accedi").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

        answer = guarded.post("/accedi", data={"csrf_token": token, "email": "", "password": ""})

        assert answer.status_code == 422


class TestClickjacking:
    def test_finds_no_page_to_frame(self, client):
        answer = client.get("/accedi")

        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"

    def test_would_find_one_without_the_guard(self, client, monkeypatch):
        monkeypatch.setitem(headers.ALWAYS, "Content-Security-Policy", "frame-ancestors 'self' *")

        assert client.get("/accedi").headers["X-Frame-Options"] == "SAMEORIGIN"


class TestHostInLetters:
    def test_is_our_own_whatever_the_browser_called_us(self, app, monkeypatch):
        monkeypatch.setitem(app.config, "TRUSTED_HOSTS", None)  # the door's guard is away
        with app.test_request_context("/", headers={"Host": "evil.example"}):
            assert links.to("accounts.sign_in") == "http://127.0.0.1:8000/accedi"

    def test_would_be_the_browsers_without_the_guard(self, app, monkeypatch):
        from flask import url_for  # noqa: PLC0415

        monkeypatch.setitem(app.config, "TRUSTED_HOSTS", None)
        monkeypatch.setitem(app.config, "SERVER_NAME", None)
        with app.test_request_context("/", headers={"Host": "evil.example"}):
            assert url_for("accounts.sign_in", _external=True).startswith("http://evil.example")


class TestHeadersOfLetters:
    """A line end in a name must not begin a header of its own."""

    def letter(self, app: Any, at: datetime) -> Any:
        with app.test_request_context("/"), transaction():
            mail.send("quotes_question", to="a@example.com", locale="it", key="k", now=at)
        letter_id = mail.message_id("k", app.config["SETTINGS"].mail_from)
        return message_from_bytes(mail.kept_copy(letter_id).read_bytes(), policy=policy.default)

    def test_stay_ours(self, app, at_now, monkeypatch):
        monkeypatch.setattr(
            mail,
            "render_template",
            lambda name, **_context: "Oggetto\r\nBcc: evil@example.com\r\n\r\nCorpo",
        )

        letter = self.letter(app, at_now)

        assert letter["Bcc"] is None
        assert letter["Subject"] == "Oggetto Bcc: evil@example.com Corpo"

    def test_are_refused_by_the_library_too(self):
        from email.message import EmailMessage  # noqa: PLC0415

        letter = EmailMessage()
        with pytest.raises(ValueError, match="linefeed"):
            letter["Subject"] = "Oggetto\r\nBcc: evil@example.com"


class TestFilenames:
    @pytest.mark.parametrize(
        "name", ['a"\r\nSet-Cookie: x=1.pdf', "a\nb.pdf", 'x"; filename="evil.exe', "../../a.pdf"]
    )
    def test_split_no_answer(self, client, name):
        buyer = make_user()
        with transaction():
            kept = documents.keep(
                subject="quote:9", kind="offer", company_id=buyer.company_id,
                filename=name, content=b"%PDF-1.7", now=NOW,
            )  # fmt: skip
        sign_in(client, buyer)

        answer = client.get(f"/documenti/{kept.id}")

        said = answer.headers["Content-Disposition"]
        assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]
        assert "\r" not in said
        assert "\n" not in said
        assert "/" not in said.replace("*=UTF-8''", "")
        assert 'filename="evil.exe' not in said


class TestCaches:
    def test_keep_no_page_of_somebody(self, client):
        sign_in(client, make_user())

        for path in ("/casa", "/profilo", "/prodotti", "/ordini"):
            answer = client.get(path)
            assert answer.headers["Cache-Control"] == "private, no-store", path
            assert "Cookie" in answer.headers["Vary"], path

    def test_are_not_led_by_the_name_of_a_style_sheet(self, client):
        """Web cache deception: a private page under an address that ends like a static file."""
        sign_in(client, make_user())

        for path in ("/profilo/x.css", "/casa/logo.png", "/profilo;.css", "/casa%2ex.css"):
            assert client.get(path).status_code == 404, path


class TestMediaTypes:
    def test_are_never_guessed(self, client):
        for path in ("/", "/accedi", "/nothing"):
            assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"

    def test_of_an_upload_are_those_of_its_content(self, app):
        from gifting.platform.uploads import EVIDENCE, UploadRefused, receive  # noqa: PLC0415

        with pytest.raises(UploadRefused):
            receive(BytesIO(b"<html><script>alert(1)</script></html>"), EVIDENCE)


class TestSlowPatterns:
    """Every pattern of ours is given the text that makes a backtracking engine run for ever."""

    TRAPS = (
        "a" * 999,
        "1." * 500,
        "1,111" * 200,
        "a@" + "a." * 400,
        " " * 999,
        "A-" * 500,
        '"' * 999,
        "0" * 999 + "x",
    )

    def patterns(self):
        import importlib  # noqa: PLC0415
        import pkgutil  # noqa: PLC0415

        import gifting  # noqa: PLC0415

        for module in pkgutil.walk_packages(gifting.__path__, "gifting."):
            if module.name.endswith(("gunicorn_conf", "web.run")):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield f"{module.name}.{name}", value

    def test_repeat_no_repetition(self):
        """Time is no witness in a test; the shape is: nothing repeated holds a repeat of itself."""
        nested = re.compile(r"\((?:\?:)?(?:\[[^\]]*\]|\\?.)[+*]\)[+*]")
        found = [name for name, pattern in self.patterns() if nested.search(pattern.pattern)]

        assert found == []
        assert nested.search(r"(a+)+b")

    def test_end(self):
        for _name, pattern in self.patterns():
            for trap in self.TRAPS:
                pattern.fullmatch(trap)


class TestWildcards:
    @pytest.mark.parametrize("text", ["%", "_", "\\", "%%", "a%b", "\\%"])
    def test_are_letters_in_every_search(self, client, text):
        make_accepted_order()
        sign_in(client, make_user(Role.ADMINISTRATOR))

        assert orders.list_orders(company_id=None, text=text) == []
        for path in ("/ufficio/preventivi?vista=all&cerca=", "/ufficio/fatture?cerca="):
            page = client.get(path.split("?")[0], query_string=_query(path, text))
            assert page.status_code == 200
            assert "P-2026-" not in re.sub(r'placeholder="[^"]*"|per esempio[^<]*', "", page.text)

    def test_would_find_everything_without_the_guard(self, client):
        import sqlalchemy as sa  # noqa: PLC0415

        from gifting.orders.models import Order  # noqa: PLC0415

        make_accepted_order()

        assert db.session.scalar(sa.select(sa.func.count()).where(Order.title.icontains("%")))


def _query(path: str, text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in path.partition("?")[2].split("&")]
    return {name: value or text for name, _is, value in pairs}
