"""Pages of the catalogue slice."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)
