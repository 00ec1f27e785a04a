"""One running product for all journeys, and browsers to walk it with."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from drills.stage import Stage, stage
from gifting.platform.embedded import free_port
from tests.support.running import Product, running
from tests.support.walking import Person

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The product with its parts in processes of their own, to be broken."""
    with stage(tmp_path_factory.mktemp("drills") / "instance", port=free_port()) as scene:
        yield scene


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with its sample data, started once."""
    with running(tmp_path_factory.mktemp("journey") / "instance") as product:
        yield product


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def person(browser: Browser, product: Product) -> Iterator[Callable[..., Person]]:
    """Let people in, and hold their pages to no trouble at the end."""
    people: list[Person] = []

    def enter(**how: Any) -> Person:
        people.append(Person(browser, product, **how))
        return people[-1]

    yield enter
    troubles = [trouble for one in people for trouble in one.troubles]
    for one in people:
        one.close()
    assert troubles == []
