"""Pages of the accounts slice."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from gifting.accounts.views import access  # noqa: E402, F401 - registers its routes
