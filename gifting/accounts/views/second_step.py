"""The second step of signing in: the code of six digits, and the ways around a lost telephone."""

from collections.abc import Callable
from functools import wraps

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gifting.accounts.forms.factor import (
    CodeForm,
    RecoveryCodeForm,
    word_code_error,
    word_first_code_error,
    word_tries,
)
from gifting.accounts.queries import get_user
from gifting.accounts.queries.factors import Pending
from gifting.accounts.service import factors
from gifting.accounts.service import second_step as steps
from gifting.accounts.views import bp
from gifting.accounts.views.admission import (
    find_halfway,
    halfway_target,
    landing_endpoint,
    sign_in_fully,
    trusted_cookie,
)
from gifting.accounts.views.factor import recovery_codes_page, setting_up_page
from gifting.accounts.views.guessing import remember_device
from gifting.core.one_time_codes import CodeError
from gifting.platform import clock, settings
from gifting.platform.uow import transaction

View = Callable[[Pending], ResponseReturnValue]


def _halfway(*, has_factor: bool) -> Callable[[View], Callable[[], ResponseReturnValue]]:
    """Give a view the sign-in that waits; nobody who has not made the first step comes in."""

    def decorate(view: View) -> Callable[[], ResponseReturnValue]:
        @wraps(view)
        def guarded() -> ResponseReturnValue:
            pending = find_halfway()
            if pending is None:
                return _begin_again()
            if pending.has_factor != has_factor:
                other = "accounts.second_step" if pending.has_factor else "accounts.enrol"
                return redirect(url_for(other))
            return view(pending)

        return guarded

    return decorate


@bp.route("/accedi/codice", methods=["GET", "POST"])
@_halfway(has_factor=True)
def second_step(pending: Pending) -> ResponseReturnValue:
    """Ask for the code that the telephone shows, or that a letter brought."""
    form, now = CodeForm(), clock.now()
    if not form.validate_on_submit():
        return _show_code(pending, form, status=422 if form.is_submitted() else 200)
    trusted = None
    with transaction():
        error = steps.try_code(pending, form.code.data, now=now)
        is_in = error is None and steps.end(pending, now=now)
        if is_in and form.trust.data:
            trusted = factors.trust_browser(pending.person.id, now=now)
    if error is not None:
        left = steps.tries_left(pending, now=now)
        form.code.errors = [f"{word_code_error(error)} {word_tries(left)}"]
        return _show_code(pending, form, status=422, error=error)
    return _finish(pending, trusted=trusted) if is_in else _begin_again()


@bp.post("/accedi/codice/email")
@_halfway(has_factor=True)
def mail_code(pending: Pending) -> ResponseReturnValue:
    """Mail a code that works in this sign-in only."""
    with transaction():
        is_owed = steps.ask_for_letter(pending, now=clock.now())
    if is_owed:
        flash(_("Ti abbiamo mandato un codice a %(email)s.", email=pending.person.email), "success")
    else:
        flash(_("Non possiamo mandarti altri codici: usa l’app o un codice di riserva."), "warning")
    return redirect(url_for("accounts.second_step"))


@bp.route("/accedi/codice/riserva", methods=["GET", "POST"])
@_halfway(has_factor=True)
def recovery_code(pending: Pending) -> ResponseReturnValue:
    """Take a code on paper in place of the telephone's."""
    form, now = RecoveryCodeForm(), clock.now()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/recovery_code.html", form=form), status
    with transaction():
        user = get_user(pending.person.id, for_update=True)
        is_right = factors.use_recovery_code(user, form.code.data, now=now)
        is_in = is_right and steps.end(pending, now=now)
    if not is_right:
        form.code.errors = [_("Questo codice non torna, o è già servito: prova con un altro.")]
        return render_template("accounts/recovery_code.html", form=form), 422
    if not is_in:
        return _begin_again()
    flash(_("Quel codice di riserva non vale più. Nel profilo ne fai di nuovi."), "warning")
    return _finish(pending)


@bp.get("/accedi/aiuto")
def cannot_enter() -> ResponseReturnValue:
    """Say what to do when neither the telephone nor a code on paper is there."""
    return render_template("accounts/cannot_enter.html")


@bp.route("/accedi/attiva", methods=["GET", "POST"])
@_halfway(has_factor=False)
def enrol(pending: Pending) -> ResponseReturnValue:
    """Lead who must have a second factor to theirs; the codes on paper come before the pages."""
    form, now = CodeForm(), clock.now()
    if not form.validate_on_submit():
        return setting_up_page(pending.person, form, status=422 if form.is_submitted() else 200)
    codes: list[str] = []
    with transaction():
        user = get_user(pending.person.id, for_update=True)
        error = factors.confirm(user, form.code.data, now=now)
        is_in = error is None and steps.end(pending, now=now)
        if is_in:
            codes = factors.draw_recovery_codes(user, now=now)
    if error is not None:
        form.code.errors = [word_first_code_error(error)]
        return setting_up_page(pending.person, form, status=422)
    if not is_in:
        return _begin_again()
    target = halfway_target() or url_for(landing_endpoint(pending.person.role))
    sign_in_fully(
        pending.person, is_remembered=pending.is_remembered, has_second_step=True, target=target
    )
    return remember_device(recovery_codes_page(codes, target=target), pending.person.email)


def _begin_again() -> ResponseReturnValue:
    flash(_("Ricomincia da qui: il secondo passaggio aspetta dieci minuti."), "info")
    return redirect(url_for("accounts.sign_in"))


def _finish(pending: Pending, *, trusted: str | None = None) -> ResponseReturnValue:
    answer = sign_in_fully(
        pending.person,
        is_remembered=pending.is_remembered,
        has_second_step=True,
        target=halfway_target(),
    )
    if trusted is None:
        return answer
    response = make_response(answer)
    response.set_cookie(
        trusted_cookie(),
        trusted,
        max_age=factors.TRUSTED_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.current().is_production,
    )
    return response


def _show_code(
    pending: Pending, form: CodeForm, *, status: int, error: CodeError | None = None
) -> ResponseReturnValue:
    page = render_template(
        "accounts/second_step.html",
        form=form,
        is_stopped=steps.tries_left(pending, now=clock.now()) == 0,
        is_unreadable=error is CodeError.UNREADABLE,
        is_staff=pending.person.is_staff,
        takes_letters=steps.takes_letters(pending),
        days=factors.TRUSTED_FOR.days,
    )
    return page, status
