"""PDFs in a warm worker, against bare WeasyPrint on the finished HTML with the same typefaces."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from unittest import mock

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.house import House
from benchmarks.table import Budget, Row
from gifting.documents.documents import load_sample
from gifting.platform import pdf
from gifting.platform.celery import settle_worker

ROUNDS = 15


def measure(house: House) -> Iterator[Row]:
    """Render the samples of offer and invoice."""
    settle_worker()
    with house.app.app_context():
        for name in ("offer", "invoice"):
            paper = load_sample(name)
            html = _finished(name, paper)
            bare = _bare()
            ours, floor = _both(lambda: pdf.render(name, paper, locale="it"), lambda: bare(html))  # noqa: B023
            yield Row(
                f"{name} as PDF",
                f"{ours * 1000:.0f} ms",
                f"{floor * 1000:.0f} ms bare WeasyPrint",
                ours / floor,
                Budget(most=1.3),
            )


def _finished(name: str, paper: object) -> str:
    """Return the HTML that the product hands to WeasyPrint."""
    seen: list[str] = []
    with mock.patch.object(pdf, "write_pdf", side_effect=lambda html: seen.append(html) or b""):
        pdf.render(name, paper, locale="it")  # type: ignore[arg-type]
    return seen[0]


def _bare() -> Callable[[str], bytes]:
    """Return WeasyPrint as a script would use it: fonts and stylesheet parsed once, no variant."""
    fonts = FontConfiguration()
    text = (pdf.PDF_TEMPLATES / "base/base.css").read_text(encoding="utf-8")
    sheet = CSS(
        string=text, font_config=fonts, url_fetcher=pdf.PackagedOnly(), base_url="packaged:"
    )

    def write(html: str) -> bytes:
        made: bytes = HTML(string=html).write_pdf(stylesheets=[sheet], font_config=fonts)
        return made

    return write


def _both(ours: Callable[[], bytes], floor: Callable[[], bytes]) -> tuple[float, float]:
    _time(ours), _time(floor)  # warm
    rounds = [(_time(ours), _time(floor)) for _ in range(ROUNDS)]
    return median(one for one, _ in rounds), median(other for _, other in rounds)


def _time(call: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
