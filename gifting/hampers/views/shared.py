"""A hamper at its open address: whoever has it reads, and may take a copy."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from gifting.hampers import queries, service
from gifting.hampers.documents import compose
from gifting.hampers.views import bp, wording
from gifting.hampers.views.builder import draw_contents, thumb
from gifting.hampers.views.page import say
from gifting.hampers.views.visitor import find_owner, make_owner
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.get("/condiviso/<token>")
def shared(token: str) -> ResponseReturnValue:
    """Show what is in the box and what it costs; nothing here changes it."""
    found = queries.find_by_link(token, now=clock.now())
    if found is None:
        return render_template("hampers/link_gone.html"), 404
    (hamper, link), owner = found, find_owner()
    composition = compose(hamper, on=clock.today(), now=clock.now())
    return render_template(
        "hampers/shared.html",
        hamper=hamper,
        composition=composition,
        link=link,
        token=token,
        is_company=owner.is_company,
        may_open=queries.is_visible(hamper, owner=owner),
        words=wording,
        picture=draw_contents,
        thumb=thumb,
        language=str(get_locale() or "it"),
    )


@bp.post("/condiviso/<token>/copia")
def copy_shared(token: str) -> ResponseReturnValue:
    """Give whoever asks a hamper of their own with the same contents."""
    now = clock.now()
    with transaction():
        found = queries.find_by_link(token, now=now)
        if found is None:
            raise NoResultFound
        name = _("%(name)s, copia", name=found[0].name)
        copy = service.duplicate(found[0], owner=make_owner(), name=name, now=now)
    say(_("Questa è la copia: l’originale resta com’è."))
    return redirect(url_for("hampers.builder", key=copy.key), code=303)
