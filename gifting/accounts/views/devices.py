"""Where a person is signed in, and signing out from afar."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from gifting.accounts.service import factors, sessions
from gifting.accounts.views import bp
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.post("/profilo/dispositivi/<int:session_id>/esci")
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one other browser of this person."""
    with transaction():
        is_ended = sessions.end_session(current_user.id, session_id, now=clock.now())
    if is_ended:
        flash(_("Fatto: da quel dispositivo sei uscito."), "success")
    else:
        flash(_("Da quel dispositivo eri già uscito."), "info")
    return redirect(url_for("accounts.account", _anchor="dispositivi"))


@bp.post("/profilo/dispositivi/esci")
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    with transaction():
        count = sessions.end_sessions(
            current_user.id, except_id=current_user.session.id, now=clock.now()
        )
        factors.forget_browsers(current_user.id)
    flash(
        ngettext(
            "Sei uscito da %(num)d altro dispositivo.",
            "Sei uscito da altri %(num)d dispositivi.",
            count,
        )
        if count
        else _("Non c’era nessun altro dispositivo."),
        "success",
    )
    return redirect(url_for("accounts.account", _anchor="dispositivi"))
