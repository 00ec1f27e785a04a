"""Who may reach the routes of the catalogue slice."""

from gifting.core.roles import Roles

ROUTES: dict[str, Roles | None] = {}
