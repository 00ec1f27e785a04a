"""Who may reach the routes of the quotes slice."""

from gifting.core.roles import Roles

ROUTES: dict[str, Roles | None] = {}
