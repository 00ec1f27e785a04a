"""The intent documents beside the repository: catalogue and worked examples the tests hold to."""

import csv
import json
from pathlib import Path
from typing import Any

SHARED = Path(__file__).parents[3] / "shared"


def read_rows(path: str) -> list[dict[str, str]]:
    with (SHARED / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(path: str) -> Any:
    return json.loads((SHARED / path).read_text(encoding="utf-8"))
