"""Who may reach the routes of the documents slice."""

from gifting.core.roles import Roles

ROUTES: dict[str, Roles | None] = {}
