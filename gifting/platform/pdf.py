"""A frozen view-model in, the bytes of a PDF out: same input, same bytes.

Templates see the view-model, the words of the reader's language and the formats; no database,
clock or network. The fetcher serves packaged fonts and nothing else.
"""

import hashlib
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from gifting.platform.fonts import fonts_dir
from gifting.platform.formats import FILTERS

PDF_TEMPLATES = Path(__file__).resolve().parents[2] / "pdf_templates"


class ForbiddenResource(ValueError):
    """A document asked for something that is neither packaged nor given to it."""


class PackagedOnly(URLFetcher):  # type: ignore[misc]
    """Serve `font:<file>` from the packaged fonts and inline `data:`; refuse everything else."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme == "font":
            path = fonts_dir() / Path(name).name
            return URLFetcherResponse(
                url, body=path.read_bytes(), headers={"Content-Type": "font/ttf"}
            )
        raise ForbiddenResource(url)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(PDF_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(FILTERS)
    return environment


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=8)
def _stylesheet(name: str) -> CSS:
    return CSS(
        string=(PDF_TEMPLATES / name).read_text(),
        font_config=_fonts(),
        url_fetcher=PackagedOnly(),
        base_url="packaged:",
    )


def render(document: str, view: Any, *, locale: str) -> bytes:
    """Render `pdf_templates/<document>/template.html` with `view` as PDF/UA-1.

    `view` is a frozen dataclass (or a mapping, as in the sample): the template reads its
    fields by name. Needs an application context, for the language.
    """
    values = asdict(view) if is_dataclass(view) and not isinstance(view, type) else dict(view)
    with force_locale(locale):
        html = (
            _environment().get_template(f"{document}/template.html").render(**values, locale=locale)
        )
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    pdf: bytes = HTML(string=html, url_fetcher=PackagedOnly(), base_url="packaged:").write_pdf(
        stylesheets=[_stylesheet("base/base.css")],
        font_config=_fonts(),
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier,
        cache=current_app.extensions.setdefault("pdf_images", {}),
    )
    return pdf
