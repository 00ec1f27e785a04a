import pytest

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.roles import SALES, Role
from gifting.core.verbs import Verb, VerbTable
from tests.core.test_lifecycle import DOOR, Act, Door

TABLE = VerbTable(
    DOOR,
    (
        Verb(Act.CLOSE, "guest", "doors.close", frozenset({Role.BUYER})),
        Verb(Act.WALL_UP, "owner", "walls.build", SALES, page="walls.ask"),
    ),
)


class TestVerbTable:
    def test_a_role_may_do_what_the_state_has_and_a_verb_gives_it(self) -> None:
        assert TABLE.actions_for(Door.OPEN, Role.BUYER) == {Act.CLOSE}
        assert TABLE.actions_for(Door.OPEN, Role.SALES) == frozenset()
        assert TABLE.actions_for(Door.SHUT, Role.BUYER) == frozenset()

    def test_a_verb_of_a_side_that_the_edge_does_not_name_gives_nothing(self) -> None:
        wrong_side = VerbTable(DOOR, (Verb(Act.CLOSE, "mason", "doors.close", None),))

        assert wrong_side.actions_for(Door.OPEN, Role.BUYER) == frozenset()

    def test_expecting_a_move_that_cannot_be_made_is_refused(self) -> None:
        TABLE.expect(Act.CLOSE, Door.OPEN, Role.BUYER)

        with pytest.raises(TransitionNotAllowed, match="cannot close from shut"):
            TABLE.expect(Act.CLOSE, Door.SHUT, Role.BUYER)

    def test_the_rows_of_a_slice_are_its_endpoints_and_the_pages_that_ask(self) -> None:
        assert TABLE.routes("walls") == {"walls.build": SALES, "walls.ask": SALES}
