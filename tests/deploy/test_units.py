"""The systemd units: verified by systemd where it is installed, and shut tight."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gifting.platform.outbox import Queue
from gifting.web.run import NICENESS
from tests.support.running import ROOT

FOLDER = ROOT / "deploy/systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed here")
MOST_EXPOSED = 1.5
"""Of 10, by `systemd-analyze security`: what is left are the network and the time zone file."""


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """The units with the programs of this virtual environment, a worker for each queue."""
    folder = tmp_path_factory.mktemp("units")
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8")
        text = text.replace("/opt/gifting/.venv/bin", str(Path(sys.executable).parent))
        (folder / file.name).write_text(text)
        if "@" in file.name:
            for queue in Queue:
                (folder / file.name.replace("@", f"@{queue.value}")).write_text(text)
    return folder


@needs_systemd
class TestSystemd:
    def test_finds_nothing_wrong(self, units):
        files = sorted(path for path in units.iterdir() if "@." not in path.name)
        said = subprocess.run(
            [ANALYZE, "verify", "--man=no", *files], capture_output=True, text=True, check=False
        )

        assert (said.returncode, said.stderr) == (0, "")

    def test_would_find_a_spelling_mistake(self, units, tmp_path):
        bad = tmp_path / "gifting-bad.service"
        text = (units / "gifting-beat.service").read_text()
        bad.write_text(text.replace("PrivateTmp=", "PrivatTmp="))
        said = subprocess.run(
            [ANALYZE, "verify", "--man=no", bad], capture_output=True, text=True, check=False
        )

        assert "PrivatTmp" in said.stderr

    @pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
    def test_finds_little_exposed(self, service):
        said = subprocess.run(
            [ANALYZE, "security", "--offline=true", "--no-pager", service],
            capture_output=True,
            text=True,
            check=False,
        )

        assert float(re.search(r"exposure level for \S+ ([\d.]+)", said.stdout)[1]) <= MOST_EXPOSED


class TestUnits:
    def test_the_target_wants_a_worker_for_every_queue(self):
        target = (FOLDER / "gifting.target").read_text(encoding="utf-8")

        wanted = re.findall(r"gifting-worker@(\w+)\.service", target)

        assert sorted(wanted) == sorted(queue.value for queue in Queue)

    @pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
    def test_run_as_their_own_user_on_a_disk_they_cannot_write(self, service):
        text = service.read_text(encoding="utf-8")

        for line in ("User=gifting", "ProtectSystem=strict", "NoNewPrivileges=yes"):
            assert f"\n{line}\n" in text

    def test_serve_only_after_the_migration(self):
        for name in ("gifting-web", "gifting-worker@", "gifting-beat"):
            text = (FOLDER / f"{name}.service").read_text(encoding="utf-8")
            assert "Requires=gifting-migrate.service" in text
            assert re.search(r"After=.*gifting-migrate\.service", text)

    def test_pages_go_before_jobs(self):
        text = (FOLDER / "gifting-worker@.service").read_text(encoding="utf-8")

        assert f"\nNice={NICENESS}\n" in text

    def test_a_worker_has_time_to_finish_its_job(self):
        text = (FOLDER / "gifting-worker@.service").read_text(encoding="utf-8")

        assert int(re.search(r"TimeoutStopSec=(\d+)", text)[1]) > 150
