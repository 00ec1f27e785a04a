"""The builder's page: shelf, box, contents, price."""

from dataclasses import dataclass

from flask import render_template, request, session
from flask_babel import get_locale
from markupsafe import Markup

from gifting.catalogue.queries import BoxFacts, ExtraFacts, ProductFacts
from gifting.catalogue.views import words as labels
from gifting.core.drawing import allergen_svg, box_svg, extra_svg, product_svg, tile_tint
from gifting.core.fit import USABLE_SHARE
from gifting.core.gift_meter import GIFT_LIMIT
from gifting.hampers import queries, service
from gifting.hampers.documents import (
    BoxOffer,
    Composition,
    Goods,
    ShelfRow,
    Suggestion,
    boxes_on_offer,
    compose_from,
    fitting_swap,
    load_goods,
    shelf_rows,
    suggest,
)
from gifting.hampers.models import Hamper, HamperLink
from gifting.hampers.queries import Owner
from gifting.hampers.views import bp, wording
from gifting.hampers.views.page import SHARED, SHELF_STEP, ShelfState, take_said
from gifting.hampers.views.shelf import find_shelf
from gifting.hampers.views.visitor import OPEN_HAMPER, find_owner, load_hamper
from gifting.platform import clock, links, settings

USABLE_PERCENT = int(USABLE_SHARE * 100)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows shown, of so many found, so many of which still fit."""

    rows: list[ShelfRow]
    found: int
    fitting: int
    state: ShelfState

    @property
    def more(self) -> int:
        """How many further rows one press shows."""
        return min(SHELF_STEP, self.found - len(self.rows))


@dataclass(frozen=True, slots=True)
class BuilderPage:
    """All that the page shows, ready to be written down."""

    composition: Composition
    shelf: Shelf
    boxes: tuple[BoxFacts, ...]
    extras: tuple[ExtraFacts, ...]
    offers: list[BoxOffer]
    swap: Suggestion | None
    suggestion: Suggestion | None


@bp.get("/cesti/<key>")
def builder(key: str) -> str:
    """Show a hamper being composed; without script every button is a form of its own."""
    now, language = clock.now(), str(get_locale() or "it")
    hamper = load_hamper(key)
    state = ShelfState.of(request.args)
    found, searched = find_shelf(state, on=clock.today(), locale=language)
    goods = load_goods([hamper], searched.shelf)
    composition = compose_from(goods, hamper, now=now)
    owner = find_owner()
    session[OPEN_HAMPER] = hamper.key
    said = take_said()
    return render_template(
        "hampers/builder.html",
        page=_page(composition, goods, found, state),
        hamper=hamper,
        is_owner=service.is_owner(hamper, owner),
        is_company=owner.is_company,
        said=said,
        link=_link(hamper, owner) if any(one["kind"] == SHARED for one in said) else None,
        words=wording,
        labels=labels,
        terms=settings.current(),
        limit=GIFT_LIMIT,
        usable_percent=USABLE_PERCENT,
        picture=draw_contents,
        thumb=thumb,
        extra_picture=lambda kind: Markup(extra_svg(kind)),  # noqa: S704 - our own drawing
        allergen=lambda slug: Markup(allergen_svg(slug)),  # noqa: S704 - our own drawing
        tint=tile_tint,
        mended=searched.corrections,
        language=language,
    )


def thumb(facts: ProductFacts) -> Markup:
    """The small picture of a product, beside its name."""
    return Markup(product_svg(facts.shape(1), size="thumb"))  # noqa: S704 - our own drawing


def _link(hamper: Hamper, owner: Owner) -> tuple[str, HamperLink] | None:
    """The open address of one's own shared hamper, to be copied, and how long it works."""
    if not service.is_owner(hamper, owner):
        return None
    link = queries.find_link(hamper.id, now=clock.now())
    token = service.link_token(link) if link else None
    return (links.to("hampers.shared", token=token), link) if link and token else None


def _page(
    composition: Composition, goods: Goods, found: list[ProductFacts], state: ShelfState
) -> BuilderPage:
    rows, fitting = shelf_rows(
        found, composition, goods.boxes, fitting_first=state.fitting_first, limit=state.limit
    )
    on_sale = [box for box in goods.boxes.values() if box.is_on_sale]
    extras = {extra.id: extra for extra in goods.extras.values() if extra.is_on_sale}
    extras |= {extra.id: extra for extra in composition.extras}
    return BuilderPage(
        composition=composition,
        shelf=Shelf(rows, len(found), fitting, state),
        boxes=tuple(on_sale),
        extras=tuple(extras.values()),
        offers=boxes_on_offer(composition, goods),
        swap=fitting_swap(composition, found),
        suggestion=suggest(composition, found),
    )


def draw_contents(composition: Composition, width_px: int = 600) -> Markup:
    """The open box with its contents."""
    return Markup(  # noqa: S704 - our own drawing, texts escaped by it
        box_svg(
            composition.box.shape,
            [facts.shape(quantity) for facts, quantity, _component in composition.lines],
            label=wording.describe_box(composition),
            width_px=width_px,
        )
    )
