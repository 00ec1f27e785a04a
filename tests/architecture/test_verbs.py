"""Every move of a lifecycle is somebody's, and every POST is a move or says that it is none."""

from typing import Any

import pytest

from gifting.core.verbs import BY_ITSELF, VerbTable
from gifting.web.access_table import bare_app
from gifting.web.lifecycles import LIFECYCLES
from gifting.web.registry import ROUTES, VERB_TABLES, WRITES

RULES = list(bare_app().url_map.iter_rules())
POSTS = {rule.endpoint for rule in RULES if "POST" in rule.methods}
EVERY_TABLE = pytest.mark.parametrize("table", VERB_TABLES, ids=lambda t: t.lifecycle.name)


class TestLifecycles:
    def test_each_has_a_table_of_verbs(self):
        assert {table.lifecycle.name for table in VERB_TABLES} == {one.name for one in LIFECYCLES}

    @EVERY_TABLE
    def test_each_move_has_an_endpoint_or_a_reason_for_having_none(
        self, table: VerbTable[Any, Any]
    ):
        offered = {(verb.action, verb.side) for verb in table.verbs}
        asked = {(edge.action, side) for edge in table.lifecycle.edges for side in edge.by}
        forgotten = {
            (action, side)
            for action, side in asked - offered
            if side not in BY_ITSELF and action not in table.unreached
        }

        assert forgotten == set(), "add a Verb to the slice's policy.VERBS, or a reason"

    @EVERY_TABLE
    def test_no_verb_is_of_a_side_that_the_lifecycle_does_not_know(
        self, table: VerbTable[Any, Any]
    ):
        asked = {(edge.action, side) for edge in table.lifecycle.edges for side in edge.by}

        assert {(verb.action, verb.side) for verb in table.verbs} - asked == set()

    @EVERY_TABLE
    def test_no_reason_outlives_its_page(self, table: VerbTable[Any, Any]):
        assert {verb.action for verb in table.verbs} & set(table.unreached) == set()


class TestRoutes:
    @EVERY_TABLE
    def test_a_verb_has_the_roles_of_its_route(self, table: VerbTable[Any, Any]):
        for verb in table.verbs:
            assert ROUTES[verb.endpoint] == verb.roles
            assert ROUTES[verb.page or verb.endpoint] == verb.roles
            assert verb.endpoint in POSTS

    def test_each_post_is_a_verb_or_a_plain_write(self):
        verbs = {verb.endpoint for table in VERB_TABLES for verb in table.verbs}

        assert POSTS - verbs - WRITES == set(), "add them to their slice's policy.WRITES"
        assert WRITES & verbs == set()
        assert set() == WRITES - POSTS
