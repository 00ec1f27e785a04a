"""Who belongs here: a company's managers manage its people, administrators the staff.

Both use the same pages: whose people they are is `current_user.company_id`, None for the staff,
and is never read from a request.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from gifting.accounts.forms.people import InviteForm, PartForm
from gifting.accounts.queries.history import PAGE, list_changes
from gifting.accounts.queries.invitations import list_open_invitations
from gifting.accounts.queries.people import get_member, list_members
from gifting.accounts.service import invitations, people
from gifting.accounts.views import bp
from gifting.platform import clock
from gifting.platform.addresses import read_id
from gifting.platform.uow import transaction


@bp.get("/ufficio/persone")
def staff_people() -> ResponseReturnValue:
    """Show administrators who the staff are."""
    return render_template(
        "accounts/people/staff.html",
        members=list_members(None),
        invitations=list_open_invitations(None),
        changes=list_changes(None, limit=5),
        now=clock.now(),
    )


@bp.get("/ufficio/persone/registro")
def staff_history() -> ResponseReturnValue:
    """Show what changed among the staff, newest first."""
    return show_history()


def show_history() -> ResponseReturnValue:
    """Show a page of the register of the asker's company, or of the staff."""
    before = request.args.get("prima", type=read_id)
    changes = list_changes(current_user.company_id, before=before, limit=PAGE + 1)
    return render_template(
        "accounts/people/history.html",
        changes=changes[:PAGE],
        has_more=len(changes) > PAGE,
        home=_home(),
    )


@bp.route("/persone/invita", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Ask whom to invite, and for what."""
    form = InviteForm(company_id=current_user.company_id, email=request.args.get("email", ""))
    if not form.validate_on_submit():
        return _show_invite(form, 422 if form.is_submitted() else 200)
    role, is_company_admin = form.part()
    try:
        with transaction():
            invitations.invite(
                company_id=current_user.company_id,
                email=form.email.data,
                name=form.name.data,
                role=role,
                is_company_admin=is_company_admin,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except invitations.AlreadyHere:
        form.email.errors = [_("Questa persona c’è già: cambia il suo ruolo dall’elenco.")]
        return _show_invite(form, 422)
    except invitations.AlreadyInvited:
        form.email.errors = [_("Un invito a questo indirizzo è già aperto: mandalo di nuovo.")]
        return _show_invite(form, 422)
    flash(_("Invito mandato a %(email)s.", email=form.email.data), "success")
    return _to_people()


def _show_invite(form: InviteForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/people/invite.html", form=form, home=_home()), status


@bp.post("/persone/inviti/<int:invitation_id>/manda")
def resend_invitation(invitation_id: int) -> ResponseReturnValue:
    """Send the letter again with a new link."""
    with transaction():
        is_sent = invitations.resend(
            invitation_id,
            company_id=current_user.company_id,
            actor_id=current_user.id,
            now=clock.now(),
        )
    if is_sent:
        flash(_("Invito mandato di nuovo: vale sette giorni, quello di prima non più."), "success")
    else:
        flash(_("L’invito è partito un attimo fa: aspetta due minuti e riprova."), "info")
    return _to_people()


@bp.post("/persone/inviti/<int:invitation_id>/annulla")
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    with transaction():
        invitations.revoke(
            invitation_id,
            company_id=current_user.company_id,
            actor_id=current_user.id,
            now=clock.now(),
        )
    flash(_("Invito ritirato: il suo link non apre più nulla."), "success")
    return _to_people()


@bp.route("/persone/<int:user_id>", methods=["GET", "POST"])
def change_role(user_id: int) -> ResponseReturnValue:
    """Show what somebody may do here, and give them another part."""
    company_id = current_user.company_id
    member = get_member(user_id, company_id=company_id)
    form = PartForm(company_id=company_id, obj=member, seen=member.part)
    if not form.validate_on_submit():
        return _show_role(form, member.id, 422 if form.is_submitted() else 200)
    role, is_company_admin = form.part()
    try:
        with transaction():
            people.change_role(
                user_id,
                company_id=company_id,
                role=role,
                is_company_admin=is_company_admin,
                seen=form.seen.data,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except people.LastManager:
        form.form_errors.append(_last_manager())
        return _show_role(form, member.id, 422)
    flash(_("Ruolo di %(name)s salvato.", name=member.name), "success")
    return _to_people()


def _show_role(form: PartForm, user_id: int, status: int) -> ResponseReturnValue:
    member = get_member(user_id, company_id=current_user.company_id)
    page = render_template("accounts/people/role.html", form=form, member=member, home=_home())
    return page, status


@bp.route("/persone/<int:user_id>/togli", methods=["GET", "POST"])
def remove_person(user_id: int) -> ResponseReturnValue:
    """Ask whether somebody is to lose access, and take it from them."""
    company_id = current_user.company_id
    member = get_member(user_id, company_id=company_id)
    reason = None
    if request.method == "POST":
        try:
            with transaction():
                people.remove(
                    user_id, company_id=company_id, actor_id=current_user.id, now=clock.now()
                )
        except people.LastManager:
            reason = _last_manager()
        else:
            flash(_("%(name)s non può più entrare.", name=member.name), "success")
            return _to_people()
    page = render_template(
        "accounts/people/remove.html", member=member, reason=reason, home=_home()
    )
    return page, 422 if reason else 200


def _last_manager() -> Any:
    if current_user.is_staff:
        return _("È l’unico amministratore: prima nominane un altro.")
    return _("È l’unica persona responsabile dell’azienda: prima nominane un’altra.")


def _home() -> str:
    return url_for("accounts.staff_people" if current_user.is_staff else "accounts.company")


def _to_people() -> Response:
    return redirect(_home())
