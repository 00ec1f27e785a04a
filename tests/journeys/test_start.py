"""`make run` starts everything, keeps the data, and leaves nothing running."""

import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace

import psutil
import pytest
import redis
import sqlalchemy as sa

from gifting.platform import embedded
from gifting.platform.embedded import free_port
from tests.support.running import ROOT, is_healthy, running, start

pytestmark = pytest.mark.xdist_group("journeys")


PEOPLE = "SELECT count(*), min(id), max(id) FROM user_account"


@dataclass(frozen=True)
class FirstRun:
    """What was seen of the first start and its end."""

    printed: str
    was_healthy: bool
    products: int
    people: list[tuple[object, ...]]
    left_running: list[psutil.Process]


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    return tmp_path_factory.mktemp("start") / "instance"


@pytest.fixture(scope="module")
def first(instance):
    """Start on an empty folder, look, and press Ctrl-C."""
    product = start(instance)
    family = psutil.Process(product.process.pid).children(recursive=True)
    postmaster = int((instance / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    family.append(psutil.Process(postmaster))
    seen = FirstRun(
        printed=product.log.read_text(),
        was_healthy=is_healthy(product),
        products=product.ask("SELECT count(*) FROM product")[0][0],
        people=product.ask(PEOPLE),
        left_running=[],
    )
    product.stop()
    _gone, alive = psutil.wait_procs(family, timeout=20)
    return replace(seen, left_running=alive)


@pytest.fixture(scope="module")
def again(instance, first):
    """The same folder, started a second time."""
    with running(instance) as product:
        yield product


class TestMakeRun:
    def test_starts_web_worker_and_beat_and_prints_the_logins(self, first):
        assert first.was_healthy
        assert {"web", "worker", "beat"} <= set(first.printed.split())
        for role in ("buyer", "approver", "finance", "sales", "operations", "accounting"):
            assert role in first.printed
        assert first.products == 220

    def test_ends_every_process(self, first):
        assert first.left_running == []

    def test_a_second_start_keeps_the_data(self, first, again):
        assert again.ask(PEOPLE) == first.people
        assert again.ask("SELECT count(*) FROM product")[0][0] == 220


class TestCommands:
    def test_work_beside_the_running_product(self, instance, again):
        assert "220" in flask(instance, "catalogue", "import", "sample/catalogue")
        assert is_healthy(again)

    def test_work_alone(self, tmp_path):
        assert "Database ready" in flask(tmp_path / "alone", "database", "prepare")


class TestOtherServers:
    def test_are_used_instead_of_the_embedded_ones(self, tmp_path):
        elsewhere = embedded.start(tmp_path / "elsewhere")
        with running(
            tmp_path / "instance",
            DATABASE_URL=elsewhere.database_url,
            DATABASE_ADMIN_URL=elsewhere.database_admin_url,
            REDIS_URL=elsewhere.redis_url,
        ) as product:
            assert is_healthy(product)

        assert not (tmp_path / "instance" / "postgres").exists()
        assert not (tmp_path / "instance" / "valkey").exists()
        engine = sa.create_engine(elsewhere.database_admin_url)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM product")) == 220
        engine.dispose()


class TestIdleConnections:
    def test_do_not_hold_the_workers(self, again):
        """Browsers open connections ahead of need; six of them once stopped both workers."""
        port = int(again.address.rpartition(":")[2])
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
        assert is_healthy(again)
        for connection in idle:
            connection.close()


class TestWhatIsInTheWay:
    def test_a_busy_port_gets_one_line(self, instance, again):
        port = again.address.rpartition(":")[2]
        result = run_briefly(instance.with_name("other"), PORT=port)

        assert result.returncode == 1
        assert result.stderr.strip().splitlines() == [
            f"Port {port} is taken by another program. Start with: PORT={int(port) + 1} make run"
        ]

    def test_a_second_copy_on_the_same_instance_gets_one_line(self, instance, again):
        result = run_briefly(instance, PORT=str(free_port()))

        assert result.returncode == 1
        assert len(result.stderr.strip().splitlines()) == 1
        assert "already running" in result.stderr

    def test_production_refuses_the_sample_settings(self, instance):
        result = run_briefly(instance, GIFTING_ENV="production", PORT=str(free_port()))

        assert result.returncode == 1
        assert "SECRET_KEY" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def run_briefly(instance, **environment):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "gifting.web.run"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "GIFTING_INSTANCE": str(instance), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def flask(instance, *arguments):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "GIFTING_INSTANCE": str(instance)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


class TestServersThatDie:
    def test_are_started_again_at_their_address(self, instance, again):
        broker = redis.Redis.from_url((instance / "valkey.url").read_text())
        psutil.Process(broker.info()["process_id"]).kill()
        postmaster = int((instance / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        psutil.Process(postmaster).kill()

        for server in ("Valkey", "PostgreSQL"):
            note = f"{server} had stopped and runs again"
            wait_until(lambda note=note: note in again.log.read_text())
        wait_until(lambda: is_healthy(again) and answers(broker))


def answers(broker):
    try:
        return broker.ping()
    except redis.RedisError:
        return False


def wait_until(is_so, *, seconds=60):
    for _ in range(seconds * 5):
        if is_so():
            return
        time.sleep(0.2)
    raise TimeoutError
