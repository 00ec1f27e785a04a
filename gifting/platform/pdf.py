"""A frozen view-model in, the bytes of a PDF out: same input, same bytes.

Templates see the view-model, the words of the reader's language and the formats; no database,
clock or network. The fetcher serves packaged fonts and nothing else.
"""

import hashlib
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import force_locale, get_translations
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from gifting.core.drawing import (
    BoxShape,
    Shape,
    box_icon_svg,
    box_svg,
    extra_svg,
    logo_svg,
    pattern_svg,
    product_svg,
)
from gifting.core.drawing.product_picture import Size
from gifting.core.papers import BoxDrawing, Paper, PaperPayment
from gifting.platform import tallies
from gifting.platform.fonts import fonts_dir
from gifting.platform.formats import FILTERS
from gifting.platform.qr import address_qr_svg, payment_qr_svg

_ICON_PX, _TINY_PX = 40, 46
"""The side of what is drawn beside a line; up to where a product has the finest line."""
PDF_TEMPLATES = Path(__file__).resolve().parents[2] / "pdf_templates"

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every glyph it keeps


class ForbiddenResource(ValueError):
    """A document asked for something that is not packaged."""


class PackagedOnly(URLFetcher):  # type: ignore[misc]
    """Serve `font:<file>` from the packaged fonts; refuse files, networks and inline data.

    WeasyPrint goes on without what it cannot fetch, so refusals are also remembered.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("font",))
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        path = fonts_dir() / Path(name).name
        if scheme != "font" or path.suffix != ".ttf" or not path.is_file():
            self.refused.append(url[:200])
            raise ForbiddenResource(url[:200])
        return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": "font/ttf"})


def render(document: str, paper: Paper, *, locale: str) -> bytes:
    """Render `pdf_templates/<document>/template.html` as PDF/UA-1; the template reads `paper`.

    Needs an application context, for the language.

    :raises ForbiddenResource: if the template asks for anything but a packaged font
    """
    with force_locale(locale):
        template = environment().get_template(f"{document}/template.html")
        html = template.render(paper=paper, locale=locale)
    with tallies.timed("paper"):
        return write_pdf(html)


def write_pdf(html: str) -> bytes:
    """Set a page written for the base stylesheet.

    :raises ForbiddenResource: if the page asks for anything but a packaged font
    """
    fetcher = PackagedOnly()
    pdf: bytes = HTML(string=html, url_fetcher=fetcher, base_url="packaged:").write_pdf(
        stylesheets=[_stylesheet()],
        font_config=_fonts(),
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
    )
    if fetcher.refused:
        raise ForbiddenResource(", ".join(fetcher.refused))
    return pdf


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    """Return what templates live in: this process's only one."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(PDF_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        # the bare look-ups: the environment itself puts the values in, escaped
        lambda text: get_translations().ugettext(text),
        lambda one, many, n: get_translations().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, text: get_translations().upgettext(context, text),
    )
    environment.filters.update(FILTERS)
    environment.globals.update(
        logo=_logo,
        wrapping=_wrapping,
        box_picture=_box_picture,
        box_icon=_box_icon,
        extra_picture=_extra_picture,
        product_picture=_product_picture,
        payment_qr=_payment_qr,
        address_qr=_address_qr,
    )
    return environment


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=1)
def _stylesheet() -> CSS:
    return CSS(
        string=(PDF_TEMPLATES / "base/base.css").read_text(encoding="utf-8"),
        font_config=_fonts(),
        url_fetcher=PackagedOnly(),
        base_url="packaged:",
    )


def _logo(label: str) -> Markup:
    return Markup(logo_svg(label=label))  # noqa: S704


def _box_picture(drawing: BoxDrawing, label: str) -> Markup:
    return Markup(box_svg(drawing.box, drawing.items, label=label, print_safe=True))  # noqa: S704


def _box_icon(box: BoxShape, label: str) -> Markup:
    return Markup(box_icon_svg(box, label=label, print_px=_ICON_PX))  # noqa: S704


def _extra_picture(kind: str, label: str) -> Markup:
    return Markup(extra_svg(kind, label=label, print_px=_ICON_PX))  # noqa: S704


def _product_picture(shape: Shape, label: str, px: int = _ICON_PX) -> Markup:
    size: Size = "tiny" if px <= _TINY_PX else "thumb"
    return Markup(product_svg(shape, size=size, label=label, print_px=px))  # noqa: S704


def _wrapping() -> Markup:
    return Markup(pattern_svg())  # noqa: S704


def _address_qr(address: str, label: str) -> Markup:
    return Markup(address_qr_svg(address, label=label))  # noqa: S704


def _payment_qr(payment: PaperPayment, label: str) -> Markup:
    return Markup(payment_qr_svg(payment, label=label))  # noqa: S704
