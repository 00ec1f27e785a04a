"""Who may reach the pages that belong to no slice."""

from gifting.core.roles import ANYONE, Roles

ROUTES: dict[str, Roles | None] = {
    "web.health": ANYONE,
}
