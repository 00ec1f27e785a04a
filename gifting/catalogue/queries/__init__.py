"""What may be read from the catalogue: frozen facts, in few queries, as they stand on a day."""

from gifting.catalogue.queries.facts import BoxFacts, ExtraFacts, ProductFacts
from gifting.catalogue.queries.goods import (
    get_box,
    get_extras,
    get_products,
    get_products_by_sku,
    list_boxes,
    list_extras,
    list_quantity_breaks,
)
from gifting.catalogue.queries.ready import (
    PricedReadyHamper,
    ReadyHamperFacts,
    ReadyLine,
    get_ready_hamper,
    list_ready_hampers,
    price_contents,
    price_ready_hampers,
)

__all__ = [
    "BoxFacts",
    "ExtraFacts",
    "PricedReadyHamper",
    "ProductFacts",
    "ReadyHamperFacts",
    "ReadyLine",
    "get_box",
    "get_extras",
    "get_products",
    "get_products_by_sku",
    "get_ready_hamper",
    "list_boxes",
    "list_extras",
    "list_quantity_breaks",
    "list_ready_hampers",
    "price_contents",
    "price_ready_hampers",
]
