"""Commands of the backoffice slice."""

from flask.cli import AppGroup

group = AppGroup("backoffice")
