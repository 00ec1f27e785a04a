import pytest

from gifting.core.lifecycle import TransitionNotAllowed
from gifting.core.order_lifecycle import ORDER_LIFECYCLE, OrderAction, OrderState

PATH = [
    ("awaiting_deposit", "receive_deposit", "confirmed"),
    ("confirmed", "start_sourcing", "sourcing"),
    ("sourcing", "start_production", "in_production"),
    ("in_production", "start_packing", "packing"),
    ("packing", "start_shipping", "shipping"),
    ("shipping", "fulfil", "fulfilled"),
    ("fulfilled", "close", "closed"),
]
BESIDE = [
    ("awaiting_deposit", "lapse", "lapsed"),
    ("on_hold", "resume", "confirmed"),
    *((s, "hold", "on_hold") for s in ("confirmed", "sourcing", "in_production", "packing")),
    *(
        (state, "cancel", "cancelled")
        for state in (
            *("awaiting_deposit", "confirmed", "sourcing", "in_production", "packing", "on_hold"),
        )
    ),
]


class TestOrderLifecycle:
    @pytest.mark.parametrize(("source", "action", "target"), PATH + BESIDE)
    def test_every_row_moves(self, source: str, action: str, target: str) -> None:
        assert ORDER_LIFECYCLE.move(OrderState(source), OrderAction(action)).target == target

    def test_every_other_move_is_refused(self) -> None:
        allowed = {(source, action) for source, action, _ in PATH + BESIDE}
        for state in OrderState:
            for action in OrderAction:
                if (state, action) not in allowed:
                    with pytest.raises(TransitionNotAllowed):
                        ORDER_LIFECYCLE.move(state, action)

    @pytest.mark.parametrize(
        ("action", "target", "more"),
        [
            ("place", "confirmed", ("orders.keep_certificate",)),
            ("place_awaiting_deposit", "awaiting_deposit", ()),
        ],
    )
    def test_placing_confirms_by_mail_and_reserves_stock(
        self, action: str, target: str, more: tuple[str, ...]
    ) -> None:
        edge = ORDER_LIFECYCLE.create(OrderAction(action))

        assert edge.target == target
        assert edge.emits == ("orders.mail_confirmation", "orders.reserve_stock", *more)

    def test_progress_follows_from_facts_alone(self) -> None:
        assert {ORDER_LIFECYCLE.move(OrderState(s), OrderAction(a)).by for s, a, _ in PATH} == {
            frozenset({"system"})
        }

    def test_every_state_is_reached_and_three_are_final(self) -> None:
        assert set(ORDER_LIFECYCLE.states) == set(OrderState)
        assert {state for state in OrderState if ORDER_LIFECYCLE.is_final(state)} == {
            OrderState.CLOSED,
            OrderState.LAPSED,
            OrderState.CANCELLED,
        }
