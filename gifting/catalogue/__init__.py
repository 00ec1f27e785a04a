"""Catalogue: producers, products, boxes, extras, prices, VAT rates, stock, stores."""
