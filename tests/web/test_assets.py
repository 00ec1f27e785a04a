"""Static files keep their names only as long as their content."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from fontTools.ttLib import TTFont
from werkzeug.test import TestResponse as Response

from gifting.platform.fonts import CUTS, build_fonts, fonts_dir
from gifting.web.assets import PREFIX, Assets, UnknownAsset, find_sources, icon_svg, install_assets

HASHED = re.compile(r"\.[0-9a-f]{8}\.\w+$")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="module")
def app(published: Path) -> Flask:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/qui/<name>", "here", lambda name: name)
    install_assets(app, published)
    return app


@pytest.fixture(scope="module")
def assets(app: Flask) -> Assets:
    found = app.extensions["assets"]
    assert isinstance(found, Assets)
    return found


def fetch(app: Flask, url: str, **headers: str) -> Response:
    """The whole answer, its file closed again."""
    with app.test_client().get(url, headers=headers) as response:
        response.get_data()
        return response


def characters(font: str) -> set[int]:
    with TTFont(fonts_dir() / font) as opened:
        return set(opened.getBestCmap())


def write(folder: Path, files: dict[str, str]) -> dict[str, Path]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {name: folder / name for name in files}


class TestAddresses:
    def test_every_file_is_served_for_ever_under_a_name_with_its_hash(
        self, app: Flask, assets: Assets
    ) -> None:
        for name in assets.names():
            url = assets.url(name)
            response = fetch(app, url)
            assert HASHED.search(url), url
            assert response.status_code == 200, url
            assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_changed_file_gets_another_name(self, tmp_path: Path) -> None:
        sources = write(tmp_path, {"css/a.css": "a{}"})
        before = Assets(sources).url("css/a.css")
        write(tmp_path, {"css/a.css": "a{color:red}"})
        assert Assets(sources).url("css/a.css") != before

    def test_a_stylesheet_changes_its_name_when_a_picture_in_it_changes(
        self, tmp_path: Path
    ) -> None:
        sources = write(
            tmp_path, {"css/a.css": "a{background:url(../img/b.svg)}", "img/b.svg": "1"}
        )
        before = Assets(sources).url("css/a.css")
        write(tmp_path, {"img/b.svg": "2"})
        assert Assets(sources).url("css/a.css") != before

    def test_an_unknown_name_stops_the_page(self, assets: Assets) -> None:
        with pytest.raises(UnknownAsset, match=r"css/none\.css"):
            assets.url("css/none.css")

    def test_a_stylesheet_that_names_a_missing_file_stops_the_start(self, tmp_path: Path) -> None:
        sources = write(tmp_path, {"css/a.css": "a{background:url(../img/none.svg)}"})
        with pytest.raises(UnknownAsset, match=r"img/none\.svg"):
            Assets(sources)

    def test_browsers_that_can_get_it_compressed(self, app: Flask, assets: Assets) -> None:
        url = assets.url("bootstrap/css/bootstrap.min.css")
        plain = fetch(app, url)
        packed = fetch(app, url, **{"Accept-Encoding": "br"})
        assert packed.headers["Content-Encoding"] == "br"
        assert len(packed.data) < len(plain.data) / 5


class TestReferences:
    def test_every_url_in_a_stylesheet_leads_to_a_file(self, app: Flask, assets: Assets) -> None:
        found = 0
        for name in (name for name in assets.names() if name.startswith("css/")):
            css = fetch(app, assets.url(name)).get_data(as_text=True)
            for url in re.findall(r"url\(([^)]+)\)", css):
                found += 1
                assert url.startswith(PREFIX), (name, url)
                assert fetch(app, url).status_code == 200, (name, url)
        assert found >= 8

    def test_every_import_of_a_module_leads_to_a_file(self, app: Flask, assets: Assets) -> None:
        main = fetch(app, assets.url("js/main.js")).get_data(as_text=True)
        urls = re.findall(r'import "([^"]+)"', main)
        assert len(urls) >= 5
        for url in urls:
            assert fetch(app, url).status_code == 200, url

    def test_nothing_comes_from_another_server(self) -> None:
        for name, path in find_sources().items():
            if path.suffix in {".css", ".js"} and not name.startswith("bootstrap/"):
                assert not re.search(r"https?://|@import", path.read_text(encoding="utf-8")), name


class TestFonts:
    def test_building_again_writes_nothing(self) -> None:
        folder = fonts_dir()
        before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
        build_fonts(folder)
        assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before

    def test_every_cut_is_there_and_small(self) -> None:
        for cut in CUTS:
            assert 20_000 < (fonts_dir() / cut.name).stat().st_size < 60_000, cut.name

    def test_the_display_face_is_pinned_at_its_text_size(self) -> None:
        axes = {axis.axisTag for axis in TTFont(fonts_dir() / "bodoni-moda-11.woff2")["fvar"].axes}
        assert axes == {"wght"}

    def test_amounts_and_italian_words_never_fall_back_to_another_face(self) -> None:
        signs = {ord(sign) for sign in "€−×’«»àèéìòùÈ·…"}
        assert signs <= characters("HankenGrotesk-400.ttf")
        assert signs <= characters("BodoniModa11-600.ttf")

    def test_the_text_face_has_the_arrows_of_links_and_pages(self) -> None:
        assert {ord("→"), ord("←")} <= characters("HankenGrotesk-400.ttf")


class TestIcons:
    def test_an_icon_is_drawn_in_place_and_hidden_from_screen_readers(self) -> None:
        svg = icon_svg("truck", 18)
        assert svg.startswith('<svg class="ic" viewBox="0 0 16 16" width="18" height="18"')
        assert 'aria-hidden="true"' in svg
        assert "<path" in svg

    def test_a_misspelt_icon_stops_the_page(self) -> None:
        with pytest.raises(UnknownAsset, match="truk"):
            icon_svg("truk")


class TestGlobals:
    def test_shells_link_only_to_pages_that_are_there(self, app: Flask) -> None:
        with app.test_request_context():
            text = "{{ find_url('here', name='x') }} {{ find_url('nowhere') }}"
            assert render_template_string(text) == "/qui/x None"
