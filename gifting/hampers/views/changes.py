"""One form, one change: every button of the builder posts here and comes back to its page."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from gifting.catalogue import queries as catalogue
from gifting.catalogue.queries import ProductFacts
from gifting.core.calendar import rome_date
from gifting.hampers import queries, service
from gifting.hampers.models import Hamper
from gifting.hampers.views import bp
from gifting.hampers.views.page import QUIET, SHARED, ShelfState, builder_url, say
from gifting.hampers.views.visitor import find_owner, load_hamper
from gifting.platform import clock
from gifting.platform.uow import transaction

MARK_LENGTH = 32
Change = Callable[[Hamper, datetime], str | None]
"""Makes a change; returns the part of the page to come back to, or an address to go to."""


class Pieces(NamedTuple):
    facts: ProductFacts
    quantity: int


@bp.post("/cesti/<key>")
def update(key: str) -> ResponseReturnValue:
    """Change a hamper as the pressed button says, save it, come back to the builder.

    A script marks each change in the field `change`: one that is sent again, because its answer
    was lost, is not made again.
    """
    now = clock.now()
    if "restore" in request.form:
        return _restore(key, now)
    change = next((CHANGES[name] for name in CHANGES if name in request.form), None)
    if change is None:
        abort(400)
    with transaction():
        hamper = load_hamper(key, for_update=True)
        mark = request.form.get("change", "")[:MARK_LENGTH]
        if mark and not service.note_change(hamper, mark):
            return redirect(builder_url(key, ShelfState.of(request.form)), code=303)
        is_older_page = request.form.get("version", type=int) not in {None, hamper.version}
        try:
            target = change(hamper, now)
        except service.NotTheOwner:
            abort(403)
        except service.HamperIsFull:
            say(_too_much(), kind="w")
            target = "contents"
    if is_older_page:
        say(
            _(
                "Nel frattempo questo cesto è cambiato in un’altra finestra. "
                "La tua modifica è salvata: qui sotto c’è tutto com’è ora."
            ),
            kind="w",
        )
    if target is not None and target.startswith("/"):
        return redirect(target, code=303)
    return redirect(builder_url(key, ShelfState.of(request.form), target), code=303)


def _restore(key: str, now: datetime) -> ResponseReturnValue:
    owner = find_owner()
    with transaction():
        hamper = queries.get_deleted_hamper(key, owner=owner)
        service.restore(hamper, owner=owner, now=now)
    flash(_("«%(name)s» è di nuovo tra i tuoi cesti.", name=hamper.name), "success")
    return redirect(url_for("hampers.mine"), code=303)


def _add(hamper: Hamper, now: datetime) -> str:
    facts = _product(request.form["add"], now)
    if not facts.is_on_sale:
        abort(400)
    before = _inside(hamper, facts.id)
    service.add_product(hamper, product_id=facts.id, now=now)
    say(_("%(name)s: aggiunto al cesto.", name=_name(facts)), put={facts.sku: before})
    return "shelf"


def _set(hamper: Hamper, now: datetime) -> str:
    pieces = _pieces(request.form["set"], now)
    before = _inside(hamper, pieces.facts.id)
    service.set_line_quantity(hamper, product_id=pieces.facts.id, quantity=pieces.quantity, now=now)
    _say_changed([(pieces.facts, before, pieces.quantity)])
    return "contents"


def _set_lines(hamper: Hamper, now: datetime) -> str:
    by_sku = {name.removeprefix("pieces-"): text for name, text in _typed("pieces-")}
    products = catalogue.get_products_by_sku(set(by_sku), on=rome_date(now))
    wanted = {
        facts.id: _number(by_sku[facts.sku], most=service.MAX_PIECES)
        for facts in products.values()
        if _inside(hamper, facts.id) and by_sku[facts.sku].strip()
    }
    changed = [
        (facts, _inside(hamper, facts.id), wanted[facts.id])
        for facts in products.values()
        if facts.id in wanted
    ]
    service.set_lines(hamper, wanted, now=now)
    _say_changed(changed)
    return "contents"


def _put(hamper: Hamper, now: datetime) -> str:
    """Undo: set again what was there."""
    for value in request.form.getlist("put"):
        pieces = _pieces(value, now)
        service.set_line_quantity(
            hamper, product_id=pieces.facts.id, quantity=pieces.quantity, now=now
        )
    return "contents"


def _empty(hamper: Hamper, now: datetime) -> str:
    contents = service.empty(hamper, now=now)
    products = catalogue.get_products(set(contents), on=rome_date(now))
    _say_changed([(products[product_id], n, 0) for product_id, n in contents.items()])
    return "contents"


def _swap(hamper: Hamper, now: datetime) -> str:
    old_sku, _sign, new_sku = request.form["swap"].partition(":")
    old, new = _product(old_sku, now), _product(new_sku, now)
    if not new.is_on_sale:
        abort(400)
    pieces = _inside(hamper, old.id)
    service.swap_product(hamper, old_id=old.id, new_id=new.id, now=now)
    text = _("%(new)s al posto di %(old)s.", new=_name(new), old=_name(old))
    say(text, put={old.sku: pieces, new.sku: 0})
    return "stage"


def _choose_box(hamper: Hamper, now: datetime) -> str:
    box = next((b for b in catalogue.list_boxes() if b.sku == request.form["box"]), None)
    if box is None:
        abort(400)
    service.choose_box(hamper, box_id=box.id, now=now)
    return "stage"


def _set_extras(hamper: Hamper, now: datetime) -> str:
    chosen = set(request.form.getlist("extra"))
    extras = [extra.id for extra in catalogue.list_extras() if extra.sku in chosen]
    service.set_extras(hamper, extra_ids=extras, now=now)
    return "extras"


def _drop_extra(hamper: Hamper, now: datetime) -> str:
    held = catalogue.get_extras({extra.extra_id for extra in hamper.extras})
    kept = [extra.id for extra in held.values() if extra.sku != request.form["drop_extra"]]
    service.set_extras(hamper, extra_ids=kept, now=now)
    return "extras"


def _set_quantity(hamper: Hamper, now: datetime) -> str:
    text = request.form.get("set_quantity") or request.form.get("quantity", "")
    quantity = _number(text, most=service.MAX_HAMPERS) if text.strip() else 0
    service.set_quantity(hamper, quantity=quantity or hamper.quantity, now=now)
    return "price"


def _rename(hamper: Hamper, now: datetime) -> None:
    service.rename(hamper, name=request.form["name"], now=now)


def _share(hamper: Hamper, now: datetime) -> None:
    service.share(hamper, owner=find_owner(), now=now)
    say(_("Il link è pronto: copialo e mandalo a chi vuoi."), kind=SHARED)


def _unshare(hamper: Hamper, now: datetime) -> str | None:
    service.unshare(hamper, owner=find_owner(), now=now)
    say(_("Questo cesto ora lo vedi solo tu: il link non porta più da nessuna parte."))
    return url_for("hampers.mine") if "from_list" in request.form else None


def _duplicate(hamper: Hamper, now: datetime) -> str:
    name = _("%(name)s, copia", name=hamper.name)
    copy = service.duplicate(hamper, owner=find_owner(), name=name, now=now)
    say(_("Questa è la copia: l’originale resta com’è."))
    return url_for("hampers.builder", key=copy.key)


def _delete(hamper: Hamper, now: datetime) -> str:
    service.delete(hamper, owner=find_owner(), now=now)
    return url_for("hampers.mine", eliminato=hamper.key)


CHANGES: dict[str, Change] = {
    "add": _add,
    "set": _set,
    "undo": _put,
    "empty": _empty,
    "lines": _set_lines,
    "swap": _swap,
    "box": _choose_box,
    "drop_extra": _drop_extra,
    "extras": _set_extras,
    "set_quantity": _set_quantity,
    "quantity": _set_quantity,
    "rename": _rename,
    "share": _share,
    "unshare": _unshare,
    "duplicate": _duplicate,
    "delete": _delete,
}
"""The change each button or field asks for; where several are posted the first here counts."""


def _typed(prefix: str) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in request.form.items() if name.startswith(prefix))


def _pieces(value: str, now: datetime) -> Pieces:
    sku, _sign, text = value.rpartition(":")
    return Pieces(_product(sku, now), _number(text, most=service.MAX_PIECES))


def _product(sku: str, now: datetime) -> ProductFacts:
    facts = catalogue.get_products_by_sku({sku}, on=rome_date(now)).get(sku)
    if facts is None:
        abort(400)
    return facts


def _number(text: str, *, most: int) -> int:
    """Read a typed number as people write it, held to what is allowed; anything else is refused."""
    digits = text.strip().replace(".", "").replace("\u00a0", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:  # noqa: PLR2004
        abort(400)
    return min(int(digits), most)


def _inside(hamper: Hamper, product_id: int) -> int:
    return next((line.quantity for line in hamper.lines if line.product_id == product_id), 0)


def _too_much() -> str:
    words: str = _(
        "Così è troppo: in un cesto stanno al massimo %(products)s prodotti diversi "
        "e %(pieces)s pezzi di ciascuno.",
        products=service.MAX_LINES,
        pieces=service.MAX_PIECES,
    )
    return words


def _say_changed(changed: list[tuple[ProductFacts, int, int]]) -> None:
    """Say what was taken out; what only has other pieces now is seen where it was changed.

    `changed` holds the pieces before and after. Both can be undone.
    """
    put = {facts.sku: before for facts, before, after in changed if before != after}
    gone = [facts for facts, before, after in changed if before and not after]
    if not put:
        return
    if not gone:
        say("", kind=QUIET, put=put)
    elif len(gone) == 1:
        say(_("%(name)s: tolto dal cesto.", name=_name(gone[0])), put=put)
    else:
        say(_("Tolti %(count)s prodotti dal cesto.", count=len(gone)), put=put)


def _name(facts: ProductFacts) -> str:
    return facts.name(str(get_locale() or "it"))
