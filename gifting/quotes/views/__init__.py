"""Pages of the quotes slice: the buyer's and the office's."""

from flask import Blueprint

bp = Blueprint("quotes", __name__)

from gifting.quotes.views import buyer, many, queue, sales  # noqa: E402, F401 - they register their routes
