from gifting.core.invoice_lifecycle import INVOICE_LIFECYCLE
from gifting.core.order_lifecycle import ORDER_LIFECYCLE
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE
from gifting.web import access_table, lifecycles
from gifting.web.registry import ROUTES, VERB_TABLES


class TestLifecycles:
    def test_the_page_is_what_the_tables_say(self):
        assert lifecycles.PAGE.read_text(encoding="utf-8") == lifecycles.draw(), "run make docs"

    def test_the_page_has_every_row_of_every_table(self):
        rows = [line for line in lifecycles.draw().splitlines() if line.startswith("| ")]

        moves = [QUOTE_LIFECYCLE.edges, ORDER_LIFECYCLE.edges, INVOICE_LIFECYCLE.edges]
        assert len(rows) == sum(map(len, moves)) + 3 * 2  # each with its head and the line under it


class TestAccess:
    def test_the_page_is_what_the_tables_say(self):
        assert access_table.PAGE.read_text(encoding="utf-8") == access_table.draw(), "run make docs"

    def test_the_page_has_every_route_and_every_verb(self):
        page = access_table.draw()

        verbs = [verb.endpoint for table in VERB_TABLES for verb in table.verbs]
        assert [name for name in (*ROUTES, *verbs) if f"`{name}`" not in page] == []
