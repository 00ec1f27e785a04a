"""Absolute addresses of pages, for letters and documents."""

from typing import Any

from flask import url_for


def to(endpoint: str, **values: Any) -> str:
    """Return the public address of a page, wherever it is asked from."""
    return url_for(endpoint, _external=True, **values)
