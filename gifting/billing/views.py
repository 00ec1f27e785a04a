"""Pages of the billing slice."""

from flask import Blueprint

bp = Blueprint("billing", __name__)
