"""No room for files: nothing half is left, the job waits, the upload is told."""

import resource

import psutil

from drills.play import Play, playing
from drills.stage import Stage

LIMIT_BYTES = 3_000
"""No file may grow beyond it (RLIMIT_FSIZE): each PDF fails as on a full disk."""


def play(stage: Stage) -> Play:
    """Let no process of the worker write a file while offers are made."""
    what = "no process of the worker can write a file of 3 kB while offers are made"
    with playing(stage, "Disk full while a file is stored", what) as play:
        play.begin(1)
        play.finish()  # so the worker has all its processes
        stage.log("worker").write_text("")  # or its log would be what is too large
        _limit(stage, LIMIT_BYTES)
        play.begin(1)
        play.look(lambda: play.kinds["StorageFull"], what="the jobs to fail")
        half = list((stage.instance / "files").rglob("*.part"))
        _limit(stage, resource.RLIM_INFINITY)
        play.healed()
        play.finish()
        play.staff = ", ".join(sorted(play.kinds))
    play.require(not half, f"{len(half)} halves of files were left")
    return play


def _limit(stage: Stage, size: int) -> None:
    """Limit the processes that do the work; their parent keeps its shared memory in files."""
    for process in stage.children("worker"):
        _soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))
