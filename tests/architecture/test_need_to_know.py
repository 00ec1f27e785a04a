"""What things cost us is shown to sales alone, and to no buyer; letters to whom they concern.

Every cost in the database is made the same unmistakable figure; then every page that each role
may open is read, and neither the figure nor what follows from it may be there.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from gifting.backoffice.policy import LETTERS
from gifting.core import papers
from gifting.core.roles import COMPANY, COSTS, STAFF, Role
from gifting.platform.db import Base
from gifting.web.registry import ROUTES
from tests.architecture.test_access import World, routes_of
from tests.support.accounts import make_user, sign_in
from tests.support.backoffice import make_letter

ROOT = Path(__file__).parents[2]
COST = "13.37"
MARGIN = re.compile(r"33[.,]7\d?\s*%")
"""Of a product that is sold at 10.00."""
SENTINELS = re.compile(rf"13[.,]37|133[.,]70|{MARGIN.pattern}")
COST_COLUMNS = [
    (table, column)
    for table in Base.metadata.tables.values()
    for column in table.columns
    if "cost" in column.name or "margin" in column.name
]
OUTSIDE = [role for role in sorted(STAFF | COMPANY) if role not in COSTS]


@pytest.fixture
def world(client: FlaskClient, owner_engine: sa.Engine) -> World:
    """One of everything, in which everything costs the same."""
    world = World()
    with owner_engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table, column in COST_COLUMNS:
            connection.execute(table.update().values({column: COST}))
    return world


def pages_of(app: Flask, world: World, role: Role) -> Iterator[str]:
    """Name every address that this role may open."""
    for endpoint, roles in ROUTES.items():
        if roles is None or role in roles:
            routes = routes_of(app, endpoint, world.values(endpoint))
            yield from (path for method, path in routes if method == "GET")


def read(app: Flask, client: FlaskClient, world: World, role: Role) -> dict[str, str]:
    """Open every page of this role, as somebody of the world's company if it is one's."""
    company = {"company_id": world.buyer.company_id} if role in COMPANY else {}
    sign_in(client, make_user(role, **company))
    return {
        path: client.get(path).data.decode(errors="replace").replace("\u00a0", " ")
        for path in pages_of(app, world, role)
    }


class TestCosts:
    def test_every_table_with_a_cost_is_known(self) -> None:
        known = {table.name for table, _column in COST_COLUMNS}

        assert known >= {"product_price", "quote_component", "box", "extra"}

    @pytest.mark.parametrize("role", OUTSIDE, ids=str)
    def test_are_on_no_page_of_whoever_does_not_sell(
        self, app: Flask, client: FlaskClient, world: World, role: Role
    ) -> None:
        shown = read(app, client, world, role)

        assert len(shown) > 20
        assert [path for path, text in shown.items() if SENTINELS.search(text)] == []

    @pytest.mark.parametrize("role", sorted(COSTS), ids=str)
    def test_are_where_sales_work_with_them(
        self, app: Flask, client: FlaskClient, world: World, role: Role
    ) -> None:
        shown = read(app, client, world, role)

        places = {path for path, text in shown.items() if SENTINELS.search(text)}
        editor = f"/ufficio/preventivi/{world.quote_reference}"
        assert editor in places
        assert any(path.startswith("/ufficio/prodotti/") for path in places)
        assert MARGIN.search(shown[editor])

    def test_are_on_no_page_of_a_visitor(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        paths = [
            path
            for endpoint, roles in ROUTES.items()
            if roles is None
            for method, path in routes_of(app, endpoint, world.values(endpoint))
            if method == "GET"
        ]

        assert [
            path
            for path in paths
            if SENTINELS.search(client.get(path).data.decode(errors="replace"))
        ] == []

    def test_are_in_no_paper(self) -> None:
        kinds = [kind for kind in vars(papers).values() if dataclasses.is_dataclass(kind)]
        names = {field.name for kind in kinds for field in dataclasses.fields(kind)}

        assert len(kinds) > 5
        assert [name for name in names if re.search("cost|margin", name)] == []

    @pytest.mark.parametrize("folder", ["templates/mail", "pdf_templates"])
    def test_are_read_by_no_template_that_leaves_the_house(self, folder: str) -> None:
        reading = re.compile(r"\bcost_net\b|\.cost\b|margin_percent")
        files = [path for path in (ROOT / folder).rglob("*") if path.suffix in (".html", ".txt")]

        assert files
        assert [path.name for path in files if reading.search(path.read_text())] == []


class TestLetters:
    def test_every_slice_that_writes_letters_says_who_reads_them(self) -> None:
        writing = {path.name.partition("_")[0] for path in (ROOT / "templates/mail").glob("[a-z]*")}

        assert writing - set(LETTERS) == set(), "add it to backoffice.policy.LETTERS"

    @pytest.mark.parametrize("role", sorted(STAFF), ids=str)
    def test_are_listed_and_read_by_whom_they_concern(
        self, client: FlaskClient, role: Role
    ) -> None:
        letters = {area: make_letter(area=area, subject=f"Da {area}.") for area in LETTERS}
        theirs = {area for area, roles in LETTERS.items() if role in roles}
        sign_in(client, make_user(role))

        listed = client.get("/ufficio/posta").text
        answers = {area: client.get(f"/ufficio/posta/{i}") for area, i in letters.items()}
        parts = [client.get(f"/ufficio/posta/{letters[a]}/html") for a in set(LETTERS) - theirs]

        assert {area for area in letters if f"Da {area}." in listed} == theirs
        assert {area for area in letters if answers[area].status_code == 200} == theirs
        assert {part.status_code for part in parts} <= {404}

    def test_with_a_link_that_opens_an_account_are_closed_to_all_staff(
        self, client: FlaskClient
    ) -> None:
        letter_id = make_letter(area="accounts")
        sign_in(client, make_user(Role.ADMINISTRATOR))

        page = client.get(f"/ufficio/posta/{letter_id}").text

        assert "Il testo è solo per chi l’ha ricevuta." in page
        assert "Ciao" not in page
        assert "Offerta.pdf" not in page
        assert client.get(f"/ufficio/posta/{letter_id}/html").status_code == 404
