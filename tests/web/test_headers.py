"""Every answer carries the whole set of headers, whoever asks and whatever for."""

from dataclasses import replace

import pytest

import config
from gifting.core.roles import COMPANY, Role
from gifting.platform.db import db
from gifting.web import headers
from gifting.web.app import create_app
from gifting.web.registry import ROUTES
from tests.architecture.test_access import World, routes_of, variables_of
from tests.support.accounts import make_user, sign_in
from tests.web.test_settings import OWN

OWN_POLICY = {"documents.download", "backoffice.mail_html"}
"""What is shown inside a page of ours, or comes from outside, has a policy of its own."""
READERS = (None, *sorted(Role))


def every_get(app, world):
    for endpoint in sorted(ROUTES):
        values = world.values(endpoint)
        if variables_of(app, endpoint) <= set(values):
            for method, path in routes_of(app, endpoint, values):
                if method == "GET":
                    yield endpoint, path


class TestEveryPage:
    @pytest.mark.parametrize("role", READERS, ids=str)
    def test_has_all_headers(self, app, client, role):
        world = World()
        if role is not None:
            company = {"company_id": world.buyer.company_id} if role in COMPANY else {}
            sign_in(client, make_user(role, **company))
        wrong = []

        for endpoint, path in every_get(app, world):
            answer = client.get(path)
            expected = dict(headers.ALWAYS)
            if endpoint in OWN_POLICY and answer.status_code == 200:
                expected["Content-Security-Policy"] = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in expected["Content-Security-Policy"]
                assert "script-src" not in expected["Content-Security-Policy"]
            wrong += [
                (path, name, answer.headers.getlist(name))
                for name, value in expected.items()
                if answer.headers.getlist(name) != [value]
            ]
            kept = answer.headers["Cache-Control"]
            allowed = {"private, no-store", "no-store"}
            if role is None:
                allowed.add("private, no-cache")
            if kept not in allowed or "X-Frame-Options" not in answer.headers:
                wrong.append((path, kept))

        assert wrong == []

    def test_a_refusal_has_them_too(self, client):
        for answer in (client.get("/nothing"), client.get("/", headers={"Host": "evil.example"})):
            assert {name: answer.headers[name] for name in headers.ALWAYS} == headers.ALWAYS

    def test_a_static_file_has_its_own(self, client):
        path = client.application.extensions["assets"].url("css/base.css")

        with client.get(path) as answer:
            answer.get_data()

        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "immutable" in answer.headers["Cache-Control"]


class TestPolicy:
    def test_lets_nothing_inline_run_and_nobody_frame_us(self):
        policy = headers.CONTENT_SECURITY_POLICY

        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy

    def test_only_what_our_own_pages_show_may_be_framed(self, client):
        assert client.get("/prodotti").headers["X-Frame-Options"] == "DENY"


class TestTransport:
    def test_is_strict_in_production(self):
        own = config.load(OWN)

        assert headers.strict_transport(own) == "max-age=31536000"
        below = replace(own, has_subdomains_in_https=True)
        assert headers.strict_transport(below) == "max-age=31536000; includeSubDomains"
        assert headers.strict_transport(replace(own, is_production=False)) == ""

    def test_is_said_on_every_answer_of_production(self, settings, migrated_app):
        own = replace(
            config.load(OWN),
            database_url=settings.database_url,
            database_admin_url=settings.database_admin_url,
            redis_url=settings.redis_url,
            instance=settings.instance,
        )
        app = create_app(own)

        answer = app.test_client().get("/accedi", base_url="https://gifting.example")

        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-gifting=")
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert part in cookie
        assert "Domain" not in cookie
        with app.app_context():
            db.engine.dispose()
