"""`make run` starts everything, keeps the data, and leaves nothing running."""

import socket
import subprocess
import sys

import psutil
import pytest

from tests.support.running import ROOT, is_healthy, running, start
from tests.support.smtp import free_port

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    return tmp_path_factory.mktemp("start") / "instance"


class TestMakeRun:
    def test_starts_prints_the_logins_and_ends_every_process(self, instance):
        product = start(instance)
        family = psutil.Process(product.process.pid).children(recursive=True)
        printed = product.log.read_text()

        assert is_healthy(product)
        assert {"web", "worker", "beat"} <= set(printed.split())
        for role in ("buyer", "approver", "finance", "sales", "operations", "accounting"):
            assert role in printed
        assert product.ask("SELECT count(*) FROM product")[0][0] == 220
        server = int((instance / "postgres" / "postmaster.pid").read_text().splitlines()[0])

        product.stop()

        _gone, alive = psutil.wait_procs([*family, *_process(server)], timeout=20)
        assert alive == []

    def test_a_second_start_keeps_the_data(self, instance):
        with running(instance) as product:
            before = product.ask("SELECT count(*), min(id), max(id) FROM user_account")
        with running(instance) as product:
            assert product.ask("SELECT count(*), min(id), max(id) FROM user_account") == before
            assert product.ask("SELECT count(*) FROM product")[0][0] == 220

    def test_commands_work_beside_the_running_product_and_alone(self, instance):
        with running(instance) as product:
            assert "220" in flask(instance, "catalogue", "import", "sample/catalogue")
            assert is_healthy(product)
        assert "220" in flask(instance, "catalogue", "import", "sample/catalogue")


class TestIdleConnections:
    def test_do_not_hold_the_workers(self, instance):
        """Browsers open connections ahead of need; six of them once stopped both workers."""
        with running(instance) as product:
            port = int(product.address.rpartition(":")[2])
            idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
            assert is_healthy(product)
            for connection in idle:
                connection.close()


class TestWhatIsInTheWay:
    def test_a_busy_port_gets_one_line(self, instance):
        with running(instance) as product:
            port = product.address.rpartition(":")[2]
            result = run_briefly(instance.with_name("other"), PORT=port)

        assert result.returncode == 1
        assert result.stderr.strip().splitlines() == [
            f"Port {port} is taken by another program. Start with: PORT={int(port) + 1} make run"
        ]

    def test_a_second_copy_on_the_same_instance_gets_one_line(self, instance):
        with running(instance):
            result = run_briefly(instance, PORT=str(free_port()))

        assert result.returncode == 1
        assert len(result.stderr.strip().splitlines()) == 1
        assert "already running" in result.stderr

    def test_production_refuses_the_sample_settings(self, instance):
        result = run_briefly(instance, GIFTING_ENV="production", PORT=str(free_port()))

        assert result.returncode == 1
        assert "SECRET_KEY" in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def _process(pid):
    return [psutil.Process(pid)] if psutil.pid_exists(pid) else []


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
