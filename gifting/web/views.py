"""Pages that belong to no slice."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue

from gifting.platform.db import db

bp = Blueprint("web", __name__)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Answer when the web process and its database work."""
    db.session.execute(sa.text("SELECT 1"))
    return {"status": "ok"}
