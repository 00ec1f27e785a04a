"""Every static file has a name that changes with its content, so browsers may keep it for ever.

Files come from our own `static/` folder, from the fonts cut from their wheels and from the
Bootstrap wheel; nothing is copied into the project and nothing comes from another server.
"""

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any
from wsgiref.headers import Headers

import brotli  # type: ignore[import-untyped]
from flask import Flask, url_for
from markupsafe import Markup, escape
from whitenoise import WhiteNoise

from gifting.platform.fonts import cache_dir, fonts_dir

STATIC = Path(__file__).parent / "static"
PREFIX = "/static/"
SERVED = {".css", ".js", ".svg", ".png", ".jpg", ".webp", ".ico", ".woff2", ".txt"}
COMPRESSED = {".css", ".js", ".svg", ".txt"}

CSS_URL = re.compile(r"""url\((?P<quote>["']?)(?!data:|#|https?:|/)(?P<path>[^"')]+)(?P=quote)\)""")
JS_IMPORT = re.compile(
    r"""(?P<lead>\b(?:from|import)\s*)(?P<quote>["'])(?P<path>\.[^"']+)(?P=quote)"""
)
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=\S+ \*/")


class UnknownAsset(LookupError):
    """A template or stylesheet names a static file or an icon that is not there."""


class Assets:
    """The static files: by plain name (`css/base.css`) and by the address they are served at."""

    def __init__(self, sources: dict[str, Path]) -> None:
        self._sources = sources
        self._contents: dict[str, bytes] = {}
        self._addresses: dict[str, str] = {}
        for name in sources:
            self.url(name)

    def url(self, name: str) -> str:
        """The address of `name`, as `/static/css/base.1a2b3c4d.css`."""
        if name not in self._addresses:
            content = self._content(name)
            digest = hashlib.sha256(content).hexdigest()[:8]
            path = PurePosixPath(name)
            self._contents[name] = content
            self._addresses[name] = f"{PREFIX}{path.with_suffix(f'.{digest}{path.suffix}')}"
        return self._addresses[name]

    def names(self) -> list[str]:
        return list(self._addresses)

    def publish(self, target: Path) -> dict[str, Path]:
        """Write every file, and what a browser may take compressed, under its hashed name."""
        published = {}
        for name, url in self._addresses.items():
            path = target / url.removeprefix(PREFIX)
            published[url] = path
            content = self._contents[name]
            _write_once(path, content)
            if path.suffix in COMPRESSED:
                _write_once(_beside(path, ".br"), content, brotli.compress)
                _write_once(_beside(path, ".gz"), content, partial(gzip.compress, mtime=0))
        return published

    def _content(self, name: str) -> bytes:
        source = self._sources.get(name)
        if source is None:
            raise UnknownAsset(f"no static file is called {name!r}")
        if source.suffix == ".css":
            text = SOURCE_MAP.sub("", source.read_text(encoding="utf-8"))
            return CSS_URL.sub(lambda m: f"url({self._relative(name, m['path'])})", text).encode()
        if source.suffix == ".js":
            text = source.read_text(encoding="utf-8")
            return JS_IMPORT.sub(
                lambda m: f'{m["lead"]}"{self._relative(name, m["path"])}"', text
            ).encode()
        return source.read_bytes()

    def _relative(self, name: str, reference: str) -> str:
        path = os.path.normpath(PurePosixPath(name).parent / reference)
        return self.url(path.replace(os.sep, "/"))


def install_assets(app: Flask, target: Path | None = None) -> None:
    """Serve the static files with WhiteNoise and give templates `asset`, `icon_svg`, `find_url`."""
    assets = Assets(find_sources())
    server = WhiteNoise(
        app.wsgi_app,
        max_age=31_536_000,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_add_headers,
    )
    for url, path in assets.publish(target or cache_dir() / "static").items():
        server.add_file_to_dictionary(url, str(path))
    app.wsgi_app = server  # type: ignore[method-assign]
    app.extensions["assets"] = assets
    app.jinja_env.globals.update(
        N_=str,  # marks words of a table made once; who shows one translates it
        asset=assets.url,
        icon_svg=icon_svg,
        find_url=partial(find_url, app),
    )


def find_sources() -> dict[str, Path]:
    """Every file that may be served, by its plain name."""
    own = {
        path.relative_to(STATIC).as_posix(): path
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in SERVED
    }
    fonts = {f"fonts/{path.name}": path for path in sorted(fonts_dir().glob("*.woff2"))}
    bootstrap = {"bootstrap/css/bootstrap.min.css": _bootstrap() / "css" / "bootstrap.min.css"}
    return bootstrap | fonts | own


def find_url(app: Flask, endpoint: str, **values: Any) -> str | None:
    """The page's address, or None while no such page exists: shells link only to what is there."""
    return url_for(endpoint, **values) if endpoint in app.view_functions else None


def icon_svg(name: str, size: int | None = None, css: str = "") -> Markup:
    """One Bootstrap icon drawn in place, hidden from screen readers; `size` in pixels, else 1em."""
    view_box, paths = _read_icon(name)
    size_attributes = f' width="{size}" height="{size}"' if size else ""
    classes = escape(f"ic {css}".strip())
    return Markup(  # noqa: S704 - the paths are the pinned wheel's, the class is escaped
        f'<svg class="{classes}" viewBox="{view_box}"{size_attributes}'
        f' aria-hidden="true" focusable="false">{paths}</svg>'
    )


ICON = re.compile(r'<symbol[^>]*viewBox="([^"]+)"[^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@cache
def _read_icons() -> dict[str, tuple[str, str]]:
    sprite = (_bootstrap() / "icons" / "bootstrap-icons.svg").read_text(encoding="utf-8")
    return {name: (view_box, paths.strip()) for view_box, name, paths in ICON.findall(sprite)}


def _read_icon(name: str) -> tuple[str, str]:
    try:
        return _read_icons()[name]
    except KeyError:
        raise UnknownAsset(f"no icon is called {name!r}") from None


def _bootstrap() -> Path:
    return Path(str(files("flask_bootstrap"))) / "static" / "bootstrap5"


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _write_once(path: Path, content: bytes, pack: Callable[[bytes], bytes] = bytes) -> None:
    """The name holds the hash: a file that exists is right, and several processes may write."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(pack(content))
    Path(name).chmod(0o644)
    Path(name).replace(path)
