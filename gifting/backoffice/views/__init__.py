"""Staff pages across slices: the state of the system and its jobs, and letters."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gifting.backoffice import policy, queries
from gifting.backoffice.queries import Letter
from gifting.core.roles import BILLING, Role
from gifting.platform.addresses import read_id

bp = Blueprint("backoffice", __name__)

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Letters carry their styles inline; nothing else of them may act."""


@bp.get("/ufficio")
def home() -> ResponseReturnValue:
    """Send each member of staff to the page of their work."""
    role = current_user.role
    if role in BILLING - {Role.ADMINISTRATOR}:
        endpoint = "billing.staff_list"
    elif role is Role.OPERATIONS:
        endpoint = "orders.staff_list"
    else:
        endpoint = "quotes.queue"
    return redirect(url_for(endpoint))


@bp.get("/ufficio/posta")
def mails() -> ResponseReturnValue:
    """List the letters that left, of the slices this person's work is about."""
    rows = queries.list_letters(
        policy.areas_for(current_user.role), before=request.args.get("prima", type=read_id)
    )
    return render_template(
        "backoffice/mails.html",
        rows=rows[: queries.PAGE],
        has_more=len(rows) > queries.PAGE,
    )


@bp.get("/ufficio/posta/<int:letter_id>")
def mail(letter_id: int) -> ResponseReturnValue:
    """Show one letter; its HTML part stands in a frame."""
    return render_template(
        "backoffice/mail.html", letter=_get_letter(letter_id), letter_id=letter_id
    )


def _get_letter(letter_id: int) -> Letter:
    return queries.get_letter(
        letter_id, areas=policy.areas_for(current_user.role), personal=policy.PERSONAL
    )


@bp.get("/ufficio/posta/<int:letter_id>/html")
def mail_html(letter_id: int) -> ResponseReturnValue:
    """Serve the HTML part of a letter, which may run and load nothing."""
    letter = _get_letter(letter_id)
    if not letter.html:
        abort(404)
    response = make_response(letter.html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


from gifting.backoffice.views import system  # noqa: E402, F401 - its routes
