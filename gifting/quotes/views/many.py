"""What the queue does to all quotes that are ticked, and the file that a worker makes of them."""

from collections.abc import Callable
from io import BytesIO
from itertools import groupby

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from gifting.core.calendar import rome_date
from gifting.platform import clock, storage
from gifting.platform.uow import transaction
from gifting.quotes import queries, service
from gifting.quotes.models import OfferPack
from gifting.quotes.service import Outcome, Passed
from gifting.quotes.views import bp, queue_address


@bp.post("/ufficio/preventivi/scelti")
def change_many() -> ResponseReturnValue:
    """Do what the pressed button says with every ticked quote, then say of how many it was done."""
    verb = _VERBS.get(request.form.get("fai", ""))
    if verb is None:
        abort(400)
    ticked = request.form.getlist("scelti")[: service.AT_ONCE]
    if ticked:
        return redirect(verb(ticked))
    flash(_("Scegli prima uno o più preventivi."), "error")
    return redirect(_back())


def _back() -> str:
    return queue_address.to(request.form)


def _assign(references: list[str]) -> str:
    owner = next((p for p in queries.list_sales() if str(p.id) == request.form.get("a")), None)
    if owner is None:
        flash(_("Scegli a chi assegnarli."), "error")
        return _back()
    with transaction():
        outcome = service.assign_many(
            references, owner_id=owner.id, actor_id=current_user.id, now=clock.now()
        )
    _tell(_assigned(len(outcome.done), owner.name), outcome)
    return _back()


def _remind(references: list[str]) -> str:
    with transaction():
        outcome = service.remind_many(references, now=clock.now())
    _tell(_reminded(len(outcome.done)), outcome)
    return _back()


def _pack(references: list[str]) -> str:
    with transaction():
        pack_id = service.ask_for_pack(references, user_id=current_user.id, now=clock.now()).id
    return url_for("quotes.pack", pack_id=pack_id)


_VERBS: dict[str, Callable[[list[str]], str]] = {
    "assegna": _assign,
    "promemoria": _remind,
    "pdf": _pack,
}
"""Each does it and returns the page that follows."""


def _assigned(count: int, name: str) -> str:
    return str(
        ngettext(
            "Un preventivo assegnato a %(name)s.",
            "%(num)d preventivi assegnati a %(name)s.",
            count,
            name=name,
        )
    )


def _reminded(count: int) -> str:
    return str(ngettext("Un promemoria in partenza.", "%(num)d promemoria in partenza.", count))


def _tell(words: str, outcome: Outcome) -> None:
    """Say what was done, then each reason with the quotes that were passed over for it."""
    if outcome.done:
        flash(words, "success")
    by_reason = sorted(outcome.passed, key=lambda one: one[1])
    for reason, group in groupby(by_reason, key=lambda one: one[1]):
        names = ", ".join(reference for reference, _why in group)
        flash(f"{_passed_words(reason)} {names}.", "warning")


def _passed_words(reason: Passed) -> str:
    return str(
        {
            Passed.IS_THEIRS: _("Saltati, li segue già:"),
            Passed.IS_OVER: _("Saltati, sono chiusi:"),
            Passed.NOT_OFFERED: _("Saltati, il cliente non ha un’offerta aperta:"),
            Passed.REMINDED: _("Saltati, il promemoria è già partito oggi:"),
        }[reason]
    )


@bp.get("/ufficio/preventivi/pdf/<int:pack_id>")
def pack(pack_id: int) -> ResponseReturnValue:
    """Show how far the file is; the page asks again by itself until it is made."""
    found = queries.get_pack(pack_id)
    return render_template(
        "quotes/staff/pack.html",
        pack=found,
        has_given_up=found.made_at is None and queries.has_given_up(found),
        left_out=[reference for reference in found.quotes if reference not in found.packed],
        kept_until=rome_date(found.asked_at + service.KEPT),
    )


@bp.get("/ufficio/preventivi/pdf/<int:pack_id>/offerte.zip")
def pack_file(pack_id: int) -> ResponseReturnValue:
    """Give the file."""
    found = queries.get_pack(pack_id)
    if found.sha256 is None:
        abort(404)
    try:
        content = storage.load(found.sha256)
    except FileNotFoundError:
        abort(404)
    response = send_file(
        BytesIO(content),
        mimetype="application/zip",
        as_attachment=True,
        download_name=_filename(found),
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _filename(pack: OfferPack) -> str:
    return f"{_('Offerte')}-{rome_date(pack.asked_at).isoformat()}-{pack.id}.zip"
