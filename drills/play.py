"""One drill from beginning to end: work before, during and after the fault, and its row."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drills.checker import Finding, check
from drills.stage import Stage
from drills.visitor import Page, Visitor

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
    staff: list[str] = field(default_factory=list)
    """What the staff read of it: sentences of the system page, or lines of health and log."""
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
        """Wait until it is so; return the seconds it took."""
        return self.stage.wait_until(is_so, what=what, seconds=seconds)

    def staff_read(self, condition: str) -> None:
        """Reload the system page until it shows this condition, and note its sentence."""

        def is_shown() -> bool:
            sentence = self.stage.people.read_system().get(condition, "")
            self._note(f"«{sentence}»" if sentence else "")
            return bool(sentence)

        self.stage.wait_until(
            is_shown, what=f"{condition} on the system page", seconds=SETTLE_SECONDS, pause=1
        )

    def staff_look(self) -> None:
        """Note all that the system page shows now, its own words where nothing is wrong."""
        for sentence in self.stage.people.read_system().values():
            self._note(f"«{sentence}»")

    def staff_without_pages(self, part: str, pattern: str) -> None:
        """Note what is left when no page comes: the log's last line like this, and the probe."""
        log = self.stage.log(part).read_text(errors="replace")
        found = re.findall(pattern, log)
        self.require(found, f"{part}.log says nothing like {pattern}")
        self._note(f"{part}.log: «{found[-1]}»" if found else "")
        probe = Visitor(self.stage.address).get("/health/ready")  # a monitor has no cookie
        told = f"{probe.status} {json.loads(probe.text)['status']}" if probe.text else probe.heading
        self._note(f"/health/ready: {told}")

    def _note(self, words: str) -> None:
        if words and words not in self.staff:
            self.staff.append(words)

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
    play.require(play.staff, "the staff saw nothing of it")


def _counts(stage: Stage) -> tuple[int, int, int]:
    sql = "SELECT count(*), count(done_at), count(gave_up_at) FROM outbox_message"
    owed, done, failed = stage.ask(sql)[0]
    return int(str(owed)), int(str(done)), int(str(failed))
