"""Valkey emptied under load, stopped, hanging, and started again at its address."""

import time
from http import HTTPStatus

from drills.play import Play, playing
from drills.stage import Stage

STOPPED_SECONDS, FULL_SECONDS = 20, 600
HANGS_SECONDS = 15
SLOWER_SECONDS = 1.0
"""No page may take so much longer because of a broker that is away."""


def play(stage: Stage) -> Play:
    """Empty it, hang it, stop it; people go on working all the while."""
    stopped = FULL_SECONDS if stage.is_full else STOPPED_SECONDS
    what = f"emptied 5 times, frozen {HANGS_SECONDS} s, stopped {stopped} s, started again"
    with playing(stage, "Valkey emptied, frozen, stopped", what) as play:
        stage.people.take_slowest()
        for _ in range(5):
            play.begin(1)
            stage.broker().flushall()
        floor = stage.people.take_slowest()
        broker = stage.broker_process()
        broker.suspend()
        _use_all_pages(stage, play, seconds=HANGS_SECONDS)
        broker.resume()
        broker.kill()
        _use_all_pages(stage, play, seconds=stopped)
        slowest = stage.people.take_slowest()
        stage.revive()
        play.healed()
        play.finish()
        play.note = (
            f"the slowest page took {floor:.1f} s with the broker and {slowest:.1f} s without it"
        )
    play.require(slowest - floor < SLOWER_SECONDS, play.note)
    return play


def _use_all_pages(stage: Stage, play: Play, *, seconds: float) -> None:
    """Ask, offer, write and look for so long, staff too."""
    end = time.monotonic() + seconds
    play.begin(1)
    play.staff_read("broker")
    while time.monotonic() < end:
        page = stage.people.buyer.get("/prodotti")
        stage.people.write(play.asked[-1])
        if page.status != HTTPStatus.OK:
            play.pages.append(page)
        time.sleep(1)
