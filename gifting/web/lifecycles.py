"""docs/lifecycles.md, drawn from the tables that also draw the buttons and the tests."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import config
from gifting.core.invoice_lifecycle import INVOICE_LIFECYCLE
from gifting.core.lifecycle import Lifecycle, lifecycle_table, to_mermaid
from gifting.core.order_lifecycle import ORDER_LIFECYCLE
from gifting.core.quote_lifecycle import QUOTE_LIFECYCLE

PAGE: Path = config.ROOT / "docs/lifecycles.md"
LIFECYCLES: tuple[Lifecycle[Any, Any], ...] = (QUOTE_LIFECYCLE, ORDER_LIFECYCLE, INVOICE_LIFECYCLE)
HEADS = ("from", "action", "by", "to", "guard", "jobs owed")
OPENING = """# Lifecycles

Drawn from the tables in `gifting/core/*_lifecycle.py` by `make docs`; a test fails while this page
says something else. The payment of an invoice is not among its states: it follows from the money
received (`payment_status` in `gifting/core/invoice_lifecycle.py`).
"""


def draw() -> str:
    """Return the whole page."""
    return OPENING + "".join(map(_section, LIFECYCLES))


def _section(lifecycle: Lifecycle[StrEnum, StrEnum]) -> str:
    rows = [HEADS, ("---",) * len(HEADS), *lifecycle_table(lifecycle)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    diagram = to_mermaid(lifecycle)
    return f"\n## {lifecycle.name.capitalize()}\n\n```mermaid\n{diagram}```\n\n{table}\n"


if __name__ == "__main__":
    PAGE.write_text(draw(), encoding="utf-8")
