"""What may be done to the catalogue."""

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
    "BreaksDoNotRise",
    "CatalogueRefused",
    "DateInThePast",
    "Problem",
    "Row",
    "StockBelowReserved",
    "Tally",
    "confirm_label",
    "count_stock",
    "import_catalogue",
    "label_of",
    "read_sheets",
    "release_stock",
    "reserve_stock",
    "set_breaks",
    "set_on_sale",
    "set_price",
    "set_vat",
]
