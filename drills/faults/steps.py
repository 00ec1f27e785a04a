"""A process killed with SIGKILL at every step of every job, then run again."""

import os
import signal
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from drills import wounds
from drills.play import Play, playing
from drills.stage import Stage
from drills.ways import DATA, NOT_DRILLED, PERSON, Records, payload_of
from gifting.platform import clock, outbox, transitions
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction


def play(stage: Stage, tasks: Iterable[str] = ()) -> Play:
    """Owe these jobs, or every one there is, and kill what does them at each step in turn."""
    tasks = tasks or set(outbox.HANDLERS) - set(NOT_DRILLED)
    with playing(stage, "SIGKILL at every step of every job", "") as play:
        records = _records(stage, play)
        for part in ("worker", "beat"):
            stage.stop(part)
        _confirm(stage, is_confirmed=False)
        jobs = [_owe(task, records) for task in sorted(tasks)]
        jobs += _owed_by_the_pages(stage, play)
        kills = [_kill_at_every_step(job) for job in jobs]
        _confirm(stage, is_confirmed=True)
        play.healed()
        for part in ("worker", "beat"):
            stage.start(part)
        again = sum(wounds.LEFT in points for points in kills)
        play.what = f"{len(jobs)} jobs, {sum(map(len, kills))} kills at {len(wounds.POINTS)} points"
        play.staff = "–: each job ran again at once"
    play.require(play.repeated == again, f"{play.repeated} letters again, {again} expected")
    play.require(
        set(wounds.POINTS) == {point for points in kills for point in points},
        "a point was never reached",
    )
    play.note = (
        f"{play.repeated} letters came again, each under its own Message-ID: killed between the "
        "server's «OK» and our commit"
    )
    return play


def _records(stage: Stage, play: Play) -> Records:
    """Play the main job once for rows to hang jobs on, and leave another offer open."""
    play.begin(2)
    for reference in play.asked:
        play.wait_for_offer(reference)
    billed, is_open = play.asked
    stage.people.bill(stage.people.accept(billed))
    stage.people.write(is_open)
    play.offered.clear()

    def one(sql: str, *values: object) -> int:
        return int(str(stage.ask(sql, *values)[0][0]))

    quote = one("SELECT id FROM quote WHERE reference = %s", is_open)
    with transaction():
        transitions.log(f"quote:{quote}", "drilled", actor_id=None, now=clock.now(), data=DATA)
    return Records(
        quote=quote,
        revision=one("SELECT id FROM quote_revision WHERE quote_id = %s", quote),
        event=one("SELECT max(id) FROM event_log"),
        message=one("SELECT max(id) FROM quote_message"),
        order=one('SELECT max(id) FROM "order"'),
        invoice=one("SELECT max(id) FROM invoice"),
        person=one("SELECT id FROM user_account WHERE email = %s", PERSON),
        number=one("SELECT max(id) FROM outbox_message"),
    )


def _owe(task: str, records: Records) -> int:
    key = f"drill:{task}:{records.number}"
    with transaction(wake=lambda _id: None):
        outbox.owe(task, key=key, now=clock.now(), **payload_of(task, records))
    found = db.session.execute(sa.select(OutboxMessage.id).where(OutboxMessage.key == key))
    return int(found.scalar_one())


def _owed_by_the_pages(stage: Stage, play: Play) -> list[int]:
    """Ask for one more offer with nobody there to make it: its paper is drilled in its place."""
    play.begin(1)
    play.offered.clear()
    rows = stage.ask(
        "SELECT id FROM outbox_message WHERE done_at IS NULL AND key NOT LIKE 'drill:%%'"
    )
    return [int(str(row[0])) for row in rows]


def _confirm(stage: Stage, *, is_confirmed: bool) -> None:
    """Make the person's address unconfirmed, or there would be no letter to confirm it."""
    stage.ask(
        "UPDATE user_account SET email_confirmed_at = CASE WHEN %s THEN created_at END"
        " WHERE email = %s RETURNING id",
        is_confirmed,
        PERSON,
    )


def _kill_at_every_step(job: int) -> list[str]:
    """Run the job until it is done, killed at each step it has not been killed at; name them."""
    now = clock.now()
    names = list(wounds.POINTS)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder)
        while _run_in_a_process(job, notes, now=now) == -signal.SIGKILL:
            now += outbox.LEASE + timedelta(seconds=1)
            with transaction(wake=lambda _id: None):  # or it would be given up after eight
                outbox.retry(job, now=now)
        return [names[int(note.name)] for note in sorted(notes.iterdir())]


def _run_in_a_process(job: int, notes: Path, *, now: datetime) -> int:
    """Do the job in a process of its own; return its exit code, negative for a signal."""
    db.session.rollback()
    db.session.remove()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        db.engine.dispose(close=False)  # the parent's connections stay the parent's
        wounds.die_once_at(wounds.POINTS, notes)
        outbox.run(job, now=now)
        code = 0
    finally:
        os._exit(code)
