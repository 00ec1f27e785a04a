"""Pages of the catalogue slice."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from gifting.catalogue.views import (  # noqa: E402, F401 - routes
    breaks,
    counting,
    home,
    makers,
    office,
    page,
    ready,
    shelf,
)
