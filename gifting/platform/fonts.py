"""The two typefaces of the house, cut once from their pinned wheels for screen and for print.

Bodoni Moda is cut at optical size 11, because browsers and WeasyPrint would otherwise pick the
display master, whose hairlines vanish at text sizes.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

UNICODES = (
    "U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DA,U+02DC,U+2007,U+2009,U+2010-2015,"
    "U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+20AC,U+2116,"
    "U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265"
)
RECIPE = "2"  # raise it when the cuts below change
WEIGHTS = (400, 700)

Limits = Mapping[str, float | tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Cut:
    """One output file: which master, which part of its design space; WOFF2 unless it ends .ttf."""

    name: str
    package: str
    source: str
    limits: Limits = field(default_factory=dict)


BODONI = ("fontpkg_bodoni_moda", "BodoniModa[opsz,wght].ttf")
BODONI_ITALIC = ("fontpkg_bodoni_moda", "BodoniModa-Italic[opsz,wght].ttf")
HANKEN = ("fontpkg_hanken_grotesk", "HankenGrotesk[wght].ttf")
HANKEN_ITALIC = ("fontpkg_hanken_grotesk", "HankenGrotesk-Italic[wght].ttf")

CUTS = (
    Cut("bodoni-moda-11.woff2", *BODONI, {"opsz": 11, "wght": WEIGHTS}),
    Cut("bodoni-moda-11-italic.woff2", *BODONI_ITALIC, {"opsz": 11, "wght": WEIGHTS}),
    Cut("hanken-grotesk.woff2", *HANKEN, {"wght": WEIGHTS}),
    Cut("hanken-grotesk-italic.woff2", *HANKEN_ITALIC, {"wght": WEIGHTS}),
    *(Cut(f"HankenGrotesk-{w}.ttf", *HANKEN, {"wght": w}) for w in (400, 500, 600, 700)),
    Cut("HankenGrotesk-Italic-400.ttf", *HANKEN_ITALIC, {"wght": 400}),
    *(Cut(f"BodoniModa11-{w}.ttf", *BODONI, {"opsz": 11, "wght": w}) for w in (500, 600, 700)),
    Cut("BodoniModa11-Italic-500.ttf", *BODONI_ITALIC, {"opsz": 11, "wght": 500}),
)


def cache_dir() -> Path:
    """What is made from the installed packages lives beside them, not in the project."""
    return Path(sys.prefix) / "share" / "gifting"


@cache
def fonts_dir() -> Path:
    """The folder with every file of `CUTS`, made on first need."""
    target = cache_dir() / "fonts"
    build_fonts(target)
    return target


def build_fonts(target: Path) -> None:
    """Write the cuts into `target`; a folder made from these very packages is left alone."""
    stamp = target / "made-from.txt"
    made_from = _made_from()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
        return
    target.mkdir(parents=True, exist_ok=True)
    for cut in CUTS:
        _write(target / cut.name, _cut(cut))
    _write(stamp, made_from.encode())


def _made_from() -> str:
    packages = ("fontpkg-bodoni-moda", "fontpkg-hanken-grotesk", "fonttools")
    return "\n".join([f"recipe {RECIPE}", *(f"{name} {version(name)}" for name in packages), ""])


def _cut(cut: Cut) -> bytes:
    source = (files(cut.package) / "files" / cut.source).read_bytes()
    master = TTFont(BytesIO(source), recalcTimestamp=False)
    font = _reread(instancer.instantiateVariableFont(master, dict(cut.limits)))
    if "gvar" in font:  # the subsetter wants a row for every glyph, the instancer drops empty ones
        variations = font["gvar"].variations
        for glyph in font.getGlyphOrder():
            variations.setdefault(glyph, [])
    flavor = None if cut.name.endswith(".ttf") else "woff2"
    options = subset.Options(layout_features=["*"], name_IDs=["*"], flavor=flavor)
    options.recalc_timestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(UNICODES))
    subsetter.subset(font)
    font.flavor = flavor
    return _saved(font)


def _reread(font: TTFont) -> TTFont:
    return TTFont(BytesIO(_saved(font)), recalcTimestamp=False)


def _saved(font: TTFont) -> bytes:
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Another process may be building too: readers see the whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


if __name__ == "__main__":
    fonts_dir()
