"""How people reach the moves of a lifecycle: the buttons, the gate and the tests are drawn from it.

A move of people that no page offers yet is in no row, but among the unreached, with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from gifting.core.lifecycle import Lifecycle, TransitionNotAllowed
from gifting.core.roles import Role, Roles

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)

BY_ITSELF = frozenset({"clock", "system"})
"""Sides that are nobody: what they do follows from a schedule or from a fact."""


@dataclass(frozen=True, slots=True)
class Verb(Generic[A]):
    """One way to make a move: `side`, one of the edge's `by`, posts to `endpoint`.

    `roles` are who may, None for anyone. `page` is the endpoint that asks first, where it is not
    the same. `repeats`: asked again where it has led already, it shows what there is.
    """

    action: A
    side: str
    endpoint: str
    roles: Roles | None
    page: str = ""
    repeats: bool = False

    def is_for(self, role: Role) -> bool:
        return self.roles is None or role in self.roles


@dataclass(frozen=True, slots=True)
class VerbTable(Generic[S, A]):
    """The verbs of one lifecycle. `unreached`: moves no page offers yet, and what they wait for."""

    lifecycle: Lifecycle[S, A]
    verbs: tuple[Verb[A], ...]
    unreached: Mapping[A, str] = field(default_factory=dict)

    def actions_for(self, state: S, role: Role) -> frozenset[A]:
        """Return the moves that this role may make from this state."""
        return frozenset(
            edge.action
            for edge in self.lifecycle.edges
            if edge.source == state
            and any(
                verb.action == edge.action and verb.side in edge.by and verb.is_for(role)
                for verb in self.verbs
            )
        )

    def expect(self, action: A, state: S, role: Role) -> None:
        """Refuse a move that this role cannot make from this state, before a form is read.

        :raises TransitionNotAllowed: if it cannot
        """
        if action not in self.actions_for(state, role):
            raise TransitionNotAllowed(state, action)

    def routes(self, area: str) -> dict[str, Roles | None]:
        """Return the rows of the policy table for the endpoints of one slice."""
        return {
            endpoint: verb.roles
            for verb in self.verbs
            for endpoint in (verb.endpoint, verb.page)
            if endpoint.startswith(f"{area}.")
        }
