"""Ready-made hampers, grouped by what one costs VAT included, and the page of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gifting.catalogue import queries
from gifting.catalogue.forms import ReadyForm
from gifting.catalogue.queries import Logistics, PricedReadyHamper
from gifting.catalogue.views import bp
from gifting.catalogue.views.page import (
    language,
    logistics,
    shows_gross,
    without,
    without_value,
)
from gifting.catalogue.views.words import DIETS, name_of
from gifting.core import diet
from gifting.core.calendar import earliest_delivery
from gifting.core.fit import check_fit
from gifting.core.gift_meter import GiftState

RUNGS = (Decimal(25), Decimal(35), Decimal(50), Decimal(75))
"""Upper ends in euros, VAT included; above the last one there is a rung without an end."""


@dataclass(frozen=True, slots=True)
class Rung:
    """The hampers of a budget; `limit` None is everything dearer than the last limit."""

    limit: Decimal | None
    hampers: tuple[PricedReadyHamper, ...]


@bp.get("/cesti-pronti")
def ready_hampers() -> ResponseReturnValue:
    """All of them at the prices of the quantity asked for."""
    form = ReadyForm(request.args)
    quantity = form.quantity()
    days = logistics()
    priced = queries.price_ready_hampers(
        queries.list_ready_hampers(),
        on=days.today,
        breaks=queries.list_quantity_breaks(on=days.today),
        quantity=quantity,
    )
    on_sale = [hamper for hamper in priced if hamper.is_on_sale]
    diets = [slug for slug in diet.DIETS if slug in request.args.getlist("dieta")]
    only_safe = request.args.get("sotto50") == "1"
    suited = [
        hamper
        for hamper in on_sale
        if is_suited(hamper, diets) and is_in_time(hamper, days, form.by())
    ]
    shown = [hamper for hamper in suited if hamper.gift_state is GiftState.SAFE or not only_safe]
    limit = request.args.get("fino", "")
    rungs = list_rungs(shown)
    return render_template(
        "catalogue/ready_hampers.html",
        form=form,
        shows_gross=shows_gross(unless_chosen=True),
        quantity=quantity,
        diets=diets,
        only_safe=only_safe,
        safe_count=sum(hamper.gift_state is GiftState.SAFE for hamper in suited),
        counts={slug: sum(is_suited(h, [*diets, slug]) for h in shown) for slug in diet.DIETS},
        total=len(on_sale),
        shown=shown,
        rungs=rungs,
        groups=[rung for rung in rungs if rung.hampers and limit in {"", key_of(rung)}],
        limit=limit,
        key_of=key_of,
        ready_on=lambda hamper: ready_on(hamper, days),
        tags=[
            *((name_of(DIETS, slug), without_value("dieta", slug)) for slug in diets),
        ],
        without=without,
    )


@bp.get("/cesti-pronti/<sku>")
def ready_hamper(sku: str) -> ResponseReturnValue:
    """What is in it, who made it, what it costs and what may be said of the whole box."""
    form = ReadyForm(request.args)
    days = logistics()
    quantity = form.quantity()
    breaks = queries.list_quantity_breaks(on=days.today)
    facts = queries.get_ready_hamper(sku)
    (hamper,) = queries.price_ready_hampers(
        [facts], on=days.today, breaks=breaks, quantity=quantity
    )
    fit = check_fit(hamper.box.size, [product.packable(n) for product, n in hamper.lines])
    return render_template(
        "catalogue/ready_hamper.html",
        hamper=hamper,
        shows_gross=shows_gross(unless_chosen=True),
        facts=facts,
        quantity=quantity,
        fill_percent=fit.fill_percent,
        allergens=[slug for slug in diet.ALLERGENS if slug in hamper.tags.allergens],
        diets=[slug for slug in diet.DIETS if slug in hamper.tags.diets and hamper.tags.has_food],
        ready_on=ready_on(hamper, days),
        locale=language(),
    )


def is_suited(hamper: PricedReadyHamper, diets: Sequence[str]) -> bool:
    """Whether the whole box suits every diet; a box without food suits no diet but «no alcohol»."""
    return diet.is_suitable([product.label_facts for product, _ in hamper.lines], diets)


def ready_on(hamper: PricedReadyHamper, days: Logistics) -> date:
    """Day of delivery if ordered today: the workshops make only what is not in stock."""
    return earliest_delivery(
        days.today, [hamper.lead_time_days], days.packing_days, days.transit_days
    )


def is_in_time(hamper: PricedReadyHamper, days: Logistics, by: date | None) -> bool:
    return by is None or ready_on(hamper, days) <= by


def list_rungs(hampers: Sequence[PricedReadyHamper]) -> list[Rung]:
    """Share the hampers out over the budgets, cheapest first; a rung may be empty."""
    by_price = sorted(hampers, key=lambda hamper: hamper.priced.unit_gross)
    rungs = []
    floor = Decimal(0)
    for limit in (*RUNGS, None):
        inside = (
            hamper
            for hamper in by_price
            if hamper.priced.unit_gross > floor
            and (limit is None or hamper.priced.unit_gross <= limit)
        )
        rungs.append(Rung(limit, tuple(inside)))
        floor = limit or floor
    return rungs


def key_of(rung: Rung) -> str:
    """The rung's name in an address."""
    return "oltre" if rung.limit is None else f"{rung.limit:f}"
