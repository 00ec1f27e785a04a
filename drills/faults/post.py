"""A mail server that refuses, answers slowly, or hangs up after the letter is there."""

from drills.play import Play, playing
from drills.stage import Stage

SLOW_SECONDS = 25.0
"""Longer than the product waits for an answer."""
DROPS = 2


def play(stage: Stage) -> Play:
    """Make it wicked in four ways, one after the other."""
    what = (
        f"451 to all, {SLOW_SECONDS:.0f} s an answer, {DROPS} letters cut off after DATA, "
        "550 to one recipient"
    )
    with playing(stage, "Mail server refuses, dawdles, hangs up", what) as play:
        stage.post.temper = "later"
        play.begin(1)
        play.staff_read("MailDeferred")
        stage.post.temper, stage.post.seconds = "slow", SLOW_SECONDS
        play.begin(1)
        play.staff_read("MailServerAway")
        stage.post.temper, stage.post.drops_left = "drops", DROPS
        play.begin(1)
        play.look(lambda: stage.post.drops_left == 0, what="letters to be cut off")
        stage.post.temper, stage.post.unknown = "never", {"chiara@meridiana.example"}
        stage.people.write(play.asked[0])
        stage.people.sales.fill(
            f"/ufficio/preventivi/{play.asked[0]}",
            f"/ufficio/preventivi/{play.asked[0]}/scrivi",
            body="Una risposta a chi non c’è",
        )
        play.staff_read("MailRefused")
        play.allowed_failures = _count_refused(stage)
        stage.post.temper = "kind"
        play.healed()
        play.finish()
        play.note = (
            f"{DROPS} letters were cut off after DATA: SMTP does not say whether they had arrived, "
            "so they leave again under the same Message-ID"
        )
    play.require(play.allowed_failures, "the refused letter was not given to a person")
    _mend(stage, play)
    return play


def _count_refused(stage: Stage) -> int:
    sql = "SELECT count(*) FROM outbox_message WHERE gave_up_at IS NOT NULL"
    return int(str(stage.ask(sql)[0][0]))


def _mend(stage: Stage, play: Play) -> None:
    """The address is right again: staff press «Riprova», and the letter leaves."""
    jobs = stage.ask("SELECT id FROM outbox_message WHERE gave_up_at IS NOT NULL")
    stage.people.administer_retry([int(str(row[0])) for row in jobs])
    play.look(lambda: stage.count_open() == 0 and not _count_refused(stage), what="the letter")
