"""A person's second factor on their own pages: begin, change telephone, new codes, do without."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from gifting.accounts import service
from gifting.accounts.forms.factor import CodeForm, OwnPasswordForm, word_first_code_error
from gifting.accounts.queries import Person, get_user
from gifting.accounts.queries.factors import count_recovery_codes, get_next_secret, has_factor
from gifting.accounts.service import factors, second_step, sessions
from gifting.accounts.views import bp
from gifting.core import one_time_codes
from gifting.platform import clock
from gifting.platform.qr import address_qr_svg
from gifting.platform.uow import transaction

_ISSUER = "Viale dei Mille"


@bp.get("/profilo/codice")
def second_factor() -> ResponseReturnValue:
    """Show whether there is a second factor, and what can be done about it."""
    return _show_state(OwnPasswordForm(formdata=None), status=200)


@bp.route("/profilo/codice/telefono", methods=["GET", "POST"])
def set_up_factor() -> ResponseReturnValue:
    """Show the QR code for a new telephone; its first code puts it in the place of the old one."""
    form, now = CodeForm(), clock.now()
    if not get_next_secret(current_user.id):
        return redirect(url_for("accounts.second_factor"))
    if not form.validate_on_submit():
        return setting_up_page(current_user, form, status=422 if form.is_submitted() else 200)
    codes: list[str] = []
    with transaction():
        user = get_user(current_user.id, for_update=True)
        error = factors.confirm(user, form.code.data, now=now)
        if error is None:
            codes = factors.draw_recovery_codes(user, now=now)
            sessions.note_second_step(current_user.session.id)
    if error is not None:
        form.code.errors = [word_first_code_error(error)]
        return setting_up_page(current_user, form, status=422)
    return recovery_codes_page(codes, target=url_for("accounts.account"))


@bp.post("/profilo/codice/prepara")
def prepare_second_factor() -> ResponseReturnValue:
    """Begin with a telephone, after the password."""
    form = OwnPasswordForm()
    if not _is_own_password(form):
        return _show_state(form, status=422)
    with transaction():
        factors.prepare(current_user.id)
    return redirect(url_for("accounts.set_up_factor"))


@bp.post("/profilo/codice/riserva")
def renew_recovery_codes() -> ResponseReturnValue:
    """Draw new codes for paper, after the password; the ones before are void."""
    form = OwnPasswordForm()
    if not _is_own_password(form):
        return _show_state(form, status=422)
    if not has_factor(current_user.id):
        return redirect(url_for("accounts.second_factor"))
    with transaction():
        user = get_user(current_user.id, for_update=True)
        codes = factors.draw_recovery_codes(user, now=clock.now())
    return recovery_codes_page(codes, target=url_for("accounts.account"))


@bp.post("/profilo/codice/spegni")
def end_second_factor() -> ResponseReturnValue:
    """Do without, after the password; who must have a second factor changes telephone instead."""
    form = OwnPasswordForm()
    if not _is_own_password(form):
        return _show_state(form, status=422)
    if second_step.is_required(current_user):
        flash(_("Nel tuo ruolo il codice serve sempre: puoi cambiare telefono."), "warning")
        return redirect(url_for("accounts.second_factor"))
    with transaction():
        user = get_user(current_user.id, for_update=True)
        factors.end_factor(user, actor_id=user.id, now=clock.now())
    flash(_("Da adesso per entrare basta la password."), "success")
    return redirect(url_for("accounts.account"))


def setting_up_page(person: Person, form: CodeForm, *, status: int) -> ResponseReturnValue:
    """Show the QR code of the telephone being set up. Nothing keeps this page."""
    with transaction():
        secret = factors.secret_to_set_up(person.id)
    address = one_time_codes.address_of(secret, account=person.email, issuer=_ISSUER)
    page = render_template(
        "accounts/set_up_factor.html",
        form=form,
        qr=Markup(address_qr_svg(address, label=_("Codice QR per l’app"))),  # noqa: S704 - drawn here
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        address=address,
    )
    return _unkept(page, status)


def recovery_codes_page(codes: list[str], *, target: str) -> Response:
    """Show codes for paper, this once."""
    return _unkept(render_template("accounts/recovery_codes.html", codes=codes, target=target), 200)


def _unkept(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _is_own_password(form: OwnPasswordForm) -> bool:
    if not form.validate_on_submit():
        return False
    if service.is_own_password(current_user.id, form.password.data):
        return True
    form.password.errors = [_("Non è la password che usi adesso: riscrivila.")]
    return False


def _show_state(form: OwnPasswordForm, *, status: int) -> ResponseReturnValue:
    page = render_template(
        "accounts/second_factor.html",
        form=form,
        is_on=has_factor(current_user.id),
        is_required=second_step.is_required(current_user),
        codes_left=count_recovery_codes(current_user.id),
    )
    return page, status
