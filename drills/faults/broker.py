"""Valkey emptied under load, stopped, hanging, and started again at its address."""

import time

from drills.play import Play, playing
from drills.stage import Stage

STOPPED_SECONDS, FULL_SECONDS = 40, 600
HANGS_SECONDS = 15
SLOWEST_SECONDS = 1.0
"""No page may take longer because of a broker that is away."""


def play(stage: Stage) -> Play:
    """Empty it, hang it, stop it; people go on working all the while."""
    stopped = FULL_SECONDS if stage.is_full else STOPPED_SECONDS
    what = f"emptied 5 times, frozen {HANGS_SECONDS} s, stopped {stopped} s, started again"
    with playing(stage, "Valkey emptied, frozen, stopped", what) as play:
        for _ in range(5):
            play.begin(1)
            stage.broker().flushall()
        slowest = _frozen(stage, play)
        slowest = max(slowest, _stopped(stage, play, seconds=stopped))
        stage.revive()
        play.healed()
        play.finish()
        play.note = f"the slowest page while the broker was away took {slowest:.1f} s"
    play.require(slowest < SLOWEST_SECONDS, f"a page took {slowest:.1f} s")
    return play


def _frozen(stage: Stage, play: Play) -> float:
    broker = stage.broker_process()
    broker.suspend()
    slowest = _use_all_pages(stage, play, seconds=HANGS_SECONDS)
    broker.resume()
    return slowest


def _stopped(stage: Stage, play: Play, *, seconds: float) -> float:
    broker = stage.broker_process()
    broker.kill()
    return _use_all_pages(stage, play, seconds=seconds)


def _use_all_pages(stage: Stage, play: Play, *, seconds: float) -> float:
    """Ask, offer, write and look for so long; return the seconds of the slowest answer."""
    end, slowest = time.monotonic() + seconds, 0.0
    play.begin(1)
    play.staff_read("broker")
    while time.monotonic() < end:
        page = stage.people.buyer.get("/prodotti")
        written = stage.people.write(play.asked[-1])
        slowest = max(slowest, page.seconds, written.seconds)
        if page.status != 200:
            play.pages.append(page)
        time.sleep(1)
    return slowest
