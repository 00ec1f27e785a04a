"""Who may reach the routes of the hampers slice. Whose a hamper is, the queries decide."""

from gifting.core.roles import ANYONE, Roles

ROUTES: dict[str, Roles | None] = {
    "hampers.mine": ANYONE,
    "hampers.create": ANYONE,
    "hampers.new": ANYONE,
    "hampers.builder": ANYONE,
    "hampers.update": ANYONE,
    "hampers.shared": ANYONE,
    "hampers.copy_shared": ANYONE,
    "hampers.confirm_delete": ANYONE,
    "hampers.start_from_ready": ANYONE,
    "hampers.add_product": ANYONE,
}

WRITES = frozenset(
    {
        "hampers.create",
        "hampers.update",
        "hampers.copy_shared",
        "hampers.start_from_ready",
        "hampers.add_product",
    }
)
