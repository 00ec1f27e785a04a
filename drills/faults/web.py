"""The web server killed with SIGKILL in the middle of forms, which people then send again."""

import itertools
import signal
import threading
from contextlib import suppress

import psutil

from drills.play import Play, playing
from drills.stage import Stage

MOMENTS = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)
"""Seconds after a form was sent at which the server's processes are killed, in turn."""


def play(stage: Stage) -> Play:
    """Kill the processes of the web server during each form of a campaign; then all of it."""
    with playing(stage, "Web killed while people send forms", "") as play:
        killed = 0
        moments = itertools.cycle(MOMENTS)

        def kill() -> None:
            nonlocal killed
            for process in stage.children("web"):
                with suppress(psutil.Error):
                    process.kill()
                    killed += 1

        def disturb() -> None:
            threading.Timer(next(moments), kill).start()

        stage.people.disturb(disturb)
        play.begin(1)
        play.finish()
        stage.people.disturb(None)
        play.staff_read("web")
        stage.stop("web", signal.SIGKILL)
        play.pages.append(stage.people.buyer.get("/preventivi"))
        play.staff_without_pages("web", r"Worker \(pid:\d+\) was sent [^\n\[]*[^\n\[ ]")
        stage.start("web")
        play.healed()
        play.what = (
            f"{killed} processes killed during the forms of a campaign; then the whole server"
        )
    play.require(killed, "nothing was killed")
    return play
