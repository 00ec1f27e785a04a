"""A person's own page: name, language, address, password, devices; their company's data to read."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries, service
from gifting.accounts.forms import ChangePasswordForm, ProfileForm
from gifting.accounts.forms.access import ChangeEmailForm
from gifting.accounts.queries.sessions import list_open_sessions
from gifting.accounts.service import links
from gifting.accounts.views import bp
from gifting.accounts.views.wording import device_words
from gifting.core import passwords
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.route("/profilo", methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """Show and save what people may change about themselves."""
    form = ProfileForm(obj=current_user)
    if not form.validate_on_submit():
        return _show(form, status=422 if form.is_submitted() else 200)
    language = form.locale.data
    with transaction():
        service.update_profile(
            current_user.id, name=form.name.data, phone=form.phone.data, locale=language
        )
    session["language"] = language
    with force_locale(language):
        flash(_("Profilo salvato."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/profilo/password")
def change_password() -> ResponseReturnValue:
    """Put a new password in place of the old one, which has to be known."""
    form = ChangePasswordForm()
    is_changed = False
    if form.validate_on_submit():
        with transaction():
            is_changed = service.change_password(
                current_user.id,
                old=form.old.data,
                new=form.new.data,
                session_id=current_user.session.id,
                now=clock.now(),
            )
        if not is_changed:
            form.old.errors = [_("Non è la password che usi adesso: riscrivila.")]
    if not is_changed:
        return _show(password=form, status=422)
    flash(_("Password cambiata. Gli altri dispositivi dovranno accedere di nuovo."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/profilo/email")
def change_email() -> ResponseReturnValue:
    """Mail a link to a new address; what it says is the same whether anybody has the address."""
    form = ChangeEmailForm()
    if not form.validate_on_submit():
        return _show(email=form, status=422)
    if not service.is_own_password(current_user.id, form.password.data):
        form.password.errors = [_("Non è la password che usi adesso: riscrivila.")]
        return _show(email=form, status=422)
    with transaction():
        links.ask_email_change(current_user.id, form.email.data, now=clock.now())
    flash(
        _(
            "Apri il link che abbiamo mandato a %(email)s: fino ad allora accedi come prima.",
            email=form.email.data,
        ),
        "success",
    )
    return redirect(url_for("accounts.account"))


@bp.post("/password/prova")
def try_password() -> ResponseReturnValue:
    """Say which rules a password that is being chosen meets; it is kept nowhere."""
    password = request.form.get("password", "")[: passwords.MOST + 1]
    length = len(password)
    is_known = passwords.is_known(password)
    rules = [
        {
            "text": ngettext("%(num)d carattere", "%(num)d caratteri", length),
            "is_met": passwords.FEWEST <= length <= passwords.MOST,
        },
        {
            "text": _("è tra le prime che si provano")
            if is_known
            else _("non compare tra le password rubate"),
            "is_met": not is_known,
        },
    ]
    return {"rules": rules}


def _show(
    profile: ProfileForm | None = None,
    password: ChangePasswordForm | None = None,
    email: ChangeEmailForm | None = None,
    *,
    status: int,
) -> ResponseReturnValue:
    """Show the profile; of its three forms, the one that was sent keeps what was typed."""
    sent = password or email or profile
    page = render_template(
        "accounts/account.html",
        profile=profile or ProfileForm(formdata=None, obj=current_user),
        password=password or ChangePasswordForm(formdata=None),
        email=email or ChangeEmailForm(formdata=None),
        form=sent if sent is not None and sent.errors else None,
        company=queries.get_company(current_user.company_id) if current_user.is_company else None,
        devices=list_open_sessions(current_user.id, now=clock.now()),
        device_words=device_words,
    )
    return page, status
