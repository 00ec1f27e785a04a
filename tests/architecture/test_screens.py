"""Every page has its photograph."""

from collections.abc import Iterator

from flask import Flask

from screens.story import Story
from screens.table import SCREENS

NOT_PHOTOGRAPHED = {
    "accounts.confirm_email": "its link is in a letter",
    "accounts.enrol": "only while the office asks for a second step",
    "accounts.recovery_code": "only on the way in with a second step",
    "accounts.second_step": "only on the way in with a second step",
    "accounts.set_up_factor": "it shows a secret that is new each time",
    "accounts.change_role": "reached from the table of people",
    "accounts.remove_person": "reached from the table of people",
    "accounts.set_language": "leads elsewhere",
    "backoffice.confirm_archive_job": "needs a job that failed",
    "backoffice.mail": "a letter is looked at by itself",
    "hampers.confirm_delete": "a question with two buttons",
    "orders.accept_on_behalf": "the same form as the buyer's, under the quote",
    "quotes.pack": "reached from the queue",
    "quotes.pack_file": "a file",
    "quotes.queue_news": "a line of the queue",
    "quotes.received": "only once, after a request",
}
"""Pages that are not in the table, each with the reason."""
NO_PAGES = ("documents.", "probes.", "static")


def pages(app: Flask) -> Iterator[str]:
    """Every address that answers GET with a page."""
    for rule in app.url_map.iter_rules():
        is_file = "export" in rule.endpoint or rule.endpoint.endswith(("_html", ".logo"))
        if "GET" in (rule.methods or ()) and not is_file:
            yield rule.endpoint


def photographed(app: Flask) -> set[str]:
    adapter = app.url_map.bind("localhost")
    story = Story(**dict.fromkeys(Story.__slots__, "X-1"))
    found = set()
    for screen in SCREENS:
        path = story.address(screen.path).partition("?")[0]
        if adapter.test(path, "GET"):
            found.add(adapter.match(path, "GET")[0])
    return found


def test_every_page_is_photographed_or_says_why_not(app: Flask) -> None:
    wanted = {endpoint for endpoint in pages(app) if not endpoint.startswith(NO_PAGES)}
    assert wanted - photographed(app) - NOT_PHOTOGRAPHED.keys() == set()


def test_what_is_left_out_exists_and_is_not_photographed(app: Flask) -> None:
    assert NOT_PHOTOGRAPHED.keys() <= set(pages(app))
    assert NOT_PHOTOGRAPHED.keys() & photographed(app) == set()
