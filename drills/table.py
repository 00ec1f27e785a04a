"""The drills' table, for the terminal and for docs/drills.md."""

from collections.abc import Sequence

from drills.play import Play

HEAD = (
    "fault",
    "what was done",
    "owed",
    "done",
    "lost",
    "twice",
    "what people saw",
    "what staff saw",
    "back after",
    "verdict",
)


def cells(play: Play) -> tuple[str, ...]:
    """Return a row of the table."""
    done = f"{play.done} + {play.failed} shown as failed" if play.failed else str(play.done)
    twice = str(len(play.finding.doubled))
    if play.repeated:
        twice += f" ({play.repeated} letters came again under their Message-ID)"
    return (
        play.fault,
        play.what,
        str(play.owed),
        done,
        str(len(play.finding.lost)),
        twice,
        play.people_saw(),
        " · ".join(play.staff),
        f"{play.recovery:.0f} s",
        "good" if play.is_good else "BAD: " + "; ".join(troubles(play)),
    )


def troubles(play: Play) -> list[str]:
    """Return all that is wrong."""
    lost = [f"lost {name}" for name in play.finding.lost]
    return play.problems + lost + [f"twice {name}" for name in play.finding.doubled]


def lines(play: Play) -> str:
    """Return a row as a few lines for a terminal."""
    _fault, *rest = cells(play)
    told = "\n".join(f"    {name:15} {text}" for name, text in zip(HEAD[1:], rest, strict=True))
    note = f"\n    {'note':15} {play.note}" if play.note else ""
    return f"{play.fault} ({play.seconds:.0f} s)\n{told}{note}\n"


def markdown(plays: Sequence[Play]) -> str:
    """Return the table in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(cells(play) for play in plays)]
    body = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    notes = "\n".join(f"- **{play.fault}**: {play.note}." for play in plays if play.note)
    return f"{body}\n\n{notes}\n" if notes else f"{body}\n"
