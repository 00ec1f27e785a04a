"""The life of an order. Progress follows from facts, not from somebody clicking "next"."""

from enum import StrEnum

from gifting.core.lifecycle import Edge, Lifecycle


class OrderState(StrEnum):
    AWAITING_DEPOSIT = "awaiting_deposit"
    CONFIRMED = "confirmed"
    SOURCING = "sourcing"
    IN_PRODUCTION = "in_production"
    PACKING = "packing"
    SHIPPING = "shipping"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    ON_HOLD = "on_hold"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class OrderAction(StrEnum):
    PLACE = "place"
    PLACE_AWAITING_DEPOSIT = "place_awaiting_deposit"
    RECEIVE_DEPOSIT = "receive_deposit"
    START_SOURCING = "start_sourcing"
    START_PRODUCTION = "start_production"
    START_PACKING = "start_packing"
    START_SHIPPING = "start_shipping"
    FULFIL = "fulfil"
    CLOSE = "close"
    HOLD = "hold"
    RESUME = "resume"
    LAPSE = "lapse"
    CANCEL = "cancel"


_SYSTEM = frozenset({"system"})
_CLOCK = frozenset({"clock"})
_SALES = frozenset({"sales"})
_EITHER = frozenset({"buyer", "sales"})
_ACCEPTED = ("orders.mail_confirmation", "orders.reserve_stock")
_CONFIRMED = ("orders.keep_certificate",)
_RELEASED = ("orders.release_stock",)

_S, _A = OrderState, OrderAction

ORDER_LIFECYCLE = Lifecycle(
    "order",
    OrderState.CONFIRMED,
    (
        Edge(None, _A.PLACE, _S.CONFIRMED, _ACCEPTED + _CONFIRMED, _SYSTEM),
        Edge(None, _A.PLACE_AWAITING_DEPOSIT, _S.AWAITING_DEPOSIT, _ACCEPTED, _SYSTEM),
        Edge(
            _S.AWAITING_DEPOSIT,
            _A.RECEIVE_DEPOSIT,
            _S.CONFIRMED,
            _CONFIRMED,
            _SYSTEM,
            "deposit_allocated",
        ),
        Edge(_S.CONFIRMED, _A.START_SOURCING, _S.SOURCING, (), _SYSTEM, "purchase_orders_sent"),
        Edge(
            _S.SOURCING, _A.START_PRODUCTION, _S.IN_PRODUCTION, (), _SYSTEM, "producers_confirmed"
        ),
        Edge(_S.IN_PRODUCTION, _A.START_PACKING, _S.PACKING, (), _SYSTEM, "goods_received"),
        Edge(_S.PACKING, _A.START_SHIPPING, _S.SHIPPING, (), _SYSTEM, "parcel_handed_over"),
        Edge(_S.SHIPPING, _A.FULFIL, _S.FULFILLED, (), _SYSTEM, "every_parcel_settled"),
        Edge(_S.FULFILLED, _A.CLOSE, _S.CLOSED, (), _SYSTEM, "invoiced_and_paid"),
        Edge(_S.AWAITING_DEPOSIT, _A.LAPSE, _S.LAPSED, _RELEASED, _CLOCK, "deposit_overdue"),
        *(
            Edge(source, _A.HOLD, _S.ON_HOLD, (), _SALES, "reason")
            for source in (_S.CONFIRMED, _S.SOURCING, _S.IN_PRODUCTION, _S.PACKING)
        ),
        # Back to the first state: the facts then carry the order on to where it was.
        Edge(_S.ON_HOLD, _A.RESUME, _S.CONFIRMED, (), _SALES),
        *(
            Edge(source, _A.CANCEL, _S.CANCELLED, _RELEASED, _EITHER, "reason_and_credit_shown")
            for source in (
                _S.AWAITING_DEPOSIT,
                _S.CONFIRMED,
                _S.SOURCING,
                _S.IN_PRODUCTION,
                _S.PACKING,
                _S.ON_HOLD,
            )
        ),
    ),
)
