"""PostgreSQL restarted under load, and its last connection taken."""

import signal
import threading
import time
from contextlib import ExitStack, suppress

import psycopg

from drills.play import Play, playing
from drills.stage import Stage

RESTARTS = 3
AWAY_SECONDS = 3
FULL_FOR_SECONDS = 12


def play(stage: Stage) -> Play:
    """Stop the server at once three times while people work, then let others take its places."""
    what = f"stopped at once {RESTARTS} times for {AWAY_SECONDS} s, then no connection free"
    with playing(stage, "PostgreSQL restarted, its connections used up", what) as play:
        restarter = threading.Thread(target=_restart, args=(stage,), daemon=True)
        restarter.start()
        with suppress(psycopg.OperationalError):  # the drill's own look at the tables
            play.begin(3)
        restarter.join()
        play.offered = list(dict.fromkeys(play.offered))
        _use_up(stage, play)
        play.healed()
        _offer_the_rest(stage, play)
        play.finish()
    return play


def _offer_the_rest(stage: Stage, play: Play) -> None:
    for reference in play.asked:
        if reference not in play.offered:
            stage.people.offer(reference)
            play.offered.append(reference)


def _restart(stage: Stage) -> None:
    for _ in range(RESTARTS):
        time.sleep(1)
        stage.postmaster().send_signal(signal.SIGQUIT)  # PostgreSQL's «immediate» shutdown
        time.sleep(AWAY_SECONDS)
        stage.revive()


def _use_up(stage: Stage, play: Play) -> None:
    """Take every connection that is left, and cut those that the product has."""
    uri = stage.servers.database_url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(stage.owner_uri, autocommit=True) as owner, ExitStack() as taken:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gifting_app'"
        )
        end = time.monotonic() + FULL_FOR_SECONDS
        while time.monotonic() < end:
            with suppress(psycopg.OperationalError):
                while True:
                    taken.enter_context(psycopg.connect(uri))
            play.pages.append(stage.people.buyer.get("/prodotti"))
            time.sleep(0.3)
        play.staff_without_pages("web", r"the database does not answer [^\n\[]*free")
    play.require(
        any(page.status == 503 for page in play.pages),
        "nobody saw the page of an outage",
    )
