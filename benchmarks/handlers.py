"""The product's worker with two jobs more: one that does nothing, one that renders an offer."""

from typing import Any

from benchmarks.names import NOTHING, PAPER
from gifting.documents.documents import load_sample
from gifting.platform import pdf
from gifting.platform.outbox import handles
from wsgi import celery_app

__all__ = ["celery_app"]


@handles(NOTHING)
def do_nothing(**_: Any) -> None:
    """Take the time of the machinery alone."""


@handles(PAPER)
def render_paper(**_: Any) -> None:
    """Render the offer of the sample and let go of it."""
    pdf.render("offer", load_sample("offer"), locale="it")
