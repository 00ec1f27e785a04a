"""Commands of the documents slice."""

from flask.cli import AppGroup

group = AppGroup("documents")
