"""Log lines as data: JSON in production, readable in development, never anything of a person.

Our own lines say what they name. What a library says is kept without the values it puts in, and
an error is its class, its place in the code and what `failures.describe` finds harmless: messages
of exceptions quote addresses, SQL parameters and links that are keys.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor

from config import Settings
from gifting.platform.failures import conceal, describe, places_of

OURS = "gifting"
SILENT = ("celery.app.trace",)
"""It writes every failed job with its error's words; `outbox.run` writes our line."""
WITHHELD = "…"


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes where standard error leads now, not where it led at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None: ...


def configure(settings: Settings) -> None:
    """Send every log line of this process through one formatter; doing it again changes nothing."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_facts(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
    )
    handler = _Stderr()
    handler.setFormatter(formatter(settings))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Stderr)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(settings.log_level)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def formatter(settings: Settings) -> ProcessorFormatter:
    """Return what turns records into lines, in the form the settings ask for."""
    shape: list[Processor] = [structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)]
    if settings.log_format == "json":
        shape = [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda _value: WITHHELD),
        ]
    return ProcessorFormatter(
        foreign_pre_chain=[_withhold_values, *_facts()],
        use_get_message=False,
        pass_foreign_args=True,
        processors=[ProcessorFormatter.remove_processors_meta, _tell_error, *shape],
    )


def _facts() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def get(name: str) -> BoundLogger:
    """Return a logger whose lines are a few words and named facts."""
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def bind(**facts: Any) -> None:
    """Add facts to every line of the present request or job."""
    structlog.contextvars.bind_contextvars(**facts)


def begin(**facts: Any) -> None:
    """Forget the facts of the request or job before, and start with these."""
    structlog.contextvars.clear_contextvars()
    bind(**facts)


def request_id() -> str | None:
    """Return the id of the request that all this is for, if there is one."""
    found: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return found


def _withhold_values(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Put into a library's words only numbers; into ours what we chose."""
    record: logging.LogRecord = line["_record"]
    values = line.pop("positional_args", ())
    if not record.name.startswith(f"{OURS}."):  # Flask itself writes under the bare name
        values = _numbers_only(values)
    try:
        words = line["event"] % values if values else line["event"]
    except (TypeError, ValueError, KeyError):
        words = line["event"]
    line["event"] = conceal(words)
    return line


def _numbers_only(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _number_or_nothing(value) for name, value in values.items()}
    return tuple(_number_or_nothing(value) for value in values or ())


def _number_or_nothing(value: object) -> object:
    return value if isinstance(value, int | float) else WITHHELD


def _tell_error(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Say of an exception what it is and where it was, not what it says."""
    line.pop("stack_info", None)
    error = _exception(line.pop("exc_info", None))
    if error is not None:
        line["error"] = describe(error)
        line["traceback"] = list(places_of(error))
    return line


def _exception(given: Any) -> BaseException | None:
    """Return the exception of what `exc_info` may be: one, a tuple, or whether there is one."""
    if isinstance(given, BaseException):
        return given
    found: BaseException | None = (given if isinstance(given, tuple) else sys.exc_info())[1]
    return found if given else None
