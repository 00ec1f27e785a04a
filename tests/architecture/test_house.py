"""Rules about the code itself."""

import re
from pathlib import Path

import pytest

from gifting.core.invoice_lifecycle import INVOICE_LIFECYCLE
from gifting.core.order_lifecycle import ORDER_LIFECYCLE
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE, QuoteAction
from gifting.platform.outbox import HANDLERS
from gifting.web.navigation import COMPANY, STAFF, VISITOR
from gifting.web.registry import POLICIES, ROUTES

NEEDS_APPROVAL_RULES = {
    QuoteAction.SUBMIT_FOR_REVIEW,
    QuoteAction.RETURN_FOR_CHANGES,
    QuoteAction.APPROVE,
    QuoteAction.REQUEST_APPROVAL,
}
"""Rows of the quote's table that no service takes yet: there are no approval rules to hit."""
ROOT = Path(__file__).parents[2]
PYTHON = sorted((ROOT / "gifting").rglob("*.py"))
LETTERS = (
    ROOT / "templates/mail",
    ROOT / "templates/layouts/mail.html",
    ROOT / "templates/components/mail.html",
)
"""Letters carry their styles inline, because mail readers drop style sheets."""
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if not any(path.is_relative_to(letter) for letter in LETTERS)
)


class TestRoutes:
    def test_every_route_is_in_a_row_of_the_policy(self, app):
        routes = {rule.endpoint for rule in app.url_map.iter_rules()}

        assert routes - set(ROUTES) == set(), "add them to their slice's policy.ROUTES"

    def test_every_row_of_the_policy_is_a_route(self, app):
        routes = {rule.endpoint for rule in app.url_map.iter_rules()}

        assert set(ROUTES) - routes == set()

    def test_no_route_is_in_two_rows(self):
        endpoints = [endpoint for policy in POLICIES for endpoint in policy.ROUTES]

        assert len(endpoints) == len(set(endpoints))

    def test_the_navigation_leads_somewhere(self):
        entries = {entry.endpoint for entry in (*VISITOR, *COMPANY, *STAFF)}

        assert entries - set(ROUTES) == set()

    def test_changes_are_never_made_by_get(self, app):
        """A verb in a path answers POST, unless its page only asks for confirmation."""
        verbs = re.compile(r"/(esci|elimina|accetta|rifiuto|annulla|riprova|ritira|prendi)(/|$)")
        methods = {}
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.partition(".")[2].startswith("confirm_"):
                methods.setdefault(rule.rule, set()).update(rule.methods)

        paths = [path for path in methods if verbs.search(path)]
        assert [path for path in paths if "POST" not in methods[path]] == []


class TestJobs:
    @pytest.mark.parametrize(
        "lifecycle", [QUOTE_LIFECYCLE, ORDER_LIFECYCLE, INVOICE_LIFECYCLE], ids=lambda x: x.name
    )
    def test_every_job_a_lifecycle_owes_has_a_handler(self, app, lifecycle):
        owed = {
            job
            for edge in lifecycle.edges
            for job in edge.emits
            if edge.action not in NEEDS_APPROVAL_RULES
        }

        assert owed - set(HANDLERS) == set()


class TestCode:
    def test_only_transitions_sets_a_state(self):
        assignment = re.compile(r"(?<!self)\.state = ")
        setters = {
            path.relative_to(ROOT).as_posix()
            for path in PYTHON
            if assignment.search(path.read_text())
        }

        assert setters == {"gifting/platform/transitions.py"}

    def test_only_the_clock_reads_the_clock(self):
        reading = re.compile(r"datetime\.now\(|date\.today\(|\.utcnow\(|time\.time\(")
        readers = {
            path.relative_to(ROOT).as_posix() for path in PYTHON if reading.search(path.read_text())
        }

        assert readers == {"gifting/platform/clock.py"}

    def test_services_never_commit(self):
        committing = re.compile(r"session\.(commit|rollback)\(")
        committers = {
            path.relative_to(ROOT).as_posix()
            for path in PYTHON
            if committing.search(path.read_text())
        }

        assert committers <= {"gifting/platform/uow.py", "gifting/web/errors.py"}

    def test_only_the_settings_read_the_environment(self):
        readers = {
            path.relative_to(ROOT).as_posix()
            for path in PYTHON
            if re.search(r"os\.environ|os\.getenv", path.read_text())
        }

        assert readers <= {"gifting/web/run.py", "gifting/platform/fonts.py"}


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
    def test_has_nothing_that_the_content_policy_forbids(self, path):
        text = path.read_text()

        assert not re.search(r"\sstyle=\"|<style|\son[a-z]+=\"|<script(?![^>]*src=)", text)
        assert not re.search(r"(src|href)=\"https?://", text)
