"""Who may reach the pages that belong to no slice."""

from gifting.core.roles import ANYONE, COMPANY, STAFF, Roles

ROUTES: dict[str, Roles | None] = {
    "probes.live": ANYONE,
    "probes.ready": ANYONE,
    "probes.show_metrics": ANYONE,  # has a guard of its own: a token or a network
    "web.buyer_home": COMPANY,
    "web.design": STAFF,
    "web.privacy": ANYONE,
}
