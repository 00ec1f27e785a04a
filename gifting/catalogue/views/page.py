"""What the pages of the catalogue share: language, prices with or without VAT, drawings."""

from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, session
from flask_babel import get_locale
from markupsafe import Markup

from gifting.catalogue.queries import Logistics, PricedReadyHamper, ProductFacts
from gifting.catalogue.views import bp, words
from gifting.catalogue.views.measured import measured_svg
from gifting.core.drawing import (
    BoxShape,
    Shape,
    allergen_svg,
    box_svg,
    product_svg,
    tile_tint,
)
from gifting.core.vat import VatClass
from gifting.platform import clock, settings

GROSS, NET = "lordi", "netti"
_TINTS = {"cloth": "textile"}


def language() -> str:
    return str(get_locale() or "it")


def logistics() -> Logistics:
    now = settings.current()
    return Logistics(clock.today(), now.packing_days, now.transit_days)


@bp.before_request
def remember_prices() -> None:
    """Keep for the visit whether prices are shown with VAT."""
    chosen = request.args.get("prezzi")
    if chosen in {GROSS, NET}:
        session["prices"] = chosen


def shows_gross(*, unless_chosen: bool = False) -> bool:
    """Whether prices are shown with VAT; what a page shows unless the visitor has chosen."""
    chosen = session.get("prices")
    return unless_chosen if chosen is None else chosen == GROSS


def gross_of(net: Decimal, vat: VatClass) -> Decimal:
    """Net and its VAT, of one piece alone; a document rounds VAT on its own totals."""
    return net + vat.tax_on(net)


def without(*names: str, **changes: str) -> str:
    """Return this page's address with parameters taken out or changed, from its first page."""
    args = request.args.copy()
    for name in ("dopo", "prima", *names, *changes):
        args.poplist(name)
    for name, value in changes.items():
        args[name] = value
    return _address(args)


def without_value(name: str, value: str) -> str:
    """Return this page's address with one value of a parameter taken out, from its first page."""
    args = request.args.copy()
    kept = [other for other in args.poplist(name) if other != value]
    args.setlist(name, kept)
    for cursor in ("dopo", "prima"):
        args.poplist(cursor)
    return _address(args)


def _address(args: Any) -> str:

    query = urlencode([(name, value) for name, value in args.items(multi=True) if value])
    return f"{request.path}?{query}" if query else request.path


def picture(product: ProductFacts, size: Any = "card") -> Markup:
    return Markup(product_svg(product.shape(), size=size))  # noqa: S704 - drawn by usd there


def tile(product: ProductFacts) -> str:
    tint = tile_tint(product.category)
    return f"tile-{_TINTS.get(tint, tint)}"


def box_picture(hamper: PricedReadyHamper, width_px: int = 300, label: str | None = None) -> Markup:
    return _box(hamper.box.shape, tuple(hamper.shapes), width_px, label)


@lru_cache(maxsize=128)
def _box(box: BoxShape, shapes: tuple[Shape, ...], width_px: int, label: str | None) -> Markup:
    return Markup(box_svg(box, shapes, label=label, width_px=width_px))  # noqa: S704 - drawn by us


def allergen_sign(slug: str) -> Markup:
    return Markup(allergen_svg(slug))  # noqa: S704 - a drawing of ours


def centimetres(millimetres: int) -> str:
    """190 → «19», 204 → «20,4»."""
    whole, rest = divmod(millimetres, 10)
    comma = "." if language() == "en" else ","
    return f"{whole}{comma}{rest}" if rest else str(whole)


def measured_picture(product: ProductFacts, label: str) -> Markup:
    return measured_svg(
        product.shape(),
        label=label,
        height=f"{centimetres(product.height_mm)} cm",
        length=f"{centimetres(product.length_mm)} cm",
    )


def website_of(address: str) -> str:
    """«www.arcolaio.org» as a link's address, never of another scheme than https."""
    return f"https://{address.removeprefix('https://').removeprefix('http://')}"


@bp.context_processor
def give_words() -> dict[str, Any]:
    """Give the templates of the catalogue its words, drawings and the choice of prices."""
    return {
        "allergen_sign": allergen_sign,
        "box_picture": box_picture,
        "centimetres": centimetres,
        "gross_of": gross_of,
        "lang": language(),
        "measured_picture": measured_picture,
        "picture": picture,
        "shows_gross": shows_gross(),
        "tile": tile,
        "website_of": website_of,
        "without": without,
        "words": words,
    }
