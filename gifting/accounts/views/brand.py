"""A company's logo: its managers change it, its people and sales see it."""

import logging
from io import BytesIO

from flask import abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries
from gifting.accounts.forms.brand import LogoForm
from gifting.accounts.service import company as service
from gifting.accounts.views import bp
from gifting.accounts.views.company import show_company
from gifting.platform import clock, storage
from gifting.platform.failures import NOT_KEPT
from gifting.platform.uow import transaction
from gifting.platform.uploads import PNG

logger = logging.getLogger(__name__)


@bp.post("/azienda/marchio")
def change_logo() -> ResponseReturnValue:
    """Keep a new logo in the place of the one before."""
    form = LogoForm()
    if not form.validate_on_submit():
        return show_company(form), 422
    try:
        with transaction():
            service.change_logo(
                current_user.company_id,
                content=form.logo.upload.content,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except NOT_KEPT as outage:
        form.logo.blame(outage)
        return show_company(form), 503
    flash(_("Marchio salvato."), "success")
    return redirect(url_for("accounts.company", _anchor="marchio"))


@bp.post("/azienda/marchio/togli")
def remove_logo() -> ResponseReturnValue:
    """Let the company have no logo; again changes nothing."""
    with transaction():
        service.remove_logo(current_user.company_id, actor_id=current_user.id, now=clock.now())
    flash(_("Marchio tolto."), "success")
    return redirect(url_for("accounts.company", _anchor="marchio"))


@bp.get("/marchi/<int:company_id>")
def logo(company_id: int) -> ResponseReturnValue:
    """Give a company's logo, which we drew ourselves: a PNG whatever was sent."""
    own_id = None if current_user.is_staff else current_user.company_id
    sha256 = queries.find_logo(company_id, own_id=own_id)
    if sha256 is None:
        abort(404)
    try:
        content = storage.load(sha256)
    except (FileNotFoundError, storage.StoredFileDamaged):
        logger.exception("the logo of company %s is lost or damaged", company_id)
        abort(404)
    response = send_file(BytesIO(content), mimetype=PNG, etag=False)
    del response.headers["Cache-Control"]  # as every page of somebody's: kept nowhere
    return response
