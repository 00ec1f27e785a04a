"""Pages of the hampers slice."""

from flask import Blueprint

bp = Blueprint("hampers", __name__)
