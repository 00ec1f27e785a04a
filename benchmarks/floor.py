"""The floor of a page: a bare Flask application that renders the same template, ready-made context.

`BENCHMARK_PAGES` (JSON: path → Cookie header) says which pages. Each is asked once of the product
inside this process, and what it gave its template is kept; the bare application has routes,
templates and words of the product, and nothing else: no hooks, no database, no session to load.
"""

import json
import os
from typing import Any

from flask import Flask, g, render_template, request, template_rendered
from flask_login import current_user

from benchmarks.clients import AGENT
from gifting.web.app import create_app
from gifting.web.navigation import nav_items

_OWN = ("g", "request", "session")
"""What Flask itself puts into every context."""


def _capture(product: Flask, path: str, cookie: str) -> tuple[str, dict[str, Any], Any]:
    """Return template, context and person of one answer of the product."""
    seen: list[tuple[str, dict[str, Any], Any]] = []

    def note(_sender: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        kept = {name: value for name, value in context.items() if name not in _OWN}
        items = nav_items()
        kept["nav_items"] = lambda: items  # it counts what waits
        seen.append((template.name, kept, current_user._get_current_object()))

    headers = {"Cookie": cookie, "User-Agent": AGENT, "Host": "127.0.0.1"}
    with template_rendered.connected_to(note, product):
        response = product.test_client(use_cookies=False).get(path, headers=headers)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return seen[-1]


def bare(product: Flask, pages: dict[str, str]) -> Flask:
    """Return a Flask application that only renders."""
    ready = {path: _capture(product, path, cookie) for path, cookie in pages.items()}
    floor = Flask("floor", static_folder=None)
    floor.config.update(product.config)
    floor.extensions.update(product.extensions)
    floor.url_map = product.url_map
    floor.jinja_env = product.jinja_env
    floor.login_manager = product.login_manager  # type: ignore[attr-defined]

    def page(**_values: Any) -> str:
        asked = request.full_path.rstrip("?")
        template, context, person = ready[asked]
        g._login_user = person
        return render_template(template, **context)

    floor.view_functions = dict.fromkeys(product.view_functions, page)
    return floor


if "BENCHMARK_PAGES" in os.environ:
    app = bare(create_app(), json.loads(os.environ["BENCHMARK_PAGES"]))
