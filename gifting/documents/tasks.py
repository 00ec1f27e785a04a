"""Jobs of the documents slice. Run through the outbox, never called directly."""

from datetime import datetime, timedelta

from gifting.platform import outbox, storage

DRAFT_KEPT = timedelta(days=1)
"""A draft that old has no writer any more."""


@outbox.every(timedelta(hours=6), "documents.sweep_drafts")
def sweep_drafts(*, now: datetime) -> None:
    """Remove what writers that died left unfinished."""
    storage.sweep_drafts(before=now - DRAFT_KEPT)
