"""Commands of the quotes slice."""

from flask.cli import AppGroup

group = AppGroup("quotes")
