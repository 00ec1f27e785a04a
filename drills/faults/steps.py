"""A process killed with SIGKILL at every step of every job, then run again."""

import os
import secrets
import signal
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from drills import wounds
from drills.play import Play, playing
from drills.stage import Stage
from drills.ways import DATA, PERSON, Records, payload_of
from gifting.accounts.models import Invitation, PendingSignIn
from gifting.core.roles import Role
from gifting.platform import clock, outbox, transitions
from gifting.platform.db import db
from gifting.platform.models import OutboxMessage
from gifting.platform.uow import transaction
from gifting.quotes.models import OfferPack


def play(stage: Stage, tasks: Iterable[str] = ()) -> Play:
    """Kill what does these jobs, or every one there is, at each step in turn.

    What the pages owe is drilled as they owe it; the rest is owed here, about the same rows.
    """
    asked = set(tasks or outbox.HANDLERS)
    with playing(stage, "SIGKILL at every step of every job", "") as play:
        records = _records(stage, play)
        _confirm(stage, is_confirmed=False)
        jobs = _owed_by_the_pages(asked)
        owed = {_task_of(job) for job in jobs}
        jobs += [_owe(task, records) for task in sorted(asked - owed)]
        kills = [_kill_at_every_step(job) for job in jobs]
        silent = _letters_not_sent(jobs, kills)
        _confirm(stage, is_confirmed=True)
        play.staff_read("workers")
        play.healed()
        for part in ("worker", "beat"):
            stage.start(part)
        again = sum(wounds.LEFT in points for points in kills)
        play.what = f"{len(jobs)} jobs, {sum(map(len, kills))} kills at {len(wounds.POINTS)} points"
    play.require(play.repeated == again, f"{play.repeated} letters again, {again} expected")
    play.require(not silent, f"no letter left from {', '.join(silent)}")
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
    """Play the main job for rows to hang jobs on, from the acceptance on with nobody to do them."""
    play.begin(2)
    for reference in play.asked:
        play.wait_for_offer(reference)
    for part in ("worker", "beat"):
        stage.stop(part)
    billed, is_open = play.asked
    stage.people.bill(stage.people.accept(billed))
    stage.people.write(is_open)
    play.begin(1)
    play.offered.clear()

    def one(sql: str, *values: object) -> int:
        return int(str(stage.ask(sql, *values)[0][0]))

    quote = one("SELECT id FROM quote WHERE reference = %s", is_open)
    person = one("SELECT id FROM user_account WHERE email = %s", PERSON)
    with transaction():
        transitions.log(f"quote:{quote}", "drilled", actor_id=None, now=clock.now(), data=DATA)
    return Records(
        quote=quote,
        revision=one("SELECT id FROM quote_revision WHERE quote_id = %s", quote),
        event=one("SELECT max(id) FROM event_log"),
        message=one("SELECT max(id) FROM quote_message"),
        order=one('SELECT max(id) FROM "order"'),
        invoice=one("SELECT max(id) FROM invoice"),
        person=person,
        invitation=_invite(person),
        sign_in=_half_sign_in(person),
        pack=_pack(person, play.asked),
        number=one("SELECT max(id) FROM outbox_message"),
    )


def _invite(person: int) -> int:
    """Invite somebody into the staff in this person's name, with the letter left to the drill."""
    now = clock.now()
    invitation = Invitation(
        email=f"invito-{secrets.token_hex(4)}@vialedeimille.example",
        name="Nuova Persona",
        role=Role.SALES,
        invited_by_id=person,
        invited_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=7),
    )
    with transaction():
        db.session.add(invitation)
        db.session.flush()
        return invitation.id


def _pack(person: int, references: Sequence[str]) -> int:
    """Let this person ask for the offers of these quotes in one file, and leave it to the drill."""
    pack = OfferPack(user_id=person, asked_at=clock.now(), quotes=list(references), packed=[])
    with transaction():
        db.session.add(pack)
        db.session.flush()
        return pack.id


def _half_sign_in(person: int) -> int:
    """Leave a sign-in of this person between its two steps."""
    pending = PendingSignIn(
        user_id=person,
        token_hash=secrets.token_hex(32),
        is_remembered=False,
        is_by_mail=False,
        lettered_at=None,
        ended_at=None,
        created_at=clock.now(),
    )
    with transaction():
        db.session.add(pending)
        db.session.flush()
        return pending.id


def _owe(task: str, records: Records) -> int:
    key = f"drill:{task}:{records.number}"
    with transaction(wake=lambda _id: None):
        outbox.owe(task, key=key, now=clock.now(), **payload_of(task, records))
    found = db.session.execute(sa.select(OutboxMessage.id).where(OutboxMessage.key == key))
    return int(found.scalar_one())


def _owed_by_the_pages(tasks: Iterable[str]) -> list[int]:
    """Return the jobs of these kinds that people's forms have left to be done."""
    query = sa.select(OutboxMessage.id).where(
        OutboxMessage.done_at.is_(None), OutboxMessage.task.in_(tasks)
    )
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def _task_of(job: int) -> str:
    return db.session.scalars(sa.select(OutboxMessage.task).where(OutboxMessage.id == job)).one()


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


def _letters_not_sent(jobs: list[int], kills: list[list[str]]) -> list[str]:
    """Name the letters whose job was done without one: their way leads past the steps."""
    quiet = [job for job, points in zip(jobs, kills, strict=True) if wounds.LEFT not in points]
    return [task for task in map(_task_of, quiet) if outbox.queue_of(task) is outbox.Queue.MAIL]


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
