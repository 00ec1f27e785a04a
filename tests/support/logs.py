"""What the product would write to its log, as the lines of a file."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from typing import Any

from gifting.platform import logs, settings


class Written:
    """The lines so far, in production's form."""

    def __init__(self) -> None:
        self.stream = StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def named(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["message"] == message]


@contextmanager
def written_log() -> Iterator[Written]:
    """Write down everything any logger says, down to the last detail, as production formats it."""
    written = Written()
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(logs.formatter(replace(settings.current(), log_format="json")))
    root = logging.getLogger()
    noisy = {name: logging.getLogger(name) for name in ("", "gifting", "sqlalchemy", "celery")}
    levels = {name: logger.level for name, logger in noisy.items()}
    root.addHandler(handler)
    for logger in noisy.values():
        logger.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        for name, logger in noisy.items():
            logger.setLevel(levels[name])
