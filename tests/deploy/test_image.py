"""The Dockerfile is sound, and everything a first start writes is written while it is built."""

import re
import subprocess
import sys
from pathlib import Path

from gifting.web.app import create_app
from tests.support.running import ROOT

DOCKERFILE = ROOT / "deploy/Dockerfile"
LINES = DOCKERFILE.read_text(encoding="utf-8")
HADOLINT = Path(sys.executable).with_name("hadolint")


class TestDockerfile:
    def test_has_nothing_that_hadolint_objects_to(self):
        found = subprocess.run([HADOLINT, DOCKERFILE], capture_output=True, text=True, check=False)

        assert found.stdout + found.stderr == ""

    def test_hadolint_would_object(self, tmp_path):
        bad = tmp_path / "Dockerfile"
        bad.write_text("FROM python:latest\nRUN cd /opt && sudo make\n")

        assert subprocess.run([HADOLINT, bad], capture_output=True, check=False).returncode == 1

    def test_stands_on_a_named_version(self):
        bases = re.findall(r"^FROM (\S+)", LINES, re.MULTILINE)

        assert bases == ["python:3.11-slim-bookworm"] * 2

    def test_runs_as_nobody_of_the_host(self):
        assert re.findall(r"^USER (\S+)", LINES, re.MULTILINE)[-1] == "10001:10001"

    def test_is_well_where_the_page_says_so(self, settings):
        asked = re.search(r"127\.0\.0\.1:8000(/[a-z/]+)", LINES)[1]
        rules = {rule.rule for rule in create_app(settings).url_map.iter_rules()}

        assert asked in rules

    def test_copies_only_what_is_there_and_what_dockerignore_lets_through(self):
        ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        let_through = {line[1:] for line in ignore if line.startswith("!")}
        copied = set()
        for line in re.findall(r"^COPY (?!--from)(.+)$", LINES, re.MULTILINE):
            copied.update(line.split()[:-1])

        assert copied == let_through
        assert [name for name in copied if not (ROOT / name).exists()] == []

    def test_brings_the_libraries_that_setup_brings(self):
        setup = (ROOT / "bin/setup").read_text(encoding="utf-8")
        libraries = re.findall(r"packages\+=\((lib\S+)\)", setup)

        assert len(libraries) == 3
        assert [name for name in libraries if name not in LINES] == []


class TestBuild:
    def test_leaves_nothing_for_the_first_start_to_write(self):
        """A second time it finds every file: so the first web process will, on a read-only disk."""
        build()
        before = made()
        build()

        assert len(before) > 50
        assert made() == before


def build():
    subprocess.run([sys.executable, "-m", "gifting.web.build"], cwd=ROOT, check=True)


def made():
    folder = Path(sys.prefix) / "share/gifting"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
