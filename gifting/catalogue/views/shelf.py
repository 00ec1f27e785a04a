"""The list of products with its filters, and a product's page."""

from dataclasses import dataclass
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gifting.catalogue import queries
from gifting.catalogue.forms import MAX_PIECES, FilterForm
from gifting.catalogue.queries import Filters, Page, ProductSheet
from gifting.catalogue.views import bp, words
from gifting.catalogue.views.page import gross_of, language, logistics, without, without_value
from gifting.core.diet import ALLERGENS
from gifting.core.fit import boxes_that_fit
from gifting.core.money import percent_off
from gifting.core.pricing import PriceBreak
from gifting.core.vat import ZERO
from gifting.platform import clock
from gifting.platform.formats import date_long, money, number

FEW_LEFT = 50
SIBLINGS = 4


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of a product's prices: from so many pieces to so many, or without end."""

    min_quantity: int
    max_quantity: int | None
    discount: Decimal
    net: Decimal
    gross: Decimal
    is_current: bool


@bp.get("/prodotti")
def products() -> ResponseReturnValue:
    """The list, searched and filtered by what the address says."""
    form = FilterForm(request.args)
    filters = form.filters(request.args)
    days = logistics()
    page = queries.search_products(
        filters,
        days,
        locale=language(),
        after=request.args.get("dopo"),
        before=request.args.get("prima"),
    )
    return render_template(
        "catalogue/products.html",
        form=form,
        filters=filters,
        page=page,
        days=days,
        tags=_tags(filters, page),
        way_out=_way_out(page),
        few_left=FEW_LEFT,
        wanted=filters.quantity or 1,
    )


@bp.get("/prodotti/<sku>")
def product(sku: str) -> ResponseReturnValue:
    """A product with its prices by quantity, its label and its maker."""
    days = logistics()
    sheet = queries.get_product_sheet(sku, on=days.today)
    quantity = min(max(request.args.get("pezzi", 1, type=int), 1), MAX_PIECES)
    rungs = list_rungs(sheet, queries.list_quantity_breaks(on=days.today), quantity)
    boxes = queries.list_boxes()
    fitting = boxes_that_fit([box.size for box in boxes], [sheet.facts.packable()])
    shelf = queries.list_shelf(on=days.today, producer_slug=sheet.producer.slug)
    siblings = [other for other in shelf if other.id != sheet.facts.id]
    return render_template(
        "catalogue/product.html",
        sheet=sheet,
        facts=sheet.facts,
        quantity=quantity,
        rungs=rungs,
        current=next(rung for rung in rungs if rung.is_current),
        box=next((box for box in boxes if fitting and box.sku == fitting[0].sku), None),
        earliest_on=days.earliest_on(sheet.facts, quantity),
        is_in_season=days.is_in_season(sheet.facts),
        siblings=siblings[:SIBLINGS],
        siblings_count=len(shelf),
        allergens=[slug for slug in ALLERGENS if slug in (sheet.facts.allergens or ())],
        few_left=FEW_LEFT,
        today=clock.today(),
    )


def list_rungs(sheet: ProductSheet, breaks: tuple[PriceBreak, ...], quantity: int) -> list[Rung]:
    """Unit prices at every break, the list price first."""
    steps = [PriceBreak(1, ZERO), *breaks]
    ends = [step.min_quantity - 1 for step in steps[1:]]
    rungs = []
    for step, end in zip(steps, [*ends, None], strict=True):
        net = percent_off(sheet.facts.list_net, step.discount)
        is_current = step.min_quantity <= quantity and (end is None or quantity <= end)
        gross = gross_of(net, sheet.facts.vat)
        rungs.append(Rung(step.min_quantity, end, step.discount, net, gross, is_current))
    return rungs


def _tags(filters: Filters, page: Page) -> list[tuple[str, str]]:
    """The filters in use, each with the address without it."""
    makers = dict(page.choice.producers.keys())
    chosen = [
        *((str(words.CATEGORIES[slug]), "categoria", slug) for slug in sorted(filters.categories)),
        *((region, "regione", region) for region in sorted(filters.regions)),
        *((words.name_of(words.DIETS, slug), "dieta", slug) for slug in sorted(filters.diets)),
        *(
            (_("Senza %(what)s", what=str(words.ALLERGENS[slug]).lower()), "senza", slug)
            for slug in sorted(filters.without)
        ),
    ]
    tags = [(label, without_value(name, value)) for label, name, value in chosen]
    if filters.text:
        tags.insert(0, (f"«{filters.text}»", without("q")))
    if filters.producer:
        tags.append((makers.get(filters.producer, filters.producer), without("produttore")))
    if filters.price_from is not None or filters.price_to is not None:
        tags.append((_price_tag(filters), without("da", "a")))
    if filters.in_season:
        tags.append((_("Di stagione"), without("stagione")))
    if filters.quantity:
        tags.append((_("%(n)s pezzi", n=number(filters.quantity)), without("pezzi")))
    if filters.by:
        tags.append((_("entro il %(day)s", day=date_long(filters.by)), without("entro")))
    return tags


def _price_tag(filters: Filters) -> str:
    if filters.price_from is None:
        return str(_("fino a %(top)s netti", top=money(filters.price_to or ZERO)))
    if filters.price_to is None:
        return str(_("da %(bottom)s netti", bottom=money(filters.price_from)))
    bottom, top = money(filters.price_from), money(filters.price_to)
    return str(_("da %(bottom)s a %(top)s netti", bottom=bottom, top=top))


_PARAMETERS = {
    "testo": ("q",),
    "categoria": ("categoria",),
    "produttore": ("produttore",),
    "regione": ("regione",),
    "dieta": ("dieta",),
    "senza": ("senza",),
    "prezzo": ("da", "a"),
    "stagione": ("stagione",),
    "disponibile": ("pezzi", "entro"),
}


def _way_out(page: Page) -> tuple[str, int, str] | None:
    """Of an empty list: the filter that excludes most, what would be left, and that address."""
    group, count = max(page.choice.if_dropped.items(), key=lambda item: item[1], default=(None, 0))
    if page.total or group is None or not count:
        return None
    return str(words.GROUPS[group]), count, without(*_PARAMETERS[group])
