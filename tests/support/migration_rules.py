"""The rules of docs/migrations.md, read off a migration's source.

A migration runs while the last version serves: it must neither take away what that version uses
nor hold a lock for as long as a table is large. `judge` returns what a file's `upgrade` does
against the rules and does not waive in a comment: `# waives drop_column: nobody reads it since 7`.
"""

import ast
import re
from dataclasses import dataclass, field

BIG_TABLES = frozenset(
    {
        "acceptance",
        "event_log",
        "hamper",
        "invoice",
        "invoice_line",
        "mail_log",
        "order",
        "outbox_message",
        "quote",
        "quote_component",
        "quote_hamper",
        "quote_revision",
        "reservation",
        "stored_document",
        "user_session",
    }
)
"""Those that grow with the seasons: an index or a check on them reads for more than a moment."""

CONSTRAINTS = {"create_check_constraint", "create_foreign_key", "create_unique_constraint"}
RAW = {
    "drop_column": re.compile(r"\bDROP\s+COLUMN\b", re.IGNORECASE),
    "drop_table": re.compile(r"\bDROP\s+TABLE\b", re.IGNORECASE),
    "rename": re.compile(r"\bRENAME\b", re.IGNORECASE),
    "alter_type": re.compile(r"\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b", re.IGNORECASE),
    "set_not_null": re.compile(r"\bSET\s+NOT\s+NULL\b", re.IGNORECASE),
    "lock_table": re.compile(r"\bLOCK\s+TABLE\b", re.IGNORECASE),
    "truncate": re.compile(r"^\s*TRUNCATE\b", re.IGNORECASE),
    "rewrite_rows": re.compile(
        rf"^\s*(UPDATE|DELETE\s+FROM)\s+\"?({'|'.join(sorted(BIG_TABLES))})\b", re.IGNORECASE
    ),
    "plain_index": re.compile(
        rf"CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]*\bON\s+\"?"
        rf"({'|'.join(sorted(BIG_TABLES))})\b",
        re.IGNORECASE,
    ),
    "checked_constraint": re.compile(
        r"\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)", re.IGNORECASE | re.DOTALL
    ),
}
WAIVER = re.compile(r"^\s*#\s*waives (\w+): (\S.*)$", re.MULTILINE)


@dataclass
class Reading:
    """What was found in one `upgrade`."""

    constants: dict[str, str]
    made_here: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)


def judge(source: str) -> set[str]:
    """Return the rules that the file's `upgrade` breaks and does not waive."""
    tree = ast.parse(source)
    body = [n for n in tree.body if not _is_downgrade(n)]
    reading = Reading(_constants(tree))
    for node in sorted(_calls(body), key=lambda call: (call.lineno, call.col_offset)):
        _read(node, reading)
    return reading.found - set(waivers(source))


def waivers(source: str) -> dict[str, str]:
    """Return rule → reason of a file's waivers."""
    return dict(WAIVER.findall(source))


def _is_downgrade(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "downgrade"


def _calls(body: list[ast.stmt]) -> list[ast.Call]:
    """Return every call of a method: `op.…`, `batch.…`."""
    return [
        node
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def _read(call: ast.Call, reading: Reading) -> None:
    name = call.func.attr
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    words = {arg.value for arg in call.args if isinstance(arg, ast.Constant)}
    big = words & BIG_TABLES - reading.made_here
    match name:
        case "create_table":
            reading.made_here |= words
        case "drop_column" | "drop_table":
            reading.found.add(name)
        case "rename_table":
            reading.found.add("rename")
        case "alter_column":
            reading.found |= _alterations(options)
        case "add_column" if not words & reading.made_here and _is_demanding(call):
            reading.found.add("not_null_without_default")
        case "create_index" if big and "postgresql_concurrently" not in options:
            reading.found.add("plain_index")
        case _ if name in CONSTRAINTS and big and "postgresql_not_valid" not in options:
            reading.found.add("checked_constraint")
        case "execute" | "text":
            texts = _texts(call, reading.constants)
            reading.found |= {rule for rule in RAW if any(map(RAW[rule].search, texts))}


def _alterations(options: dict[str | None, ast.expr]) -> set[str]:
    found = set()
    if "new_column_name" in options:
        found.add("rename")
    if "type_" in options:
        found.add("alter_type")
    nullable = options.get("nullable")
    if isinstance(nullable, ast.Constant) and nullable.value is False:
        found.add("set_not_null")
    return found


def _is_demanding(call: ast.Call) -> bool:
    """Whether a new column refuses the rows that the last version writes without it."""
    column = next(arg for arg in call.args if isinstance(arg, ast.Call))
    options = {keyword.arg: keyword.value for keyword in column.keywords}
    nullable = options.get("nullable")
    is_strict = isinstance(nullable, ast.Constant) and nullable.value is False
    return is_strict and "server_default" not in options


def _texts(call: ast.Call, constants: dict[str, str]) -> list[str]:
    """Return the SQL of a call, written in it or in a constant of the module."""
    nodes = list(ast.walk(call))
    written = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    named = [constants[n.id] for n in nodes if isinstance(n, ast.Name) and n.id in constants]
    return written + named


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: "".join(n.value for n in ast.walk(node.value) if _is_text(n))
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
