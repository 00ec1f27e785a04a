"""Whoever chose English reads English on every page; whoever chose nothing reads Italian."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gifting.core.roles import COMPANY, Role
from gifting.web import words
from gifting.web.registry import ROUTES
from tests.architecture.test_access import LEADS_ON, World, routes_of, variables_of
from tests.support.accounts import make_user, sign_in

RENDERED_ELSEWHERE = {
    "quotes.queue_news",
    "probes.live",
    "probes.ready",
    "probes.show_metrics",
    "documents.download",
    "backoffice.mail_html",
}
"""Answers that are no pages of the product."""
READERS = (None, Role.BUYER, Role.SALES, Role.ADMINISTRATOR)
"""Together they may open every page."""


def pages_of(app: Flask, world: World, endpoints: set[str]) -> list[str]:
    """List the paths of the pages among these endpoints, as the world fills them."""
    return [
        path
        for endpoint in sorted(endpoints - RENDERED_ELSEWHERE - LEADS_ON)
        if variables_of(app, endpoint) <= {"reference", "sku", "slug", "key", "letter_id"}
        for method, path in routes_of(app, endpoint, world.values(endpoint))
        if method == "GET"
    ]


def open_to(role: Role | None) -> set[str]:
    return {
        endpoint
        for endpoint, roles in ROUTES.items()
        if (roles is None if role is None else roles is not None and role in roles)
    }


@pytest.fixture
def italian() -> list[str]:
    """Sentences of ours that are others in English, long enough to be no accident."""
    return [
        str(message.id)
        for message in words.sentences(words.read("en"))
        if isinstance(message.id, str)
        and message.string
        and message.id != message.string
        and len(message.id) > 14
        and "%(" not in message.id
        and "<" not in message.id
    ]


def left_in_italian(text: str, italian: list[str]) -> list[str]:
    """List the sentences of ours that stand in the page, in text or attributes, untranslated."""
    shown = re.sub(r"\s+", " ", text)
    spoken = {part.strip() for part in re.split(r"[<>\"]", shown)}
    return [sentence for sentence in italian if sentence in spoken]


class TestEnglish:
    @pytest.mark.parametrize("role", READERS, ids=str)
    def test_is_spoken_on_every_page(
        self,
        app: Flask,
        client: FlaskClient,
        italian: list[str],
        role: Role | None,
    ) -> None:
        world = World()
        if role is not None:
            company = {"company_id": world.buyer.company_id} if role in COMPANY else {}
            sign_in(client, make_user(role, locale="en", **company))
        else:
            client.get("/lingua/en")
        world.hamper.is_shared = True
        paths = pages_of(app, world, open_to(role))

        wrong = {}
        for path in (p for p in paths if role is not None or not p.startswith("/cesti/h")):
            answer = client.get(path, follow_redirects=True)
            left = left_in_italian(answer.text, italian)
            if left or '<html lang="en">' not in answer.text:
                wrong[path] = (answer.status_code, left)

        assert wrong == {}
        assert len(paths) > 3


class TestChoice:
    def test_italian_is_spoken_to_whoever_chose_nothing(self, client: FlaskClient) -> None:
        assert '<html lang="it">' in client.get("/").text

    def test_the_browsers_language_is_taken_first(self, client: FlaskClient) -> None:
        page = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9,it;q=0.5"})

        assert '<html lang="en">' in page.text

    def test_an_unknown_language_is_italian(self, client: FlaskClient) -> None:
        assert '<html lang="it">' in client.get("/", headers={"Accept-Language": "fi"}).text

    def test_a_choice_lasts_and_leads_back(self, client: FlaskClient) -> None:
        answer = client.get("/lingua/en?next=/negozio")

        assert answer.location == "/negozio"
        assert '<html lang="en">' in client.get("/negozio").text

    def test_a_third_language_is_not_found(self, client: FlaskClient) -> None:
        assert client.get("/lingua/fr").status_code == 404

    def test_a_signed_in_person_reads_their_own(self, client: FlaskClient) -> None:
        sign_in(client, make_user(locale="en"))

        assert '<html lang="en">' in client.get("/casa").text
