"""Two hosts in production: one database, one broker, files in S3, and a beat too many."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest

from gifting.platform import embedded
from tests.support import s3
from tests.support.accounts import PASSWORD
from tests.support.running import ROOT, is_healthy, start
from tests.support.smtp import smtp_server

pytestmark = pytest.mark.xdist_group("journeys")

NAME = "gifting.example"
PAPER = b"%PDF l'offerta, scritta sul primo host"
LETTERS = 12
RELAY_SECONDS = 60

FIRST_HOST = f"""
import json, wsgi
from gifting.documents import service as documents
from gifting.accounts import service as accounts
from gifting.platform import clock, outbox
from gifting.platform.db import db
from tests.support.accounts import make_user

with wsgi.app.app_context():
    user = make_user()
    kept = documents.keep(subject="quote:1", kind="offer", company_id=user.company_id,
        filename="offerta.pdf", content={PAPER!r}, now=clock.now())
    for number in range({LETTERS}):
        outbox.owe(accounts.MAIL_ALREADY, key=f"twice:{{number}}", now=clock.now(),
            record_id=user.id, letter=f"twice:{{number}}")
    db.session.commit()  # past the unit of work: nobody rings, the beats find them
    print(json.dumps({{"email": user.email, "document": kept.id}}))
"""


@pytest.fixture(scope="module")
def letters():
    with smtp_server() as (address, letters):
        yield address, letters


@pytest.fixture(scope="module")
def bucket():
    with s3.serving() as (address, bucket):
        yield address, bucket


@pytest.fixture(scope="module")
def environment(tmp_path_factory, letters, bucket):
    """What both hosts are told; they differ in port and instance folder alone."""
    servers = embedded.start(tmp_path_factory.mktemp("servers"))
    return {
        "GIFTING_ENV": "production",
        "SECRET_KEY": "k" * 48,
        "PUBLIC_URL": f"https://{NAME}",
        "DATABASE_URL": servers.database_url,
        "DATABASE_ADMIN_URL": servers.database_admin_url,
        "REDIS_URL": servers.redis_url,
        "STORAGE_URL": "s3://gifting/files",
        "SMTP_URL": letters[0],
        "SELLER_NAME": "Consorzio",
        "SELLER_VAT_NUMBER": "00743110157",
        "SELLER_IBAN": "IT60X0542811101000000123456",
        "TRUSTED_PROXIES": "1",
        **s3.environment(bucket[0]),
    }


@pytest.fixture(scope="module")
def hosts(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("hosts")
    first = start(folder / "first", **environment)
    try:
        second = start(folder / "second", **environment)
        try:
            yield first, second
        finally:
            second.stop()
    finally:
        first.stop()


@pytest.fixture(scope="module")
def written(hosts, environment):
    """What the first host has written: a person, a paper, and letters nobody rang for."""
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIRST_HOST],
        cwd=ROOT,
        env={**os.environ, **environment, "GIFTING_INSTANCE": str(hosts[0].instance)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])


class Visitor:
    """Somebody behind the proxy, with cookies, whom either host may serve."""

    def __init__(self):
        self.cookies = SimpleCookie()

    def ask(self, host, path, fields=None):
        """Return the status and the body of the answer."""
        connection = http.client.HTTPConnection(urlsplit(host.address).netloc, timeout=30)
        headers = {
            "Host": NAME,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Referer": f"https://{NAME}{path}",
            "Cookie": "; ".join(f"{name}={m.value}" for name, m in self.cookies.items()),
        }
        body = urlencode(fields) if fields else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if body else "GET", path, body, headers)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        content = answer.read()
        connection.close()
        return answer.status, content


class TestTwoHosts:
    def test_a_session_begun_on_one_holds_on_the_other(self, hosts, written):
        first, second = hosts
        visitor = Visitor()
        _status, page = visitor.ask(first, "/accedi")
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)[1].decode()
        signed_in, _page = visitor.ask(
            second,
            "/accedi",
            {"csrf_token": token, "email": written["email"], "password": PASSWORD},
        )

        assert signed_in == 302
        assert sorted(visitor.cookies) == ["__Host-gifting", "__Host-gifting-device"]
        assert visitor.ask(first, "/casa")[0] == visitor.ask(second, "/casa")[0] == 200
        for host in hosts:
            assert visitor.ask(host, f"/documenti/{written['document']}") == (200, PAPER)

    def test_files_are_in_the_one_storage_and_on_no_host(self, hosts, written, bucket):
        assert PAPER in bucket[1].objects.values()
        assert not [host for host in hosts if (host.instance / "files").exists()]

    def test_two_beats_send_no_letter_twice(self, hosts, written, letters):
        sent = letters[1]
        for _ in range(RELAY_SECONDS * 2):
            if len(sent) >= LETTERS:
                break
            time.sleep(0.5)
        time.sleep(3)  # for one too many to arrive

        names = [letter["Message-ID"] for letter in sent]
        assert len(names) == len(set(names)) == LETTERS

    def test_one_goes_on_when_the_other_stops(self, hosts, written):
        first, second = hosts
        first.stop()

        assert is_healthy(second)
