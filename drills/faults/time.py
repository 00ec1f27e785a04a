"""The clock jumps an hour ahead and an hour back in web, worker and beat."""

from drills.play import Play, playing
from drills.stage import PARTS, Stage

HOUR = 3600


def play(stage: Stage) -> Play:
    """Set the clock of every part forward, then back past where it was, then right."""
    what = "an hour ahead, then an hour behind, then right, with work under way at each jump"
    with playing(stage, "The clock jumps an hour", what) as play:
        note = stage.instance / "drill.clock"
        note.write_text("0")
        for part in PARTS:
            stage.restart(part, entry="drills.wounded", DRILL_CLOCK=str(note))
        for seconds in (HOUR, -HOUR, 0):
            play.begin(1)
            note.write_text(str(seconds))
            play.begin(1)
            waited = play.look(lambda: stage.count_open() == 0, what=f"the jobs at {seconds:+} s")
            if seconds:
                play.staff_read("clock")
            play.require(waited < HOUR / 30, f"jobs waited {waited:.0f} s at {seconds:+} s")
        play.healed()
        play.finish()
        for part in PARTS:
            stage.restart(part)
    return play
