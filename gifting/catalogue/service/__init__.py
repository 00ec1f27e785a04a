"""What may be done to the catalogue."""

from gifting.catalogue.service.counting import LIMITS as COUNT_LIMITS
from gifting.catalogue.service.counting import (
    PIECES,
    SKU,
    Count,
    CountFault,
    CountProblem,
    CountRefused,
    CountSheet,
    apply_count,
    read_count,
)
from gifting.catalogue.service.importing import Tally, import_catalogue, label_of
from gifting.catalogue.service.office import (
    BreaksDoNotRise,
    DateInThePast,
    StockBelowReserved,
    confirm_label,
    count_stock,
    set_breaks,
    set_on_sale,
    set_price,
    set_vat,
)
from gifting.catalogue.service.sheets import CatalogueRefused, Problem, Row, read_sheets
from gifting.catalogue.service.stock import release_stock, reserve_stock

__all__ = [
    "COUNT_LIMITS",
    "PIECES",
    "SKU",
    "BreaksDoNotRise",
    "CatalogueRefused",
    "Count",
    "CountFault",
    "CountProblem",
    "CountRefused",
    "CountSheet",
    "DateInThePast",
    "Problem",
    "Row",
    "StockBelowReserved",
    "Tally",
    "apply_count",
    "confirm_label",
    "count_stock",
    "import_catalogue",
    "label_of",
    "read_count",
    "read_sheets",
    "release_stock",
    "reserve_stock",
    "set_breaks",
    "set_on_sale",
    "set_price",
    "set_vat",
]
