"""What may be read from the catalogue: frozen facts, in few queries, as they stand on a day."""

from gifting.catalogue.queries.facts import BoxFacts, ExtraFacts, ProductFacts
from gifting.catalogue.queries.filters import (
    CATEGORIES,
    Choice,
    Filters,
    Group,
    Logistics,
    Sort,
    choose,
)
from gifting.catalogue.queries.goods import (
    get_box,
    get_extras,
    get_products,
    get_products_by_sku,
    list_boxes,
    list_extras,
    list_quantity_breaks,
)
from gifting.catalogue.queries.places import (
    ProducerFacts,
    ProductSheet,
    StoreFacts,
    get_producer,
    get_product_sheet,
    list_producers,
    list_shelf,
    list_stores,
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
from gifting.catalogue.queries.search import Correction, Page, search_products

__all__ = [
    "CATEGORIES",
    "BoxFacts",
    "Choice",
    "Correction",
    "ExtraFacts",
    "Filters",
    "Group",
    "Logistics",
    "Page",
    "PricedReadyHamper",
    "ProducerFacts",
    "ProductFacts",
    "ProductSheet",
    "ReadyHamperFacts",
    "ReadyLine",
    "Sort",
    "StoreFacts",
    "choose",
    "get_box",
    "get_extras",
    "get_producer",
    "get_product_sheet",
    "get_products",
    "get_products_by_sku",
    "get_ready_hamper",
    "list_boxes",
    "list_extras",
    "list_producers",
    "list_quantity_breaks",
    "list_ready_hampers",
    "list_shelf",
    "list_stores",
    "price_contents",
    "price_ready_hampers",
    "search_products",
]
