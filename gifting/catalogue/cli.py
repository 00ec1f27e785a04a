"""Commands of the catalogue slice."""

from flask.cli import AppGroup

group = AppGroup("catalogue")
