"""From a quote's rows to what pages, papers and calculations see."""

from gifting.quotes.documents.comparison import Change, ChangeKind, compare
from gifting.quotes.documents.content import (
    HamperView,
    LineView,
    cost_of,
    hours_of,
    makers_of,
    margin_of,
    priced_document,
    priced_hamper,
)
from gifting.quotes.documents.office import Editor, EditorHamper, EditorLine, get_editor, get_queue
from gifting.quotes.documents.page import QuotePage, RevisionEntry, get_page
from gifting.quotes.documents.paper import (
    first_drawing,
    offer_filename,
    offer_paper,
    paper_contents,
    party_of,
)

__all__ = [
    "Change",
    "ChangeKind",
    "Editor",
    "EditorHamper",
    "EditorLine",
    "HamperView",
    "LineView",
    "QuotePage",
    "RevisionEntry",
    "compare",
    "cost_of",
    "first_drawing",
    "get_editor",
    "get_page",
    "get_queue",
    "hours_of",
    "makers_of",
    "margin_of",
    "offer_filename",
    "offer_paper",
    "paper_contents",
    "party_of",
    "priced_document",
    "priced_hamper",
]
