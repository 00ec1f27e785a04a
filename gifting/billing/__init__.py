"""Billing: invoices that never change once issued, and the payments beside them."""
