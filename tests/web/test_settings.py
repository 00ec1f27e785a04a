import subprocess
import sys
from dataclasses import replace

import pytest

import config
from gifting.platform import connections
from gifting.platform.db import db

OWN = {
    "GIFTING_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "DATABASE_URL": "postgresql+psycopg://app@db/gifting",
    "REDIS_URL": "redis://broker/0",
    "SMTP_URL": "smtps://mail.example:465",
    "PUBLIC_URL": "https://gifting.example",
    "SELLER_NAME": "Consorzio",
    "SELLER_VAT_NUMBER": "00743110157",
    "SELLER_IBAN": "IT60X0542811101000000123456",
}


class TestProduction:
    def test_starts_on_settings_of_its_own(self):
        config.load(OWN).refuse_unsafe()

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("SECRET_KEY", config.SAMPLE_SECRET, "SECRET_KEY"),
            ("SECRET_KEY", "short", "SECRET_KEY"),
            ("SECRET_KEY_FALLBACKS", config.SAMPLE_SECRET, "SECRET_KEY_FALLBACKS"),
            ("SECRET_KEY_FALLBACKS", f"{'o' * 40} short", "SECRET_KEY_FALLBACKS"),
            ("DATABASE_URL", "", "DATABASE_URL"),
            ("REDIS_URL", "", "REDIS_URL"),
            ("SMTP_URL", "", "SMTP_URL"),
            ("PUBLIC_URL", "http://gifting.example", "PUBLIC_URL"),
            ("SELLER_IBAN", None, "SELLER_IBAN"),
        ],
    )
    def test_refuses_a_sample_or_missing_value_and_names_it(self, name, value, said):
        environment = {k: v for k, v in (OWN | {name: value}).items() if v is not None}

        with pytest.raises(config.UnsafeSettings, match=said):
            config.load(environment).refuse_unsafe()

    def test_the_embedded_product_starts_on_the_sample(self):
        config.load({}).refuse_unsafe()


class TestLoad:
    def test_reads_port_and_instance(self, tmp_path):
        settings = config.load({"PORT": "8123", "GIFTING_INSTANCE": str(tmp_path)})

        assert settings.port == 8123
        assert settings.instance == tmp_path
        assert settings.public_url == "http://127.0.0.1:8123"

    def test_session_cookies_of_two_copies_do_not_meet(self):
        names = {
            config.flask_config(config.load({"PORT": port}))["SESSION_COOKIE_NAME"]
            for port in ("8000", "8001")
        }

        assert len(names) == 2


class TestMalformedSettings:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PORT", "eight"),
            ("PORT", "0"),
            ("PORT", "70000"),
            ("PORT", "²"),
            ("WEB_WORKERS", "-1"),
            ("WEB_TIMEOUT_SECONDS", "1.5"),
            ("TRUSTED_PROXIES", "yes"),
            ("DATABASE_CONNECTIONS", "1"),
            ("DATABASE_URL", "mysql://db"),
            ("DATABASE_ADMIN_URL", "db:5432"),
            ("REDIS_URL", "http://broker"),
            ("SMTP_URL", "mail.example"),
            ("STORAGE_URL", "/srv/files"),
            ("BACKUP_URL", "ftp://host"),
            ("PUBLIC_URL", "gifting.example"),
            ("GIFTING_ENV", "Production"),
            ("LOG_LEVEL", "loud"),
            ("HSTS_SUBDOMAINS", "yes"),
        ],
    )
    def test_are_refused_in_one_line_that_names_them(self, name, value):
        with pytest.raises(config.UnsafeSettings, match=rf"^{name} [^\n]*$"):
            config.load({name: value})

    def test_are_named_all_at_once(self):
        with pytest.raises(config.UnsafeSettings, match=r"PORT.*REDIS_URL"):
            config.load({"PORT": "x", "REDIS_URL": "y"})

    def test_never_repeat_what_was_written_for_it_may_be_a_password(self):
        with pytest.raises(config.UnsafeSettings) as refused:
            config.load({"DATABASE_URL": "postgres://app:geheim@db/gifting"})

        assert "geheim" not in str(refused.value)

    def test_an_empty_variable_is_one_that_is_not_set(self):
        assert config.load({"PORT": "", "STORAGE_URL": "", "SELLER_NAME": ""}) == config.load({})

    @pytest.mark.parametrize("program", ["gunicorn", "celery", "flask"])
    def test_stop_each_program_with_the_line_and_no_traceback(self, program):
        arguments = {
            "gunicorn": ["gunicorn", "-c", "gifting/web/gunicorn_conf.py", "wsgi:app"],
            "celery": ["celery", "-A", "wsgi:celery_app", "worker"],
            "flask": ["flask", "--app", "wsgi", "routes"],
        }[program]
        ended = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *arguments],
            cwd=config.ROOT,
            env={"PATH": "/usr/bin:/bin", "PORT": "eight"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert ended.returncode != 0
        assert "PORT must be a whole number from 1 to 65535" in ended.stderr
        assert "Traceback" not in ended.stderr


class TestSecretsInFiles:
    def test_are_read_from_the_file_that_is_named(self, tmp_path):
        (tmp_path / "key").write_text("k" * 40 + "\n")

        assert config.load({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "k" * 40

    def test_older_keys_stand_one_on_a_line(self, tmp_path):
        (tmp_path / "keys").write_text(f"{'o' * 40}\n{'p' * 40}\n")
        settings = config.load({"SECRET_KEY_FALLBACKS_FILE": str(tmp_path / "keys")})

        assert settings.secret_key_fallbacks == ("o" * 40, "p" * 40)
        assert config.flask_config(settings)["SECRET_KEY_FALLBACKS"] == ["o" * 40, "p" * 40]

    def test_a_file_that_is_not_there_is_named_by_its_variable(self):
        with pytest.raises(config.UnsafeSettings, match="DATABASE_URL_FILE cannot be read"):
            config.load({"DATABASE_URL_FILE": "/nowhere"})


class TestConnections:
    @pytest.mark.parametrize(
        ("processes", "each", "said"),
        [(0, 3, "DATABASE_PROCESSES is not set"), (1000, 6, "6005 in all"), (2, 3, "")],
    )
    def test_a_shortage_is_said_at_the_start(self, app, caplog, processes, each, said):
        settings = replace(config.load({}), database_processes=processes, database_connections=each)

        connections.warn_of_shortage(db.engine, settings)

        assert said in caplog.text
        assert bool(caplog.text) == bool(said)
