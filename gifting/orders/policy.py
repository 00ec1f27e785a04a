"""Who may reach the routes of the orders slice."""

from gifting.core.roles import Roles

ROUTES: dict[str, Roles | None] = {}
