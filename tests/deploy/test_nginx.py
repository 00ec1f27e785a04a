"""nginx.conf parses, keeps to the product's limits, keeps its private pages private, and serves."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import crossplane
import pytest

import config
from gifting.platform.embedded import free_port
from gifting.web import door
from gifting.web.app import create_app
from tests.support.running import ROOT

FILE = ROOT / "deploy/nginx.conf"
TEXT = FILE.read_text(encoding="utf-8")

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def value(directive):
    return re.search(rf"^\s*{directive} (.+?);", TEXT, re.MULTILINE)[1]


class TestFile:
    def test_has_only_directives_that_nginx_knows_in_their_places(self):
        parsed = crossplane.parse(str(FILE), single=True, strict=True)

        assert parsed["errors"] == []

    def test_an_unknown_directive_would_be_noticed(self, tmp_path):
        bad = tmp_path / "nginx.conf"
        bad.write_text(TEXT.replace("proxy_buffers", "proxy_bufers"))

        assert crossplane.parse(str(bad), single=True, strict=True)["errors"]


class Product(BaseHTTPRequestHandler):
    """What stands behind nginx in these tests: it tells the headers that reach it."""

    def do_GET(self):
        told = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """The file with its paths and ports moved to where a test may use them; its three ports."""
    folder = tmp_path_factory.mktemp("nginx")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-batch"]
    ours = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    name = ["-subj", "/CN=gifting.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, *ours, *name], cwd=folder, capture_output=True, check=True)
    (folder / "mime.types").write_text("types {}")
    plain, safe, behind = (free_port() for _ in range(3))
    moved = {
        "/etc/nginx/tls": str(folder),
        "/var/cache/nginx/static": str(folder / "static"),
        "/run/nginx.pid": str(folder / "pid"),
        "user nginx;": "",
        "http {": "http {" + "".join(f"{kind}_temp_path {folder};" for kind in TEMPORARY),
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ": f"listen 127.0.0.1:{safe} ",
        "listen [::]:443 ssl http2;": "",
        "http://web:8000": f"http://127.0.0.1:{behind}",
    }
    text = TEXT
    for old, new in moved.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "nginx.conf"
    file.write_text(text)
    return file, plain, safe, behind


@pytest.fixture(scope="module")
def serving(trial):
    """Run nginx before a product that only tells what reaches it; yield how to ask for a page."""
    file, plain, safe, behind = trial
    product = ThreadingHTTPServer(("127.0.0.1", behind), Product)
    threading.Thread(target=product.serve_forever, daemon=True).start()
    nginx = subprocess.Popen(["nginx", "-c", file, "-e", "stderr", "-g", "daemon off;"])
    trust = ssl.create_default_context(cafile=file.with_name("fullchain.pem"))

    def ask(path, *, is_safe=True, body=None, **headers):
        if is_safe:
            line = HTTPSConnection("127.0.0.1", safe, timeout=10, context=trust)
        else:
            line = HTTPConnection("127.0.0.1", plain, timeout=10)
        with closing(line):
            line.request("POST" if body else "GET", path, body, headers)
            answer = line.getresponse()
            return answer.status, dict(answer.headers), answer.read()

    try:
        _wait_for(safe)
        yield ask
    finally:
        nginx.terminate()
        nginx.wait(10)
        product.shutdown()
        product.server_close()


def _wait_for(port):
    for _ in range(100):
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))):
            return
        time.sleep(0.1)
    raise TimeoutError("nginx does not listen")


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
class TestNginx:
    def test_accepts_the_file(self, trial):
        said = subprocess.run(
            ["nginx", "-t", "-q", "-c", trial[0], "-e", "stderr"],
            capture_output=True,
            text=True,
            check=False,
        )

        assert said.returncode == 0, said.stderr

    def test_leads_to_the_safe_address(self, serving):
        status, headers, _body = serving("/prodotti?q=a", is_safe=False, Host="gifting.example")

        assert (status, headers["Location"]) == (301, "https://gifting.example/prodotti?q=a")

    def test_replaces_what_a_visitor_claims_to_be(self, serving):
        claims = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "ftp", "X-Request-ID": "mine"}
        _status, _headers, body = serving("/", Host="gifting.example", **claims)
        told = json.loads(body)

        assert told["Host"] == "gifting.example"
        assert told["X-Forwarded-For"] == "127.0.0.1"
        assert told["X-Forwarded-Proto"] == "https"
        assert told["X-Request-ID"] != "mine"

    @pytest.mark.parametrize("path", ["/metrics", "/health", "/health/ready"])
    def test_hides_what_is_for_machines(self, serving, path):
        assert serving(path)[0] == 404

    def test_lets_a_balancer_see_that_it_lives(self, serving):
        assert serving("/health/live")[0] == 200

    def test_refuses_a_body_that_no_page_takes_before_it_is_read(self, serving):
        assert serving("/", **{"Content-Length": str(9 * 1024 * 1024)})[0] == 413


class TestLimits:
    def test_a_body_may_be_as_large_as_the_product_takes_it(self):
        most = max(door.MAX_BODY, *(body.most for body in door.BODIES.values()))

        assert value("client_max_body_size") == f"{most // 1024}k"

    def test_it_waits_longer_than_the_web_process(self):
        waits = int(value("proxy_read_timeout").rstrip("s"))

        assert waits > config.load({}).web_timeout_seconds

    def test_it_is_the_one_proxy_that_is_believed(self):
        example = (ROOT / "deploy/production.env.example").read_text(encoding="utf-8")

        assert "\nTRUSTED_PROXIES=1\n" in example
        assert value("proxy_set_header X-Forwarded-For") == "$remote_addr"
        assert value("proxy_set_header X-Forwarded-Proto") == "$scheme"


class TestPrivatePages:
    def test_are_hidden_but_that_which_says_it_lives(self, settings):
        hidden = set(re.findall(r"location = (\S+) \{\s*return 404;", TEXT))
        routes = create_app(settings).url_map
        private = (*routes.iter_rules("probes.ready"), *routes.iter_rules("probes.show_metrics"))
        pages = {rule.rule for rule in private}

        assert hidden == pages
