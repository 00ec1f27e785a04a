"""Two versions at once: the old code serves and works while the new one migrates and joins."""

import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from drills.play import Play, playing
from drills.stage import ROOT, Stage

OLD = "d403484"
"""The last commit of the version before."""


def play(stage: Stage) -> Play:
    """Serve with the old version on the new schema, work with both, and swap under load."""
    with playing(stage, "Two versions of the code at once", "") as play:
        archive = _archive(OLD)
        if archive is None:
            play.what = f"skipped: there is no git history here with {OLD}"
            play.staff_look()
            return play
        with tempfile.TemporaryDirectory(prefix="old-version-") as folder:
            _unpack(archive, Path(folder))
            stage.restart("web", root=Path(folder))
            stage.people.sign_in()
            stage.start("old worker", root=Path(folder))
            play.begin(2)
            play.finish()
            play.begin(1)
            stage.restart("web")
            stage.people.sign_in()
            play.finish()
            play.begin(1)
            stage.stop("old worker")
            play.healed()
            play.finish()
        play.what = (
            f"web of {OLD} over the new schema, workers of both; then web and worker replaced"
        )
        play.staff_look()
    return play


def _archive(commit: str) -> bytes | None:
    try:
        return subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def _unpack(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
