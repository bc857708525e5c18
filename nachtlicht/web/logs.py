"""Logs that cannot hold a word of a talk: what may be said is listed, all else is dropped."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog

# The only keys that reach a log line. Each holds a closed word, a number, or an id of a talk.
ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "error",
        "place",
        "status",
        "step",
        "release",
        "conversation_id",
        "count",
        "host",
        "port",
        "seconds",
        "problem",
    }
)


def configure_logs(stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logging, for the whole process.

    Our own lines keep the keys in `ALLOWED`. Of other people's code only warnings and worse are
    kept, as name, level, error and place: their sentences may quote what they were given.
    """
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _only_allowed,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [ForeignHandler()]
    root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        foreign = logging.getLogger(name)
        foreign.handlers.clear()
        foreign.propagate = True


class ForeignHandler(logging.Handler):
    """Retells a record of the standard library without its sentence."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log where it comes from, and the kind and place of the error, if there is one."""
        told: dict[str, Any] = {"logger": record.name, "place": f"{record.module}:{record.lineno}"}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            told["error"] = type(error).__name__
            if frames:
                told["place"] = f"{frames[-1].name}:{frames[-1].lineno}"
        structlog.get_logger().log(max(record.levelno, logging.WARNING), "foreign", **told)


def _only_allowed(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in ALLOWED}
