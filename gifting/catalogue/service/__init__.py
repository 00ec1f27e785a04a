"""What may be done to the catalogue."""

from gifting.catalogue.service.importing import Tally, import_catalogue, label_of
from gifting.catalogue.service.sheets import CatalogueRefused, Problem, Row, read_sheets
from gifting.catalogue.service.stock import release_stock, reserve_stock

__all__ = [
    "CatalogueRefused",
    "Problem",
    "Row",
    "Tally",
    "import_catalogue",
    "label_of",
    "read_sheets",
    "release_stock",
    "reserve_stock",
]
