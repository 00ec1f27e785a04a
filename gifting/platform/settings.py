"""The settings of the running application, for rooms that know no HTTP."""

from flask import current_app

from config import Settings


def current() -> Settings:
    """Return the settings the application was created with."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
