from enum import StrEnum

import pytest

from gifting.core.lifecycle import (
    Edge,
    Lifecycle,
    TransitionNotAllowed,
    lifecycle_table,
    to_mermaid,
)


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


class Act(StrEnum):
    BUILD = "build"
    CLOSE = "close"
    WALL_UP = "wall_up"


DOOR = Lifecycle(
    "door",
    Door.OPEN,
    (
        Edge(None, Act.BUILD, Door.OPEN, (), frozenset({"mason"})),
        Edge(Door.OPEN, Act.CLOSE, Door.SHUT, ("doors.mail",), frozenset({"owner", "guest"})),
        Edge(Door.SHUT, Act.WALL_UP, Door.WALLED, (), frozenset({"owner"}), "reason"),
    ),
)


class TestLifecycle:
    def test_moves_along_an_edge(self) -> None:
        assert DOOR.move(Door.OPEN, Act.CLOSE).target is Door.SHUT
        assert DOOR.create(Act.BUILD).target is Door.OPEN

    def test_refuses_what_has_no_edge_and_says_which(self) -> None:
        with pytest.raises(TransitionNotAllowed, match="cannot build from open") as refused:
            DOOR.move(Door.OPEN, Act.BUILD)
        assert (refused.value.state, refused.value.action) == (Door.OPEN, Act.BUILD)

        with pytest.raises(TransitionNotAllowed, match="cannot close from nothing") as refused:
            DOOR.create(Act.CLOSE)
        assert refused.value.state is None

    def test_lists_states_and_actions(self) -> None:
        assert DOOR.states == (Door.OPEN, Door.SHUT, Door.WALLED)
        assert DOOR.actions(Door.SHUT) == (Act.WALL_UP,)
        assert [state for state in DOOR.states if DOOR.is_final(state)] == [Door.WALLED]

    def test_refuses_two_edges_for_one_move(self) -> None:
        with pytest.raises(ValueError, match="two edges"):
            Lifecycle("door", Door.OPEN, (DOOR.edges[1], DOOR.edges[1]))


class TestDrawings:
    def test_table_has_a_row_per_edge(self) -> None:
        assert lifecycle_table(DOOR)[:2] == [
            ("–", "build", "mason", "open", "", ""),
            ("open", "close", "guest, owner", "shut", "", "doors.mail"),
        ]

    def test_mermaid_shows_beginnings_and_ends(self) -> None:
        assert to_mermaid(DOOR) == (
            "stateDiagram-v2\n"
            "    [*] --> open: build\n"
            "    open --> shut: close\n"
            "    shut --> walled: wall_up\n"
            "    walled --> [*]\n"
        )
