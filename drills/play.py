"""One drill from beginning to end: work before, during and after the fault, and its row."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drills.checker import Finding, check
from drills.stage import Stage
from drills.visitor import Page

SETTLE_SECONDS = 150


@dataclass
class Play:
    """What a drill notes while it runs; `row()` is what the table shows of it."""

    stage: Stage
    fault: str
    what: str
    asked: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    staff: str = ""
    note: str = ""
    problems: list[str] = field(default_factory=list)
    allowed_failures: int = 0
    healed_at: float = 0.0
    recovery: float = 0.0
    seconds: float = 0.0
    finding: Finding = field(default_factory=Finding)
    owed: int = 0
    done: int = 0
    failed: int = 0
    repeated: int = 0

    def begin(self, count: int = 2) -> None:
        """Ask for quotes and have their offers sent."""
        for _ in range(count):
            reference = self.stage.people.ask()
            self.asked.append(reference)
            self.stage.people.offer(reference)
            self.offered.append(reference)

    def finish(self) -> None:
        """Wait for the offers; accept, bill and write, as soon as each is there."""
        for reference in self.offered:
            self.wait_for_offer(reference)
            order = self.stage.people.accept(reference)
            self.stage.people.bill(order)
            self.stage.people.write(reference)
        self.offered.clear()

    def wait_for_offer(self, reference: str) -> None:
        sent = "SELECT 1 FROM quote WHERE reference = %s AND state IN ('sent', 'buyer_review')"
        self.look(lambda: bool(self.stage.ask(sent, reference)), what=f"the offer of {reference}")

    def look(
        self, is_so: Callable[[], object], *, what: str, seconds: float = SETTLE_SECONDS
    ) -> float:
        """Wait, and note under which names jobs fail meanwhile."""

        def look_once() -> object:
            self.note_kinds()
            return is_so()

        return self.stage.wait_until(look_once, what=what, seconds=seconds)

    def note_kinds(self) -> None:
        """Note the names of failures that staff read just now."""
        sql = (
            "SELECT split_part(last_error, ':', 1), count(*) FROM outbox_message"
            " WHERE last_error IS NOT NULL AND done_at IS NULL GROUP BY 1"
        )
        for kind, count in self.stage.ask(sql):
            self.kinds[str(kind)] = max(self.kinds[str(kind)], int(str(count)))

    def healed(self) -> None:
        """The fault is over: recovery counts from now."""
        self.healed_at = time.monotonic()

    def require(self, is_so: object, problem: str) -> None:
        """Note a problem unless it is so."""
        if not is_so:
            self.problems.append(problem)

    def people_saw(self) -> str:
        """The pages that were no answer, by status and words."""
        seen = [*self.stage.people.troubles, *self.pages]
        words = Counter(f"{page.status or '–'} «{page.heading}»" for page in seen)
        slowest = max((page.seconds for page in seen), default=0)
        text = ", ".join(f"{name} ×{count}" for name, count in words.items())
        return f"{text} (≤ {slowest:.1f} s)" if text else "niente di strano"

    @property
    def is_good(self) -> bool:
        return not (self.problems or self.finding.lost or self.finding.doubled)


@contextmanager
def playing(stage: Stage, fault: str, what: str) -> Iterator[Play]:
    """Play a drill; when the block ends, wait until nothing is owed and check everything."""
    play = Play(stage, fault, what)
    stage.people.forget_troubles()
    before = _counts(stage)
    repeated_before, start = stage.post.repeated, time.monotonic()
    yield play
    play.look(lambda: stage.count_open() == 0, what="the jobs to be done")
    play.recovery = time.monotonic() - (play.healed_at or start)
    play.finding = check(stage, asked=play.asked)
    after = _counts(stage)
    play.done, play.failed = after[1] - before[1], after[2] - before[2]
    play.owed = after[0] - before[1] - before[2]
    play.repeated = stage.post.repeated - repeated_before
    play.seconds = time.monotonic() - start
    play.require(
        play.failed == play.allowed_failures,
        f"{play.failed} jobs given up, {play.allowed_failures} expected",
    )
    bare = [p for p in stage.people.troubles + play.pages if p.status in (500, 502)]
    play.require(not bare, f"{len(bare)} pages 500")


def _counts(stage: Stage) -> tuple[int, int, int]:
    sql = "SELECT count(*), count(done_at), count(gave_up_at) FROM outbox_message"
    owed, done, failed = stage.ask(sql)[0]
    return int(str(owed)), int(str(done)), int(str(failed))
