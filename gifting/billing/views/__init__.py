"""Pages of the billing slice: the company's and the office's."""

from flask import Blueprint

bp = Blueprint("billing", __name__)

from gifting.billing.views import company, office  # noqa: E402, F401 - they register their routes
