"""Pages of the documents slice."""

from flask import Blueprint

bp = Blueprint("documents", __name__)
