"""Pages of the orders slice: acceptance, the buyer's and the office's."""

from flask import Blueprint

bp = Blueprint("orders", __name__)

from gifting.orders.views import acceptance, buyer, office  # noqa: E402, F401 - they register their routes
