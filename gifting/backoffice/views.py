"""Pages of the backoffice slice."""

from flask import Blueprint

bp = Blueprint("backoffice", __name__)
