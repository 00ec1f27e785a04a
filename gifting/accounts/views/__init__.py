"""Pages of the accounts slice."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from gifting.accounts.views import (  # noqa: E402, F401 - their routes
    access,
    brand,
    company,
    confirmation,
    devices,
    factor,
    invitation,
    links,
    people,
    profile,
    second_step,
)
