"""Pages of the hampers slice."""

from flask import Blueprint

bp = Blueprint("hampers", __name__)

from gifting.hampers.views import (  # noqa: E402 - routes
    builder,  # noqa: F401
    changes,  # noqa: F401
    mine,  # noqa: F401
    shared,  # noqa: F401
    starting,  # noqa: F401
)
