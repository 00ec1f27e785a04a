"""Every job and every fault there is has its drill."""

import importlib
import inspect

import pytest

from drills import faults, ways, wounds
from drills.__main__ import NAMES
from gifting.platform import outbox
from tests.conftest import NOW

RECORDS = ways.Records(*range(1, 12))


class TestJobs:
    @pytest.mark.parametrize("task", sorted(outbox.HANDLERS))
    def test_each_has_a_way_that_tells_it_what_it_asks_for(self, task: str) -> None:
        payload = ways.payload_of(task, RECORDS)

        inspect.signature(outbox.HANDLERS[task]).bind(**payload, now=NOW)

    def test_a_way_of_its_own_has_no_job_that_is_gone(self) -> None:
        assert set(ways.ASTRAY) <= set(outbox.HANDLERS)


class TestFaults:
    @pytest.mark.parametrize("name", NAMES)
    def test_each_module_says_what_it_breaks_and_plays_it(self, name: str) -> None:
        module = importlib.import_module(f"{faults.__name__}.{name}")

        assert module.__doc__
        assert callable(module.play)

    @pytest.mark.parametrize("point", wounds.POINTS)
    def test_each_point_at_which_a_process_dies_is_a_function_of_the_product(
        self, point: str
    ) -> None:
        place, name, when = wounds.POINTS[point]

        assert callable(getattr(place, name))
        assert when in (wounds.BEFORE, wounds.AFTER)
