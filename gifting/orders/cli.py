"""Commands of the orders slice."""

from flask.cli import AppGroup

group = AppGroup("orders")
