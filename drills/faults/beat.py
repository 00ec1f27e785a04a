"""Beat killed with SIGKILL: new jobs go on, and what only beat finds waits for it."""

import signal

from drills.play import Play, playing
from drills.stage import Stage

NOT_WAITED = "80 seconds"
"""So much of the time after which it is missed is taken as past."""


def play(stage: Stage) -> Play:
    """Kill it, go on working, lose the calls of one request, and start it again."""
    what = "killed; a campaign without it, the broker emptied under another, then started again"
    with playing(stage, "Beat killed", what) as play:
        stage.stop("beat", signal.SIGKILL)
        play.begin(1)
        play.finish()
        play.begin(1)
        stage.broker().flushall()
        if not stage.is_full:
            _let_time_pass(stage)
        play.staff_read("beat")
        stage.start("beat")
        play.healed()
        play.finish()
    return play


def _let_time_pass(stage: Stage) -> None:
    sql = "UPDATE periodic_run SET started_at = started_at - %s::interval RETURNING name"
    stage.ask(sql, NOT_WAITED)
