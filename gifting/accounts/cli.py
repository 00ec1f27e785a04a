"""Commands of the accounts slice."""

from flask.cli import AppGroup

group = AppGroup("accounts")
