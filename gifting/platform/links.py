"""Absolute addresses of pages, for letters and documents."""

from typing import Any

from flask import url_for

from gifting.platform import settings


def to(endpoint: str, **values: Any) -> str:
    """Return the public address of a page, wherever it is asked from.

    It never holds the name a browser called us by: a letter must not lead where a stranger wants.
    """
    return settings.current().public_url + url_for(endpoint, _external=False, **values)
