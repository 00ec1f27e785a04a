"""Celery's worker processes killed with SIGKILL in the middle of jobs, then all of the worker."""

import signal
import tempfile
from pathlib import Path

from drills.play import Play, playing
from drills.stage import Stage
from drills.wounds import LEFT

DEADLY = (
    "claimed, before the row is held",
    "file stored, before its row",
    LEFT,
    "committed, before the answer to the broker",
)
"""Celery needs ten seconds to notice each; `steps` plays all points, without Celery."""


def play(stage: Stage) -> Play:
    """Let steps kill worker processes under load; then kill parent and children at once."""
    with (
        playing(stage, "Worker killed under load", "") as play,
        tempfile.TemporaryDirectory() as folder,
    ):
        stage.restart(
            "worker",
            entry="drills.wounded",
            DRILL_KILL_NOTES=folder,
            DRILL_KILL_POINTS="|".join(DEADLY),
        )
        play.begin(2)
        play.finish()
        killed = len(list(Path(folder).iterdir()))
        play.begin(1)
        play.look(lambda: _is_busy(stage), what="a job to be under way", seconds=20)
        stage.stop("worker", signal.SIGKILL)
        play.staff_read("workers")
        stage.start("worker")
        play.healed()
        play.finish()
        play.what = f"{killed} processes killed at {len(DEADLY)} steps; then all of the worker"
    play.require(killed == len(DEADLY), f"only {killed} steps were reached")
    return play


def _is_busy(stage: Stage) -> bool:
    held = "SELECT 1 FROM outbox_message WHERE leased_until IS NOT NULL AND done_at IS NULL"
    return bool(stage.ask(held))
