"""Commands of the hampers slice."""

from flask.cli import AppGroup

group = AppGroup("hampers")
