import socket
import subprocess

import psycopg
import pytest
import redis

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


@pytest.fixture
def stop_valkey():
    started = []
    yield started.append
    for instance in started:
        url = (instance / "valkey.url").read_text()
        redis.Redis.from_url(url).shutdown(nosave=True)


class TestBroker:
    def test_takes_another_port_when_somebody_was_quicker(self, tmp_path, monkeypatch, stop_valkey):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            ports = iter([taken.getsockname()[1], embedded.free_port()])
            monkeypatch.setattr(embedded, "free_port", lambda: next(ports))

            url = embedded.start(tmp_path, with_database=False).redis_url

        stop_valkey(tmp_path)
        assert redis.Redis.from_url(url).ping()

    def test_does_not_join_the_broker_of_another_copy(self, tmp_path, stop_valkey):
        one, other = tmp_path / "one", tmp_path / "other"
        first = embedded.start(one, with_database=False).redis_url
        stop_valkey(one)
        other.mkdir()
        (other / "valkey.url").write_text(first)  # its own died, and the port changed hands

        second = embedded.start(other, with_database=False).redis_url
        stop_valkey(other)

        assert second != first
        assert embedded.start(one, with_database=False).redis_url == first
