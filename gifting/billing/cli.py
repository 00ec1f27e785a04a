"""Commands of the billing slice."""

from flask.cli import AppGroup

group = AppGroup("billing")
