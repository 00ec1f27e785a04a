"""What may be done to the catalogue."""

from gifting.catalogue.service.stock import release_stock, reserve_stock

__all__ = ["release_stock", "reserve_stock"]
