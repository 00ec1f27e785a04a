"""Documents to download: for staff by role, for a company's people their own."""

import logging
from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gifting.documents import policy, queries
from gifting.platform import storage

logger = logging.getLogger(__name__)
bp = Blueprint("documents", __name__)

_SANDBOX = "sandbox; default-src 'none'"
_ONLY_SHOW = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'"


@bp.get("/documenti/<int:document_id>")
def download(document_id: int) -> ResponseReturnValue:
    """Give the file, or show it in the browser with ?vista=1; never one that has changed."""
    company_id = None if current_user.is_staff else current_user.company_id
    document = queries.get(document_id, company_id=company_id)
    if not policy.may_read(document.kind, current_user.role):
        abort(403)
    try:
        content = storage.load(document.sha256)
    except (FileNotFoundError, storage.StoredFileDamaged):
        logger.exception("document %s is lost or damaged", document.id)
        return render_template("documents/damaged.html", document=document), 500
    is_ours = document.kind not in policy.FOREIGN
    response = send_file(
        BytesIO(content),
        mimetype=document.media_type,
        as_attachment=not is_ours or request.args.get("vista") != "1",
        download_name=document.filename,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = (
        f"{_ONLY_SHOW}; frame-ancestors 'self'" if is_ours else _SANDBOX
    )
    return response
