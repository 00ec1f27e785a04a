"""Rendering is closed to the outside, repeatable, and gives accessible files."""

import ctypes
import hashlib
import io
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from fontTools.ttLib import TTFont
from jinja2.exceptions import SecurityError, UndefinedError
from pypdfium2 import raw

from gifting.documents.documents import PAPERS, load_sample
from gifting.platform import pdf
from gifting.platform.fonts import fonts_dir
from tests.support.papers import make_hamper, make_offer, pages_of

PAGE = (
    '<html lang="it"><head><title>Prova</title>{head}</head><body><p>Prova</p>{body}</body></html>'
)

SHOWN = {
    "offer": "P-2026-0418",
    "order_confirmation": "O-2026-0297",
    "invoice": "2026/1187",
    "impact_certificate": "O-2026-0297",
}


class TestWhatAPageMayFetch:
    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data/",
            "https://example.com/logo.png",
            "ftp://example.com/logo.png",
            "data:image/png;base64," + "A" * 1_000_000,
            "font:../../etc/passwd",
            "font:bodoni-moda-11.woff2",
            "packaged:offer/sample.json",
        ],
        ids=lambda url: url[:24],
    )
    def test_an_image_from_anywhere_stops_the_rendering(self, url: str) -> None:
        with pytest.raises(pdf.ForbiddenResource):
            pdf.write_pdf(PAGE.format(head="", body=f'<img src="{url}" alt="">'))

    def test_a_stylesheet_from_the_disk_stops_the_rendering(self) -> None:
        link = '<link rel="stylesheet" href="file:///etc/passwd">'

        with pytest.raises(pdf.ForbiddenResource):
            pdf.write_pdf(PAGE.format(head=link, body=""))

    def test_a_picture_inside_a_drawing_stops_the_rendering(self) -> None:
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">'
            '<image href="file:///etc/passwd" width="9" height="9"/></svg>'
        )

        with pytest.raises(pdf.ForbiddenResource):
            pdf.write_pdf(PAGE.format(head="", body=drawing))

    @pytest.mark.parametrize(
        "url", ["file:///etc/passwd", "http://169.254.169.254/", "gopher://x/"]
    )
    @pytest.mark.parametrize(
        ("head", "body"),
        [
            ('<style>@import "{url}";</style>', ""),
            ("<style>body {{ background: url({url}) }}</style>", ""),
            ("<style>p::before {{ content: url({url}) }}</style>", ""),
            ("<style>li {{ list-style-image: url({url}) }}</style>", "<ul><li>a</li></ul>"),
            ('<style>@font-face {{ font-family: X; src: url("{url}") }}</style>', ""),
            ('<link rel="attachment" href="{url}">', ""),
            ('<link rel="stylesheet" href="{url}">', ""),
            ("", '<a rel="attachment" href="{url}">a</a>'),
            ("", '<object data="{url}" type="image/png"></object>'),
            ("", '<embed src="{url}" type="image/png">'),
            ('<base href="{url}">', '<img src="a.png" alt="">'),
        ],
    )
    def test_no_part_of_a_page_reaches_out(self, url: str, head: str, body: str) -> None:
        page = PAGE.format(head=head.format(url=url), body=body.format(url=url))

        with pytest.raises(pdf.ForbiddenResource):
            pdf.write_pdf(page)

    @pytest.mark.parametrize("url", ["../../etc/passwd", "/etc/passwd", "//169.254.169.254/x", ""])
    def test_a_relative_address_leads_to_no_file(self, url: str) -> None:
        with pytest.raises(pdf.ForbiddenResource):
            pdf.write_pdf(PAGE.format(head="", body=f'<img src="{url or "x.png"}" alt="">'))

    def test_a_packaged_font_is_served(self) -> None:
        answer = pdf.PackagedOnly().fetch("font:HankenGrotesk-400.ttf")

        assert TTFont(io.BytesIO(answer.read()))["OS/2"].usWeightClass == 400


class TestWhatATemplateMaySee:
    def test_a_missing_value_is_an_error_not_a_gap(self, app: Flask) -> None:
        template = pdf.environment().from_string("{{ paper.nonexistent }}")

        with pytest.raises(UndefinedError):
            template.render(paper=load_sample("offer"))

    def test_it_cannot_reach_python(self, app: Flask) -> None:
        template = pdf.environment().from_string("{{ paper.__class__.__mro__ }}")

        with pytest.raises(SecurityError):
            template.render(paper=load_sample("offer"))

    def test_what_people_wrote_is_shown_and_never_obeyed(self, app: Flask) -> None:
        offer = replace(
            make_offer(make_hamper()),
            message='<img src="file:///etc/passwd"> & 100 %s',
            title="Natale <b>nostro</b>",
        )

        text = pages_of(pdf.render("offer", offer, locale="it"))[0]

        assert '<img src="file:///etc/passwd"> & 100 %s' in text
        assert "Natale <b>nostro</b>" in text


class TestRepeatability:
    @pytest.mark.parametrize("name", sorted(PAPERS))
    def test_same_input_gives_same_bytes(self, app: Flask, name: str) -> None:
        first = pdf.render(name, load_sample(name), locale="it")

        assert pdf.render(name, load_sample(name), locale="it") == first

    def test_another_process_gives_the_same_bytes(self, app: Flask) -> None:
        code = (
            "import hashlib; from flask import Flask; from flask_babel import Babel;"
            "from gifting.documents.documents import load_sample;"
            "from gifting.platform.pdf import render;"
            "app = Flask('other'); app.config['REDIS_URL'] = 'redis://127.0.0.1:1/0';"
            "Babel(app, default_locale='it'); app.app_context().push();"
            "content = render('invoice', load_sample('invoice'), locale='it');"
            "print(hashlib.sha256(content).hexdigest())"
        )
        other = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        here = pdf.render("invoice", load_sample("invoice"), locale="it")

        assert other.stdout.strip() == hashlib.sha256(here).hexdigest()


class TestTheFile:
    @pytest.mark.parametrize("name", sorted(PAPERS))
    def test_is_tagged_titled_and_in_the_readers_language(self, app: Flask, name: str) -> None:
        content = pdf.render(name, load_sample(name), locale="en")

        document = pypdfium2.PdfDocument(content)
        try:
            assert document.is_tagged()
            assert SHOWN[name] in document.get_metadata_value("Title")
            assert language_of(document) == "en"
        finally:
            document.close()
        assert b'pdfuaid:part="1"' in unpacked(content)

    @pytest.mark.parametrize("name", sorted(PAPERS))
    def test_embeds_every_font_it_uses(self, app: Flask, name: str, tmp_path: Path) -> None:
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf.render(name, load_sample(name), locale="it"))

        fonts = fonts_of(path)

        assert {font.split("+")[-1] for font in fonts} <= {
            "Hanken-Grotesk",
            "Hanken-Grotesk-Medium",
            "Hanken-Grotesk-Semi-Bold",
            "Hanken-Grotesk-Bold",
            "Bodoni-Moda-Medium",
            "Bodoni-Moda-Semi-Bold",
        }
        assert all("+" in font for font in fonts)  # a subset of its own, so embedded

    @pytest.mark.parametrize("name", sorted(PAPERS))
    def test_is_set_without_a_complaint(
        self, app: Flask, name: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        pdf.render(name, load_sample(name), locale="it")

        assert [record.getMessage() for record in caplog.records] == []


def language_of(document: pypdfium2.PdfDocument) -> str:
    buffer = (raw.FPDF_WCHAR * 16)()
    length = raw.FPDFCatalog_GetLanguage(document, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[: length - 2].decode("utf-16-le")


def unpacked(content: bytes) -> bytes:
    """Everything in the file, its compressed streams opened."""
    opened = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return b"\n".join(opened)


def fonts_of(path: Path) -> set[str]:
    found: set[str] = set()
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=8):
                found.add(item.get_font().get_base_name())
    finally:
        document.close()
    return found


class TestFigures:
    @pytest.mark.parametrize("weight", [400, 500, 600, 700])
    def test_stand_under_each_other_by_their_own_width(self, weight: int) -> None:
        with TTFont(fonts_dir() / f"HankenGrotesk-{weight}.ttf") as opened:
            names = opened.getBestCmap()
            widths = {opened["hmtx"][names[ord(figure)]][0] for figure in "0123456789"}

        assert len(widths) == 1

    def test_are_asked_for_in_no_other_form(self) -> None:
        """WeasyPrint never lets go of what it tells Pango of a font's features."""
        files = [path for path in pdf.PDF_TEMPLATES.rglob("*") if path.suffix in {".css", ".html"}]
        asked = [f.name for f in files if re.search(r"font-(variant|feature)", f.read_text())]

        assert len(files) > 3
        assert asked == []
