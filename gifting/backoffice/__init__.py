"""Backoffice: staff pages that look across slices."""
