"""A part that is told to stop finishes what it has begun, and what it did is not begun again."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus

import psycopg
import pytest

from drills.stage import Stage

pytestmark = pytest.mark.xdist_group("journeys")

STOP_SECONDS = 10
HEARD_SECONDS = 0.5
"""Long enough for a process to have heard the signal."""
HELD_UP = """SELECT 1 FROM pg_stat_activity
    WHERE usename = 'gifting_app' AND wait_event_type = 'Lock'"""
JOB = """SELECT done_at IS NOT NULL, attempts FROM outbox_message
    WHERE task = 'quotes.render_and_send' ORDER BY id DESC LIMIT 1"""
SENDINGS = """SELECT count(*) FROM event_log JOIN quote ON subject = 'quote:' || quote.id
    WHERE action = 'send' AND reference = %s"""
MESSAGES = "SELECT count(*) FROM quote_message WHERE body = %s"


@contextmanager
def locked(scene: Stage, table: str, mode: str) -> Iterator[None]:
    """Hold up whoever needs this table in a way that the mode forbids."""
    with psycopg.connect(scene.owner_uri) as connection:
        connection.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield


def tell_to_stop(scene: Stage, part: str, *, busy: int) -> None:
    """Send SIGTERM once so many of its transactions are held up, and let it be heard."""
    scene.wait_until(lambda: len(scene.ask(HELD_UP)) == busy, what=f"{busy} to be held up")
    scene.parts[part].send_signal(signal.SIGTERM)
    time.sleep(HEARD_SECONDS)
    assert scene.parts[part].poll() is None


class TestTheWebServer:
    def test_answers_what_it_was_asked_before_it_ends(self, scene: Stage) -> None:
        people = scene.people
        at = f"/preventivi/{people.ask()}"
        form = people.buyer.open(at).form(f"{at}/messaggi") | {"body": "Prima che chiudiate"}

        with ThreadPoolExecutor() as pool:
            with locked(scene, "quote_message", "ACCESS EXCLUSIVE"):
                read = pool.submit(people.sales.get, f"/ufficio{at}")
                pool.submit(people.buyer.post, f"{at}/messaggi", form)
                tell_to_stop(scene, "web", busy=2)
            code = scene.parts.pop("web").wait(STOP_SECONDS)
        scene.start("web")

        assert code == 0
        assert read.result().status == HTTPStatus.OK
        assert scene.ask(MESSAGES, form["body"]) == [(1,)]


class TestTheWorker:
    def test_finishes_its_job_once_and_nobody_starts_it_again(self, scene: Stage) -> None:
        before = scene.post.repeated
        with locked(scene, "stored_document", "EXCLUSIVE"):
            reference = scene.people.ask()
            scene.people.offer(reference)
            tell_to_stop(scene, "worker", busy=1)
        code = scene.parts.pop("worker").wait(STOP_SECONDS)
        stopped = scene.ask(JOB)
        scene.start("worker")
        scene.wait_until(lambda: scene.count_open() == 0, what="the other jobs to be done")

        assert code == 0
        assert stopped == scene.ask(JOB) == [(True, 1)]
        assert scene.ask(SENDINGS, reference) == [(1,)]
        assert scene.post.repeated == before
