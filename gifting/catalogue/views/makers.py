"""People and places: the workshops on the map, and the page of each maker."""

from collections import Counter

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gifting.catalogue import queries
from gifting.catalogue.queries import CATEGORIES, ProductFacts
from gifting.catalogue.views import bp
from gifting.catalogue.views.home import draw_map
from gifting.platform import clock

CHIPS = 8
IN_PARADE = 4


@bp.get("/persone-e-luoghi")
def producers() -> ResponseReturnValue:
    """All makers, or those who make one kind of thing."""
    everyone = queries.list_producers()
    shelf: dict[str, list[ProductFacts]] = {}
    for product in queries.list_shelf(on=clock.today()):
        shelf.setdefault(product.producer_slug, []).append(product)
    kinds = Counter(
        category for goods in shelf.values() for category in {p.category for p in goods}
    )
    chosen = request.args.get("categoria", "")
    shown = [
        producer
        for producer in everyone
        if not chosen or any(p.category == chosen for p in shelf.get(producer.slug, ()))
    ]
    return render_template(
        "catalogue/producers.html",
        producers=shown,
        everyone=len(everyone),
        regions=len({producer.region for producer in everyone}),
        chosen=chosen,
        kinds=[(slug, count) for slug, count in kinds.most_common(CHIPS) if slug in CATEGORIES],
        shelf=shelf,
        map=draw_map(shown, _("Mappa d’Italia con i laboratori numerati come nell’elenco")),
    )


@bp.get("/laboratori/<slug>")
def producer(slug: str) -> ResponseReturnValue:
    """A maker: the story, the place, the facts known, the products."""
    maker = queries.get_producer(slug)
    goods = queries.list_shelf(on=clock.today(), producer_slug=slug)
    return render_template(
        "catalogue/producer.html",
        producer=maker,
        products=goods,
        parade=_parade(goods),
        map=draw_map([maker], _("%(city)s sulla mappa d’Italia", city=maker.city)),
    )


def _parade(goods: list[ProductFacts]) -> list[ProductFacts]:
    """Some products to draw large: one of each category first."""
    first: dict[str, ProductFacts] = {}
    for product in goods:
        first.setdefault(product.category, product)
    chosen = [*first.values(), *(product for product in goods if product not in first.values())]
    return chosen[:IN_PARADE]
