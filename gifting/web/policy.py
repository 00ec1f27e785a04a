"""Who may reach the pages that belong to no slice."""

from gifting.core.roles import ANYONE, COMPANY, Roles

ROUTES: dict[str, Roles | None] = {
    "web.health": ANYONE,
    "web.buyer_home": COMPANY,
}
