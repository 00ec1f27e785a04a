"""Pages of the quotes slice."""

from flask import Blueprint

bp = Blueprint("quotes", __name__)
