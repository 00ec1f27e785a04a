"""Who may reach the routes of the catalogue slice."""

from gifting.core.roles import ANYONE, STAFF, Role, Roles

EDITORS: Roles = frozenset({Role.SALES_MANAGER, Role.ADMINISTRATOR})
"""Who may change prices, rates, labels, stock and breaks."""

ROUTES: dict[str, Roles | None] = {
    "catalogue.home": ANYONE,
    "catalogue.products": ANYONE,
    "catalogue.product": ANYONE,
    "catalogue.ready_hampers": ANYONE,
    "catalogue.ready_hamper": ANYONE,
    "catalogue.producers": ANYONE,
    "catalogue.producer": ANYONE,
    "catalogue.how_it_works": ANYONE,
    "catalogue.impact_method": ANYONE,
    "catalogue.shop": ANYONE,
    "catalogue.staff_products": STAFF,
    "catalogue.staff_product": STAFF,
    "catalogue.staff_breaks": STAFF,
    "catalogue.set_price": EDITORS,
    "catalogue.set_vat": EDITORS,
    "catalogue.count_stock": EDITORS,
    "catalogue.export_stock": STAFF,
    "catalogue.preview_count": EDITORS,
    "catalogue.apply_count": EDITORS,
    "catalogue.confirm_label": EDITORS,
    "catalogue.set_on_sale": EDITORS,
    "catalogue.set_breaks": EDITORS,
}

WRITES = frozenset(endpoint for endpoint, roles in ROUTES.items() if roles is EDITORS)
