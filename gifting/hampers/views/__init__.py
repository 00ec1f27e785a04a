"""Pages of the hampers slice."""

from flask import Blueprint

bp = Blueprint("hampers", __name__)

from gifting.hampers.views import builder, changes, mine, starting  # noqa: E402, F401 - routes
