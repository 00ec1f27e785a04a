"""Write all that a first start would write: typefaces, static files, words.

An image or a package is built with it, so that the product runs where nothing can be written:
`python -m gifting.web.build`.
"""

from gifting.platform.fonts import cache_dir
from gifting.web.assets import Assets, find_sources
from gifting.web.words import compile_catalogues


def main() -> None:
    """Cut, publish and compile; doing it again costs nothing."""
    Assets(find_sources()).publish(cache_dir() / "static")
    compile_catalogues()


if __name__ == "__main__":
    main()
