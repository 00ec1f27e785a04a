"""Every job and every fault there is has its drill."""

import importlib

import pytest
from flask import Flask

from drills import faults, ways, wounds
from drills.__main__ import NAMES
from gifting.platform import outbox


class TestJobs:
    def test_each_is_killed_at_every_step_or_is_named_with_the_reason(self, app: Flask) -> None:
        by_hand = {task for task in outbox.HANDLERS if task not in ways.NOT_DRILLED}

        assert {task.partition(".")[0] for task in by_hand} <= set(ways.BY_AREA)
        assert set(ways.NOT_DRILLED) <= set(outbox.HANDLERS)
        assert all(ways.NOT_DRILLED.values())


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
