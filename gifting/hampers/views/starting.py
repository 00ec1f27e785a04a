"""Beginnings: an empty box, a ready-made hamper, or the first product taken from the catalogue."""

from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.exc import NoResultFound

from gifting.accounts.views.session import local_path
from gifting.catalogue import queries as catalogue
from gifting.catalogue.queries import ProductFacts
from gifting.core.drawing import box_icon_svg, box_svg
from gifting.hampers import service
from gifting.hampers.models import Hamper
from gifting.hampers.views import bp
from gifting.hampers.views.page import say
from gifting.hampers.views.visitor import OPEN_HAMPER, load_hamper, make_owner
from gifting.platform import clock
from gifting.platform.uow import transaction


@bp.get("/cesti/nuovo")
def new() -> str:
    """Choose where to start: a box or a ready-made hamper."""
    on = clock.today()
    ready = catalogue.price_ready_hampers(catalogue.list_ready_hampers(), on=on)
    return render_template(
        "hampers/new.html",
        boxes=catalogue.list_boxes(),
        ready=[hamper for hamper in ready if hamper.is_on_sale],
        box_picture=lambda box: Markup(box_icon_svg(box.shape)),  # noqa: S704 - our own drawing
        picture=lambda hamper: Markup(  # noqa: S704 - our own drawing
            box_svg(hamper.box.shape, hamper.shapes, label=None, width_px=320)
        ),
        language=_language(),
    )


@bp.post("/cesti")
def create() -> ResponseReturnValue:
    """Start with an empty box; without a choice, with the one of middle size."""
    boxes = catalogue.list_boxes()
    if not boxes:
        abort(404)
    wanted = request.form.get("box", "")
    box = next((box for box in boxes if box.sku == wanted), boxes[len(boxes) // 2])
    with transaction():
        hamper = service.create(
            owner=make_owner(),
            box_id=box.id,
            name=request.form.get("name", "").strip() or _("Nuovo cesto"),
            now=clock.now(),
        )
    return redirect(url_for("hampers.builder", key=hamper.key), code=303)


@bp.post("/cesti-pronti/<sku>/inizia")
def start_from_ready(sku: str) -> ResponseReturnValue:
    """Start from a ready-made hamper."""
    ready = catalogue.get_ready_hamper(sku)
    with transaction():
        hamper = service.start_from_ready(
            owner=make_owner(),
            sku=sku,
            name=ready.name(_language()),
            quantity=request.form.get("quantity", default=1, type=int),
            now=clock.now(),
        )
    say(_("Questo è il tuo cesto: cambialo come vuoi, si salva da solo."))
    return redirect(url_for("hampers.builder", key=hamper.key), code=303)


@bp.post("/cesti/aggiungi")
def add_product() -> ResponseReturnValue:
    """Put a product into the open hamper, or into a new one, and go back to where one was."""
    sku = request.form.get("sku", "")
    facts = catalogue.get_products_by_sku({sku}, on=clock.today()).get(sku)
    if facts is None:
        abort(404)
    if not facts.is_on_sale:
        flash(_("%(name)s non è in vendita ora.", name=facts.name(_language())), "warning")
        return redirect(_back(), code=303)
    try:
        with transaction():
            hamper = _add_or_start(facts)
    except service.NoBoxFits:
        name = facts.name(_language())
        flash(_("%(name)s non entra in nessuna delle nostre scatole.", name=name), "warning")
        return redirect(_back(), code=303)
    except service.HamperIsFull:
        flash(_("Il cesto aperto è già pieno: iniziane un altro."), "warning")
        return redirect(_back(), code=303)
    session[OPEN_HAMPER] = hamper.key
    flash(_added(facts, hamper), "success")
    return redirect(_back(), code=303)


def _add_or_start(facts: ProductFacts) -> Hamper:
    pieces = min(max(request.form.get("quantity", default=1, type=int), 1), service.MAX_PIECES)
    now = clock.now()
    hamper = _find_open()
    if hamper is None:
        return service.start_with_product(
            owner=make_owner(), product=facts, quantity=pieces, name=_("Nuovo cesto"), now=now
        )
    service.add_product(hamper, product_id=facts.id, quantity=pieces, now=now)
    return hamper


def _find_open() -> Hamper | None:
    """The hamper named in the form, else the one open in this browser, if it is still there."""
    named = request.form.get("key", "")
    if named:
        return load_hamper(named, for_update=True)
    try:
        return load_hamper(session.get(OPEN_HAMPER, ""), for_update=True)
    except NoResultFound:
        return None


def _added(facts: ProductFacts, hamper: Hamper) -> Markup:
    address = url_for("hampers.builder", key=hamper.key)
    link = Markup('<a href="{}">{}</a>').format(address, hamper.name)
    said = _("%(name)s: aggiunto a «%(hamper)s».", name="{name}", hamper="{hamper}")
    return Markup(said).format(  # noqa: S704 - the words are ours, the values are escaped
        name=facts.name(_language()), hamper=link
    )


def _back() -> str:
    """Where the form was: the page named in it, or the one the browser comes from."""
    target = request.form.get("next", "")
    if not target and request.referrer:
        came_from = urlsplit(request.referrer)
        is_ours = came_from.netloc == request.host
        target = f"{came_from.path}?{came_from.query}".rstrip("?") if is_ours else ""
    return local_path(target) or url_for("hampers.mine")


def _language() -> str:
    return str(get_locale() or "it")
