"""`make translations`: collect the words of code and templates into both catalogues.

Italian is the language of the source, so its catalogue fills itself; English is written by a
person, and `tests/architecture/test_words.py` fails while a sentence has none.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "translations"
LOCALES = ("it", "en")
SOURCES = (
    ("gifting", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ("pdf_templates", [("**.html", "jinja2")]),
)
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Return every sentence of the product, with where it stands."""
    catalog = Catalog(project="Gifting", charset="utf-8")
    for folder, methods in SOURCES:
        found = extract_from_dir(
            ROOT / folder,
            method_map=methods,
            options_map={"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
        )
        for filename, _line, message, comments, context in found:
            catalog.add(
                message,
                locations=[(f"{folder}/{filename}", 1)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def path_of(locale: str) -> Path:
    """Return where a language's catalogue is."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """Return a language's catalogue, an empty one if there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def update(locale: str, template: Catalog) -> Catalog:
    """Return the language's catalogue with the template's sentences: no more, no fewer."""
    catalog = read(locale)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if locale == "it":
        for message in sentences(catalog):
            message.string = message.id
    return catalog


def sentences(catalog: Catalog) -> Iterator[Message]:
    """Yield the sentences of a catalogue, without its header."""
    return (message for message in catalog if message.id)


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences that have no words in this language yet."""
    return [
        str(message.id)
        for message in sentences(catalog)
        if not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def compile_catalogues() -> None:
    """Write what gettext reads beside each catalogue."""
    for locale in LOCALES:
        with path_of(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(locale))


def main() -> None:
    """Bring both catalogues up to date and compile them."""
    for locale in LOCALES:
        path = path_of(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = update(locale, collect())
        with path.open("wb") as file:
            write_po(
                file, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False
            )
        missing = len(untranslated(catalog))
        print(f"{locale}: {len(catalog)} sentences, {missing} without a translation")  # noqa: T201
    compile_catalogues()


if __name__ == "__main__":
    main()
