"""Who may reach the routes of the documents slice, and who may read which kind of document."""

from gifting.core.roles import BILLING, COMPANY, SALES, SIGNED_IN, Role, Roles

ROUTES: dict[str, Roles | None] = {"documents.download": SIGNED_IN}

READERS: dict[str, Roles] = {
    "offer": SIGNED_IN,
    "order_confirmation": SIGNED_IN,
    "impact_certificate": SIGNED_IN,
    "invoice": COMPANY | BILLING | SALES,
    "purchase_order": COMPANY | SALES | BILLING,
}
"""By kind; a kind in no row is read by nobody. A company's people read their company's only."""

FOREIGN = frozenset({"purchase_order"})
"""Kinds that come from outside: they are only ever downloaded, never shown among our pages."""


def may_read(kind: str, role: Role) -> bool:
    """Tell whether a person in this role may read documents of this kind."""
    return role in READERS.get(kind, frozenset())
