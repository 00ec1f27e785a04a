"""docs/access.md, drawn from the tables that the gate, the buttons and the tests are drawn from."""

from pathlib import Path
from typing import Any

from flask import Flask

import config
from gifting.backoffice import policy as backoffice
from gifting.core.roles import COSTS, Role, Roles
from gifting.core.verbs import BY_ITSELF, VerbTable
from gifting.documents import policy as documents
from gifting.web import registry

PAGE: Path = config.ROOT / "docs/access.md"
OPENING = """# Access

Drawn by `make docs` from every slice's `policy.py`; a test fails while this page says something
else. A route in no row is refused; a record of another company is not found (404), the wrong role
is refused (403), a move that the state does not have is refused too (409), each with a page that
says so, or with a problem in JSON (RFC 9457) for whoever asks for `application/json`.
`tests/architecture/test_matrix.py` asks every verb and page of quotes, orders and invoices, in
every state, in every role, of one's own company and of another.
"""


NEED = """## Need to know

Who is shown what, among those who may open a page. Letters of accounts carry links that open an
account: that they left is all that is shown of them.
"""


def bare_app() -> Flask:
    """Return an application with the routes and nothing else: no database, no settings."""
    app = Flask("bare", static_folder=None)
    registry.register(app)
    return app


def draw() -> str:
    """Return the whole page."""
    verbs = "".join(map(_verbs, registry.VERB_TABLES))
    return f"{OPENING}\n## Routes\n\n{_routes()}\n{NEED}\n{_needs()}\n## Verbs\n{verbs}"


def _routes() -> str:
    heads = ["route", "address", "anyone", *(role.replace("_", " ") for role in Role), "kind"]
    rules = sorted(bare_app().url_map.iter_rules(), key=lambda r: (r.endpoint, r.rule))
    return _table(
        heads,
        [
            [
                f"`{rule.endpoint}`",
                f"{' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} `{rule.rule}`",
                *_ticks(registry.ROUTES[rule.endpoint]),
                _kind(rule.endpoint),
            ]
            for rule in rules
        ],
    )


def _needs() -> str:
    """Draw who is shown costs, which documents and whose letters."""
    needs = {
        "costs and margins": COSTS,
        **{f"document: {kind}": roles for kind, roles in documents.READERS.items()},
        **{f"letters of {area}": roles for area, roles in backoffice.LETTERS.items()},
    }
    heads = ["what", *(role.replace("_", " ") for role in Role)]
    return _table(heads, [[what, *_ticks(roles)[1:]] for what, roles in needs.items()])


def _ticks(roles: Roles | None) -> list[str]:
    if roles is None:
        return ["●", *("●" for _role in Role)]
    return ["", *("●" if role in roles else "" for role in Role)]


def _kind(endpoint: str) -> str:
    """Say what a route does, and of whom more than the role is asked."""
    moves = [
        f"{table.lifecycle.name}: {verb.action}"
        for table in registry.VERB_TABLES
        for verb in table.verbs
        if endpoint in (verb.endpoint, verb.page)
    ]
    if endpoint in registry.WRITES:
        moves.append("write")
    if endpoint in registry.MANAGERS_ONLY:
        moves.append("who manages the people")
    return ", ".join(moves)


def _verbs(table: VerbTable[Any, Any]) -> str:
    """Draw who makes which move from which states, and where."""
    rows = [
        [
            action,
            ", ".join(edge.source or "–" for edge in edges),
            ", ".join(sorted(sides)),
            ", ".join(f"`{v.endpoint}`" for v in table.verbs if v.action == action)
            or _reason(table, action, sides),
        ]
        for action, edges, sides in _moves(table)
    ]
    heads = ["move", "from", "by", "endpoint, or why there is none"]
    return f"\n### {table.lifecycle.name.capitalize()}\n\n{_table(heads, rows)}"


def _moves(table: VerbTable[Any, Any]) -> list[tuple[Any, list[Any], frozenset[str]]]:
    moves = []
    for action in dict.fromkeys(edge.action for edge in table.lifecycle.edges):
        edges = [edge for edge in table.lifecycle.edges if edge.action == action]
        moves.append((action, edges, frozenset().union(*(edge.by for edge in edges))))
    return moves


def _reason(table: VerbTable[Any, Any], action: Any, sides: frozenset[str]) -> str:
    return "happens by itself" if sides <= BY_ITSELF else f"waits for {table.unreached[action]}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(draw(), encoding="utf-8")
