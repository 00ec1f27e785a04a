"""A person's own page: name, telephone, language, password; their company's data to read."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from gifting.accounts import queries, service
from gifting.accounts.forms import ChangePasswordForm, ProfileForm
from gifting.accounts.views import bp
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.route("/profilo", methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """Show and save what people may change about themselves."""
    form = ProfileForm(obj=current_user)
    if not form.validate_on_submit():
        return _show(form, ChangePasswordForm(formdata=None), 422 if form.is_submitted() else 200)
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
                current_user.id, old=form.old.data, new=form.new.data, now=clock.now()
            )
        if not is_changed:
            form.old.errors = [_("Non è la password che usi adesso: riscrivila.")]
    if not is_changed:
        return _show(ProfileForm(formdata=None, obj=current_user), form, 422)
    flash(_("Password cambiata."), "success")
    return redirect(url_for("accounts.account"))


def _show(profile: ProfileForm, password: ChangePasswordForm, status: int) -> ResponseReturnValue:
    company = queries.get_company(current_user.company_id) if current_user.is_company else None
    page = render_template(
        "accounts/account.html",
        profile=profile,
        password=password,
        form=password if password.errors else profile,
        company=company,
    )
    return page, status
