"""The quick ones of the fault drills; `make drills` plays them all."""

import pytest

from drills.faults import disk, steps
from drills.play import Play
from drills.stage import Stage
from drills.table import troubles

pytestmark = pytest.mark.xdist_group("journeys")

TASKS = ("billing.mail_invoice", "orders.reserve_stock", "accounts.mail_asked_again")
"""One that keeps a file and writes to several, one that only writes rows, one of letters alone."""


def assert_good(play: Play) -> None:
    assert troubles(play) == []
    assert play.done == play.owed > 0


class TestAProcessKilledAtEveryStep:
    def test_loses_nothing_and_does_nothing_twice(self, scene: Stage) -> None:
        assert_good(steps.play(scene, TASKS))


class TestADiskThatIsFull:
    def test_leaves_no_half_file_and_the_jobs_run_later(self, scene: Stage) -> None:
        assert_good(disk.play(scene))
