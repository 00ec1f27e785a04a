"""nginx.conf parses, keeps to the product's limits and keeps its private pages private."""

import re
import shutil
import subprocess

import crossplane
import pytest

import config
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

    @pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
    def test_nginx_itself_accepts_it(self, tmp_path):
        make_certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-batch"]
        subprocess.run(
            [*make_certificate, "-keyout", "privkey.pem", "-out", "fullchain.pem"],
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        trial = tmp_path / "nginx.conf"
        moved = {
            "/etc/nginx/tls": str(tmp_path),
            "/var/cache/nginx/static": str(tmp_path / "static"),
            "/run/nginx.pid": str(tmp_path / "pid"),
            "user nginx;": "",
            "http {": "http {" + "".join(f"{kind}_temp_path {tmp_path};" for kind in TEMPORARY),
        }
        (tmp_path / "mime.types").write_text("types {}")
        text = TEXT
        for old, new in moved.items():
            text = text.replace(old, new)
        trial.write_text(text)
        said = subprocess.run(
            ["nginx", "-t", "-q", "-c", trial, "-e", "stderr"],
            capture_output=True,
            text=True,
            check=False,
        )

        assert said.returncode == 0, said.stderr


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
