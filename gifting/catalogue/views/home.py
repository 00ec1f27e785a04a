"""The front page and the pages that explain: everything on them comes from the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from gifting.catalogue import queries
from gifting.catalogue.queries import PricedReadyHamper, ProducerFacts, ProductFacts, Shelf
from gifting.catalogue.views import bp
from gifting.catalogue.views.page import language, shows_gross
from gifting.core.drawing import MapPoint, hero_svg, italy_map_svg, rack_svg, shop_svg
from gifting.core.fit import Posture
from gifting.platform import clock, settings

SHOWN_HAMPERS = 4
PRICED_FOR = 200
"""Number of hampers the front page's prices are for; said beside them."""


@dataclass(frozen=True, slots=True)
class Front:
    """What the front page shows of the catalogue. `baker` and `measured` are None without one."""

    hampers: Sequence[PricedReadyHamper]
    places: Sequence[ProducerFacts]
    producers_count: int
    baker: ProducerFacts | None
    measured: PricedReadyHamper | None


@bp.get("/")
def home() -> ResponseReturnValue:
    """Promise, facts, four ready-made hampers, the map, the steps, a story, the minutes."""
    front = _front(queries.read_shelf(clock.today()), language())
    return render_template(
        "catalogue/home.html",
        front=front,
        hero=Markup(hero_svg()),  # noqa: S704 - a drawing of ours
        rack=Markup(rack_svg()),  # noqa: S704 - a drawing of ours
        shows_gross=shows_gross(unless_chosen=True),
        priced_for=PRICED_FOR,
        map=draw_map(front.places, _("Mappa d’Italia con i laboratori dell’elenco")),
    )


@lru_cache(maxsize=queries.KEPT)
def _front(shelf: Shelf, locale: str) -> Front:
    """Choose what to show, once for each shelf."""
    priced = queries.price_ready_hampers(
        queries.list_ready_hampers(),
        on=shelf.on,
        breaks=shelf.breaks,
        quantity=PRICED_FOR,
        known={product.id: product for product in shelf.products},
    )
    hampers = [hamper for hamper in priced if hamper.is_on_sale]
    shown = _spread(hampers)
    producers = queries.list_producers()
    return Front(
        hampers=shown,
        places=_one_per_region(producers, shelf.products),
        producers_count=len(producers),
        baker=_baker(producers, hampers, locale),
        measured=max(shown, key=lambda hamper: (hamper.tags.has_food, hamper.pieces), default=None),
    )


@bp.get("/come-funziona")
def how_it_works() -> ResponseReturnValue:
    """From the first click to the invoice."""
    today = clock.today()
    return render_template(
        "catalogue/how_it_works.html",
        breaks=queries.list_quantity_breaks(on=today),
        packing_days=settings.current().packing_days,
        transit_days=settings.current().transit_days,
    )


@bp.get("/come-contiamo-le-ore")
def impact_method() -> ResponseReturnValue:
    """What the estimate of hours is made of, and what it is not."""
    hampers = queries.price_ready_hampers(queries.list_ready_hampers(), on=clock.today())
    on_sale = [hamper for hamper in hampers if hamper.is_on_sale]
    return render_template("catalogue/impact_method.html", example=next(iter(on_sale), None))


@bp.get("/negozio")
def shop() -> ResponseReturnValue:
    """Where the consortium sells."""
    stores = queries.list_stores()
    return render_template(
        "catalogue/shop.html",
        places=[store for store in stores if store.kind == "shop"],
        websites=[store for store in stores if store.kind == "online"],
        drawing=Markup(shop_svg()),  # noqa: S704 - a drawing of ours
    )


def draw_map(producers: Sequence[ProducerFacts], label: str, current: str | None = None) -> Markup:
    """The map with a numbered link for every workshop whose place is known."""
    points = [
        MapPoint(
            slug=producer.slug,
            label=f"{producer.name}, {producer.city}",
            lat=producer.latitude,
            lon=producer.longitude,
            href=url_for("catalogue.producer", slug=producer.slug),
        )
        for producer in producers
        if producer.latitude is not None and producer.longitude is not None
    ]
    return Markup(italy_map_svg(points, label=label, current=current))  # noqa: S704 - escaped there


def _spread(hampers: Sequence[PricedReadyHamper]) -> list[PricedReadyHamper]:
    """Some hampers from the cheapest to the dearest half, so that every budget sees one."""
    by_price = sorted(hampers, key=lambda hamper: hamper.priced.unit_gross)
    usual = by_price[: max(SHOWN_HAMPERS, len(by_price) * 3 // 4)]
    if len(usual) <= SHOWN_HAMPERS:
        return usual
    step = (len(usual) - 1) / (SHOWN_HAMPERS - 1)
    return [usual[round(position * step)] for position in range(SHOWN_HAMPERS)]


def _one_per_region(
    producers: Sequence[ProducerFacts], shelf: Sequence[ProductFacts]
) -> list[ProducerFacts]:
    """The maker with most products on sale in each region, from north to south."""
    counts: dict[str, int] = {}
    for product in shelf:
        counts[product.producer_slug] = counts.get(product.producer_slug, 0) + 1
    best: dict[str, ProducerFacts] = {}
    for producer in producers:
        count = counts.get(producer.slug, 0)
        if count and (producer.region not in best or count > counts[best[producer.region].slug]):
            best[producer.region] = producer
    return [producer for producer in producers if best.get(producer.region) is producer]


def _baker(
    producers: Sequence[ProducerFacts], hampers: Sequence[PricedReadyHamper], locale: str
) -> ProducerFacts | None:
    """The maker of the first whole cake in the ready-made hampers who tells a story."""
    known = {producer.slug: producer for producer in producers}
    makers = (
        known[product.producer_slug]
        for hamper in hampers
        for product, _pieces in hamper.lines
        if product.is_food and product.packable().posture is Posture.STANDS
    )
    return next((maker for maker in makers if maker.story(locale)), None)
