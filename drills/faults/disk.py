"""No room for files: nothing half is left, the job waits, who sends a file is told at its field."""

import resource
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import psutil
from PIL import Image

from drills.play import Play, playing
from drills.stage import Stage

LIMIT_BYTES = 3_000
"""No file of the worker may grow beyond it (RLIMIT_FSIZE): each PDF fails as on a full disk."""
PICTURE_SIDE = 600
"""Pixels of noise: a file that a server likes to put aside while it comes in."""


def play(stage: Stage) -> Play:
    """Let no process of the worker write a file while offers are made, then none of the web."""
    what = (
        f"no process of the worker can write a file of {LIMIT_BYTES // 1000} kB while offers are "
        "made; then none of the web server any file while a company sends its logo"
    )
    with playing(stage, "Disk full while a file is stored", what) as play:
        play.begin(1)
        play.finish()  # so the worker has all its processes
        stage.log("worker").write_text("")  # or its log would be what is too large
        _limit(stage, "worker", LIMIT_BYTES)
        play.begin(1)
        play.staff_read("StorageFull")
        half = _halves(stage)
        _limit(stage, "worker", resource.RLIM_INFINITY)
        _upload(stage, play)
        play.healed()
        play.finish()
    play.require(not half, f"{len(half)} halves of files were left")
    return play


def _upload(stage: Stage, play: Play) -> None:
    """Send a logo when there is no room and again when there is."""
    picture = _noise()
    _limit(stage, "web", 0)
    refused = stage.people.change_logo(picture)
    play.staff_read("StorageFull")
    play.require(
        'id="logo-error"' in refused.text,
        f"the upload was answered {refused.status} {refused.heading}",
    )
    play.require(not _halves(stage), "half of the upload was left")
    _limit(stage, "web", resource.RLIM_INFINITY)
    taken = stage.people.change_logo(picture)
    play.require(taken.status == HTTPStatus.OK, f"then it was answered {taken.status}")
    play.pages.append(refused)


def _noise() -> bytes:
    size, out = (PICTURE_SIDE, PICTURE_SIDE), BytesIO()
    Image.merge("RGB", [Image.effect_noise(size, 200) for _ in "RGB"]).save(out, "PNG")
    return out.getvalue()


def _halves(stage: Stage) -> list[Path]:
    return list((stage.instance / "files").rglob("*.part"))


def _limit(stage: Stage, part: str, size: int) -> None:
    """Limit the processes that do the work; their parent keeps its shared memory in files."""
    for process in stage.children(part):
        _soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))
