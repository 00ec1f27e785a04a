"""Where a request says it comes from is believed only behind proxies that the settings name."""

from dataclasses import replace

import pytest
from flask import request

from gifting.platform.db import db
from gifting.web.app import create_app

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4"}


class TestRemoteAddress:
    @pytest.mark.parametrize(
        ("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.4"), (2, "203.0.113.9")]
    )
    def test_is_the_one_the_named_proxies_vouch_for(self, settings, migrated_app, proxies, address):
        app = create_app(replace(settings, trusted_proxies=proxies))
        seen = []
        app.before_request(lambda: seen.append(request.remote_addr))

        app.test_client().get("/health/live", headers=FORWARDED)

        assert seen == [address]
        with app.app_context():
            db.engine.dispose()


class TestCaching:
    def test_no_page_is_kept_by_anybody_but_its_reader(self, client):
        assert client.get("/prodotti").headers["Cache-Control"] == "private, no-cache"


class TestForwardedHost:
    @pytest.mark.parametrize(
        ("proxies", "trusted", "status"), [(0, False, 200), (1, False, 200), (1, True, 400)]
    )
    def test_is_believed_only_when_the_settings_say_so(
        self, settings, migrated_app, proxies, trusted, status
    ):
        """Believed, it is judged like any other name: a strange one is refused."""
        app = create_app(replace(settings, trusted_proxies=proxies, trusts_forwarded_host=trusted))

        answer = app.test_client().get("/health/live", headers={"X-Forwarded-Host": "evil.example"})

        assert answer.status_code == status
        with app.app_context():
            db.engine.dispose()
