import subprocess

import psycopg
import pytest

from gifting.platform import embedded
from gifting.platform.embedded import postgres_server


class TestStart:
    def test_joins_a_server_that_runs_and_lets_the_application_own_nothing(self, tmp_path):
        first = embedded.start(tmp_path, with_broker=False)
        second = embedded.start(tmp_path, with_broker=False)

        assert first == second
        uri = first.database_url.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(uri) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("gifting_app",)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id int)")

    def test_tries_again_when_a_busy_machine_was_too_slow(self, tmp_path, monkeypatch):
        monkeypatch.setattr(embedded.time, "sleep", lambda _seconds: None)
        slow = iter([subprocess.TimeoutExpired("pg_ctl", 10)])
        start = postgres_server.get_server

        def start_slowly(folder, **options):
            for error in slow:
                raise error
            return start(folder, **options)

        monkeypatch.setattr(postgres_server, "get_server", start_slowly)

        assert embedded.start(tmp_path, with_broker=False).database_url

    def test_gives_up_after_the_last_attempt(self, tmp_path, monkeypatch):
        monkeypatch.setattr(embedded.time, "sleep", lambda _seconds: None)

        def never(_folder, **_options):
            raise subprocess.TimeoutExpired("pg_ctl", 10)

        monkeypatch.setattr(postgres_server, "get_server", never)

        with pytest.raises(subprocess.TimeoutExpired):
            embedded.start(tmp_path, with_broker=False)
