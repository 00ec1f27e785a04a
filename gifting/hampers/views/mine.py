"""«I miei cesti»: what somebody is composing, and what their colleagues share."""

from datetime import datetime
from functools import partial

from flask import render_template, request, url_for
from flask_babel import get_locale
from markupsafe import Markup

from gifting.core.drawing import BoxShape, box_svg
from gifting.hampers import queries, service
from gifting.hampers.documents import compose_all
from gifting.hampers.models import Hamper
from gifting.hampers.queries import PAGE_SIZE
from gifting.hampers.views import bp
from gifting.hampers.views.builder import draw_contents
from gifting.hampers.views.page import take_said
from gifting.hampers.views.visitor import find_owner, load_hamper
from gifting.platform import clock
from gifting.platform.addresses import read_id, read_moment


@bp.get("/cesti")
def mine() -> str:
    """List the hampers; the checkboxes of the list choose which go into one request."""
    owner = find_owner()
    found = queries.list_hampers(
        company_id=owner.company_id,
        user_id=owner.user_id,
        visitor_key=owner.visitor_key,
        before=_cursor(request.args.get("prima", "")),
        limit=PAGE_SIZE + 1,
    )
    hampers = found[:PAGE_SIZE]
    compositions = compose_all(hampers, on=clock.today(), now=clock.now())
    return render_template(
        "hampers/mine.html",
        cards=list(zip(hampers, compositions, strict=True)),
        older=_older(hampers) if len(found) > PAGE_SIZE else None,
        owner=owner,
        is_owner=lambda hamper: service.is_owner(hamper, owner),
        deleted=_deleted(request.args.get("eliminato", "")),
        said=take_said(),
        picture=partial(draw_contents, width_px=320),
        empty_box=_empty_box,
        language=str(get_locale() or "it"),
    )


@bp.get("/cesti/<key>/elimina")
def confirm_delete(key: str) -> str:
    """Ask before a hamper is deleted."""
    return render_template("hampers/delete.html", hamper=load_hamper(key))


def _empty_box() -> Markup:
    box = BoxShape("BOX", "", length_mm=410, width_mm=310, height_mm=240)
    return Markup(box_svg(box, label=None, width_px=180))  # noqa: S704 - our own drawing


def _deleted(key: str) -> Hamper | None:
    """The hamper just deleted, so that the list can offer it back."""
    return queries.find_deleted_hamper(key, owner=find_owner()) if key else None


def _older(hampers: list[Hamper]) -> str:
    last = hampers[-1]
    return url_for("hampers.mine", prima=f"{last.updated_at.isoformat()}_{last.id}")


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _sign, number = text.rpartition("_")
    try:
        return read_moment(moment), read_id(number)
    except ValueError:
        return None
