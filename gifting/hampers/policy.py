"""Who may reach the routes of the hampers slice."""

from gifting.core.roles import Roles

ROUTES: dict[str, Roles | None] = {}
